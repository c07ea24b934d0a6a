"""Reading an exported archive."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from stint.accounts.queries import Caller
from stint.transfer.exporting import export_account


def archive(caller: Caller) -> bytes:
    return b"".join(export_account(caller))


def opened(content: bytes) -> dict[str, str]:
    """Return the text of every file in a zip that is whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        return {name: found.read(name).decode() for name in found.namelist()}


def records(files: dict[str, str], kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"{kind}.jsonl"].split("\n")[:-1]]
