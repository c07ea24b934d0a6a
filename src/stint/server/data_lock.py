"""One `stint up` for each data folder: two schedulers and two event buses on one SQLite would not agree."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

_held: list[IO[str]] = []


class DataFolderInUse(Exception):
    """Another process works on the data folder; `str()` names both."""


def hold(folder: Path) -> None:
    """Keep the folder for this process until it ends, however it ends.

    Raises:
        DataFolderInUse: another process has it.

    """
    file = (folder / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        process = file.read(20).strip()
        file.close()
        named = f" (process {process})" if process.isdigit() else ""
        raise DataFolderInUse(
            f"another Stint{named} already runs on {folder}; stop it first, or give this one its own STINT_DATA"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    _held.append(file)
