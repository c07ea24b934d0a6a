"""Folders of processes that were killed go with the next one; those in use stay."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from stint.server.scratch import YOUNG_SECONDS, scratch_folder


def aged(folder: Path) -> Path:
    (folder / "part").write_text("half")
    past = time.time() - 2 * YOUNG_SECONDS
    os.utime(folder, (past, past))
    return folder


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    left, young, other = (tmp_path / name for name in ("stint-x-left", "stint-x-young", "else"))
    for folder in (left, young, other):
        folder.mkdir()
    aged(left), aged(other)

    with scratch_folder("stint-x-", tmp_path) as made:
        assert made.is_dir()
        assert not left.exists()
        assert young.exists()
        assert other.exists()
    assert not made.exists()


def test_what_another_process_works_in_stays(tmp_path: Path) -> None:
    with scratch_folder("stint-x-", tmp_path) as first:
        aged(first)
        with scratch_folder("stint-x-", tmp_path):
            assert (first / "part").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"), scratch_folder("stint-x-", tmp_path / "absent"):
        pass
