"""A host that vanishes without a word: the database and Stint both notice, and no lock outlives it by much."""

from __future__ import annotations

import pytest
from django.db import connection

from stint.database import PATIENCE_SECONDS, fetch_one, snapshot

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite is on the same machine"),
]


def shown(name: str) -> int:
    found = fetch_one("SELECT setting::int FROM pg_settings WHERE name = %s", [name])
    assert found is not None
    return int(found[0])


def test_the_server_gives_up_a_client_that_vanished() -> None:
    longest = shown("tcp_keepalives_idle") + shown("tcp_keepalives_interval") * shown("tcp_keepalives_count")
    assert 0 < longest <= 2 * PATIENCE_SECONDS
    assert 0 < shown("tcp_user_timeout") <= PATIENCE_SECONDS * 1000


def test_stint_gives_up_a_server_that_vanished() -> None:
    asked = connection.connection.info.get_parameters()
    assert {"connect_timeout", "keepalives_idle", "tcp_user_timeout"} <= asked.keys()


def test_a_process_that_hangs_in_a_transaction_loses_its_locks_but_a_slow_download_goes_on() -> None:
    assert shown("idle_in_transaction_session_timeout") > 0
    with snapshot() as of:
        assert list(of.rows("SELECT current_setting('idle_in_transaction_session_timeout')")) == [("0",)]
