"""Folders for what a process needs while it runs. One that was killed cannot remove its own; the next one does."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

YOUNG_SECONDS = 60  # a folder this new may be one whose maker has not locked it yet


@contextmanager
def scratch_folder(prefix: str, within: Path) -> Iterator[Path]:
    """Yield a new folder `within`, which goes with the block; before, remove those that nobody works in any more.

    Raises:
        OSError: none can be made there.

    """
    for left in within.glob(f"{prefix}*"):
        _remove_unless_used(left)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=within) as name, _locked(Path(name)):
        yield Path(name)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system drops however the process ends.

    Raises:
        BlockingIOError: another process holds it.

    """
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)


def _remove_unless_used(folder: Path) -> None:
    with suppress(OSError), _locked(folder):  # used, somebody else's, or gone by now
        if time.time() - folder.stat().st_mtime > YOUNG_SECONDS:
            shutil.rmtree(folder)
