"""Servers killed at random instants lose nothing: a few of the kills that `make torture` deals by the thousand."""

from __future__ import annotations

import random
from pathlib import Path

from processes import prepared

from torture import kills

KILLS = 4


def test_no_write_is_lost_doubled_or_half_done_when_the_server_is_killed(tmp_path: Path) -> None:
    tally = kills.kill("", KILLS, random.Random(7), prepared(tmp_path / "data"))
    assert tally.faults == []
    assert tally.kills == KILLS
    assert tally.acknowledged > 0
