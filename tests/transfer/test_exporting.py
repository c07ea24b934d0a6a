"""What an exported account holds, and what it must not."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from everything import CELL, DELETED, ENTRY, FORMULA, TOGGL_TOKEN, at

from stint import database
from stint.accounts.models import Account, ApiToken, Invitation, User
from stint.accounts.queries import Caller
from stint.database import Snapshot, snapshot, write
from stint.entries.services import NewEntry, add_entry
from stint.errors import NotAllowed
from stint.integrations.models import Integration
from stint.spreadsheets import original
from stint.transfer import exporting, zips

from .archives import archive, opened, records

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_of_the_account_is_in_it_and_nothing_of_another(rich: Caller) -> None:
    files = opened(archive(rich))
    manifest = json.loads(files["manifest.json"])
    assert (manifest["format"], manifest["version"]) == ("stint-account", 1)
    assert manifest["account"]["name"] == "Analytical Engines"
    assert manifest["counts"] == {kind: len(records(files, kind)) for kind in exporting.READS}
    assert all(manifest["counts"].values())
    assert [person["name"] for person in records(files, "people")] == ["Ada", "Grace", "Mary", "Hedy „Ä“ 🦊"]
    assert [person["active"] for person in records(files, "people")] == [True, True, True, False]
    assert "Elsewhere" not in str(files)
    assert "another account" not in str(files)


def test_tasks_come_after_their_parents_with_path_and_source(rich: Caller) -> None:
    tasks = records(opened(archive(rich)), "tasks")
    seen: set[int | None] = {None}
    for task in tasks:
        assert task["parent_id"] in seen
        seen.add(task["id"])
    by_name = {task["name"]: task for task in tasks}
    assert by_name["Website"]["path"] == ["Toggl", "Studio", "Website"]
    assert by_name["Website"]["source"] == {"integration": "toggl", "kind": "project", "external_id": "11"}
    assert by_name["Website"]["archived"]
    assert by_name[CELL]["path"] == ["Design / Entwürfe", CELL]
    assert by_name[CELL]["source"] is None


def test_time_comes_with_its_history_even_of_what_was_deleted(rich: Caller) -> None:
    files = opened(archive(rich))
    first, running = records(files, "entries")
    assert first["id"] == str(ENTRY)
    assert (first["start"], first["end"], first["seconds"]) == (
        "2026-03-29T00:30:00Z",
        "2026-03-29T03:00:00Z",
        9000,
    )
    assert (first["tags"], first["day"], first["made_by"], first["version"]) == (
        ["ä", "-b"],
        "2026-03-29",
        "mobile",
        3,
    )
    assert (running["end"], running["seconds"]) == (None, 0)
    changes = records(files, "history")
    assert [change["action"] for change in changes] == ["edit", "edit", "delete"]
    assert changes[0]["before"]["note"] == "+1"
    assert changes[2]["entry_id"] == str(DELETED)
    assert changes[2]["before"]["note"] == "gone"
    assert records(files, "tags") == [{"name": "-b", "entries": 1}, {"name": "ä", "entries": 2}]


def test_no_secret_is_in_it(rich: Caller) -> None:
    text = str(opened(archive(rich)))
    stored = [TOGGL_TOKEN, Integration.objects.get().token_encrypted]
    stored += [value for row in ApiToken.objects.values_list("digest", "hint") for value in row]
    stored += [value for row in Invitation.objects.values_list("nonce", "digest") for value in row if value]
    stored += list(User.objects.values_list("password", flat=True))
    assert len(stored) > 8
    assert [secret for secret in stored if secret in text] == []


def test_spreadsheets_get_texts_that_are_no_formulas_and_the_clock_of_the_person(rich: Caller) -> None:
    files = opened(archive(rich))
    first, _running = csv.DictReader(io.StringIO(files["csv/entries.csv"].removeprefix("\ufeff")))
    assert first["note"] == f"'{FORMULA}"
    assert original(first["note"]) == FORMULA
    assert first["task"] == f"Design / Entwürfe / {CELL}"
    assert (first["start"], first["seconds"]) == ("2026-03-29T00:30:00+00:00", "9000")
    tasks = csv.DictReader(io.StringIO(files["csv/tasks.csv"].removeprefix("\ufeff")))
    assert [task["kind"] for task in tasks][:3] == ["root", "workspace", "project"]


def test_only_administrators_may(rich: Caller, grace: Caller, mary: Caller) -> None:
    for person in (grace, mary):
        with pytest.raises(NotAllowed):
            exporting.export_account(person)


def test_it_is_of_one_instant_while_the_thread_that_sends_it_writes_on(
    ada: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "PIECE", 1)
    pieces = exporting.export_account(ada)
    begun = next(pieces)
    with write():
        add_entry(ada, NewEntry(start=at(9), end=at(10), note="meanwhile"), "web")
    files = opened(begun + b"".join(pieces))
    assert files["entries.jsonl"] == ""
    assert len(records(opened(archive(ada)), "entries")) == 1


def test_a_client_that_leaves_closes_the_connection_of_its_export(
    ada: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "PIECE", 1)
    own: list[BaseDatabaseWrapper] = []
    monkeypatch.setattr(database, "Snapshot", lambda wrapper: (own.append(wrapper), Snapshot(wrapper))[1])
    pieces = exporting.export_account(ada)
    next(pieces)
    assert own[0].connection is not None
    pieces.close()  # type: ignore[attr-defined]
    assert own[0].connection is None


def test_a_snapshot_only_reads(ada: Caller) -> None:
    with snapshot() as of, pytest.raises(DatabaseError):
        list(of.rows("INSERT INTO accounts_account (name) SELECT name FROM accounts_account RETURNING id"))
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("account", "name"),
    [
        ("Analytical Engines", "stint-analytical-engines-2026-11-25.zip"),
        ('Ä"\r\n / ..\\', "stint-2026-11-25.zip"),
        ("株式会社 42", "stint-42-2026-11-25.zip"),
    ],
)
def test_its_name_is_plain_whatever_the_account_is_called(account: str, name: str) -> None:
    assert exporting.export_name(account, datetime(2026, 11, 25, tzinfo=UTC).date().isoformat()) == name
