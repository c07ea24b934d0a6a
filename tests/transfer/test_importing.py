"""An exported account read back: whole onto an empty database, or into an account that is there."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from domain import found, hire
from everything import CELL, ENTRY, at
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stint.accounts.models import Account, Invitation, User
from stint.accounts.queries import Caller, caller_of
from stint.entries.models import Entry, EntryChange
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.errors import Conflict
from stint.imports.jobs import ImportRefused, Outcome
from stint.imports.models import Import
from stint.imports.runs import run_import
from stint.imports.services import start_file
from stint.integrations.models import Integration
from stint.reports.models import SavedReport
from stint.tasks import search
from stint.tasks.models import Task
from stint.tasks.services import create_task
from stint.transfer.importing import restore

from .archives import archive, opened, records

pytestmark = pytest.mark.django_db(transaction=True)


def emptied() -> None:
    call_command("flush", verbosity=0, interactive=False)


def brought_back(content: bytes, tmp_path: Path) -> Outcome:
    file = tmp_path / "export.zip"
    file.write_bytes(content)
    return restore(file).outcome


def taken(caller: Caller, content: bytes, *, dry_run: bool = False) -> Import:
    """Import an archive as a worker would."""
    run = start_file(caller, "stint", "export.zip", [content], dry_run=dry_run)
    run_import.call(run.id)
    return Import.objects.get(pk=run.id)


def administrator() -> Caller:
    caller = caller_of(User.objects.order_by("pk")[0].pk)
    assert caller is not None
    return caller


def content_of(files: dict[str, str]) -> dict[str, Any]:
    """Return all that is in an archive but when and by what it was made."""
    read: dict[str, Any] = {
        name: [json.loads(line) for line in text.split("\n")[:-1]] if name.endswith(".jsonl") else text
        for name, text in files.items()
    }
    manifest = json.loads(read.pop("manifest.json"))
    read["manifest"] = {name: manifest[name] for name in ("format", "version", "account", "counts")}
    return read


def test_what_comes_back_on_an_empty_database_is_what_was_exported(rich: Caller, tmp_path: Path) -> None:
    before = archive(rich)
    emptied()
    outcome = brought_back(before, tmp_path)
    assert outcome.problems.kept == []
    assert outcome.counts.skipped == 0
    assert content_of(opened(archive(administrator()))) == content_of(opened(before))


def test_ids_given_after_a_restore_are_new(rich: Caller, tmp_path: Path) -> None:
    content = archive(rich)
    emptied()
    brought_back(content, tmp_path)
    ada = administrator()
    assert create_task(ada, "New") not in [task["id"] for task in records(opened(content), "tasks")]
    assert hire(ada, "Ida").user_id not in [person["id"] for person in records(opened(content), "people")]


def test_restored_tasks_are_found_and_people_have_no_password(rich: Caller, tmp_path: Path) -> None:
    content = archive(rich)
    emptied()
    brought_back(content, tmp_path)
    assert [task.name for task in search.search(administrator(), "entwürfe hyperlink").items] == [CELL, CELL]
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 4
    assert Integration.objects.get().status == "broken"


def test_nothing_is_restored_over_an_account(rich: Caller, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="already"):
        brought_back(archive(rich), tmp_path)


def test_an_archive_is_taken_into_the_account_of_a_bare_machine(rich: Caller) -> None:
    before = archive(rich)
    emptied()
    ada = found("Fresh", "Ada")  # as `stint admin create` leaves it
    create_task(ada, "Of its own")
    run = taken(ada, before)
    assert (run.status, run.error, run.problems) == ("done", "", [])
    old, new = opened(before), opened(archive(ada))
    assert run.counts["unchanged"] == 1  # Ada herself
    assert by_name(new) == {**by_name(old), ("Of its own",): []}
    assert [time(entry) for entry in records(new, "entries")] == [
        time(entry) for entry in records(old, "entries")
    ]
    assert [change["action"] for change in records(new, "history")] == ["edit", "edit", "delete"]
    deleted = EntryChange.objects.get(action="delete").before
    assert deleted["user_id"] == User.objects.get(email="mary@example.com").pk
    assert Invitation.objects.get().digest
    # The saved report asks about the same task and person, which have other numbers here.
    design, mary = Task.objects.get(name="Design / Entwürfe"), User.objects.get(email="mary@example.com")
    saved = SavedReport.objects.get(owner__email="grace@example.com")
    assert (saved.name, saved.shared) == ("Ours 🦊", True)
    assert saved.question == f"range=last_month&task_id={design.pk}&user_id={mary.pk}"


def by_name(files: dict[str, str]) -> dict[tuple[str, ...], list[Any]]:
    """Return of each place in the tree what its tasks are, who is assigned and what was tracked."""
    emails = {person["id"]: person["email"] for person in records(files, "people")}
    told: dict[tuple[str, ...], list[Any]] = {}
    for task in records(files, "tasks"):
        own = [
            (emails[row["user_id"]], row["origin"], row["withdrawn"], row["created_at"])
            for row in records(files, "assignments")
            if row["task_id"] == task["id"]
        ]
        entries = [row["id"] for row in records(files, "entries") if row["task_id"] == task["id"]]
        seen = {name: value for name, value in task.items() if name not in ("id", "parent_id", "path")}
        if own or entries or task["source"] or task["archived"]:
            told.setdefault(tuple(task["path"]), []).append([seen, sorted(own), entries])
        else:
            told.setdefault(tuple(task["path"]), [])
    return told


def time(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("user_id", "task_id")}


def test_the_same_archive_twice_adds_nothing(rich: Caller) -> None:
    content = archive(rich)
    run = taken(rich, content)
    counts = json.loads(opened(content)["manifest.json"])["counts"]
    known = counts["people"] + counts["tasks"] + counts["entries"]
    assert run.counts == {"created": 0, "updated": 0, "unchanged": known, "skipped": 0}
    assert content_of(opened(archive(rich))) == content_of(opened(content))


def test_a_dry_run_tells_what_would_come_and_writes_nothing(rich: Caller) -> None:
    content = archive(rich)
    emptied()
    ada = found("Fresh", "Ada")
    empty = content_of(opened(archive(ada)))
    told = taken(ada, content, dry_run=True)
    assert told.counts["created"] > 10
    assert content_of(opened(archive(ada))) == empty
    assert taken(ada, content).counts == told.counts


def test_who_is_of_another_account_here_is_left_out_and_told(rich: Caller, eve: Caller) -> None:
    content = archive(rich)
    run = taken(eve, content)
    assert run.status == "done"
    told = [problem["message"] for problem in run.problems]
    assert any("mary@example.com" in message for message in told)
    assert any("entry of another account" in message for message in told)
    assert not Entry.objects.filter(account_id=eve.account_id, pk=ENTRY).exists()


def test_a_timer_that_runs_here_stays_the_only_one(rich: Caller, mary: Caller) -> None:
    content = archive(rich)
    Entry.objects.filter(end=None).delete()
    start_timer(mary, StartTimer(note="here"), "web")
    run = taken(rich, content)
    assert [problem["message"] for problem in run.problems] == [
        "entries.jsonl: it is running, and so is another timer of this person"
    ]
    assert Entry.objects.get(end=None).note == "here"


def changed(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    change(files)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in files.items():
            zipped.writestr(name, text)
    return packed.getvalue()


ENTRY_LINE = {
    "id": "0198c0de-0000-7000-8000-00000000000a",
    "user_id": 1,
    "task_id": None,
    "note": "",
    "tags": [],
    "billable": False,
    "start": "2026-03-29T09:00:00Z",
    "end": "2026-03-29T10:00:00Z",
    "seconds": 3600,
    "day": "2026-03-29",
    "version": 1,
    "made_by": "web",
    "created_as": "",
}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "truncated"),
        (b"\xff", "invalid character"),
        (json.dumps({**ENTRY_LINE, "note": "a\0b"}).encode(), "NUL"),
        (json.dumps({**ENTRY_LINE, "id": "7"}).encode(), r"\$\.id"),
        (json.dumps({**ENTRY_LINE, "start": "2026-03-29T09:00:00"}).encode(), "timezone"),
        (json.dumps({**ENTRY_LINE, "end": "2026-03-29T08:00:00Z"}).encode(), "before the start"),
        (json.dumps({**ENTRY_LINE, "end": "2027-03-29T08:00:00Z"}).encode(), "999 hours"),
        (json.dumps({**ENTRY_LINE, "start": "0001-01-01T00:00:00+10:00"}).encode(), "cannot|not a time"),
        (json.dumps({**ENTRY_LINE, "user_id": 999_999}).encode(), "person is not in the archive"),
        (json.dumps({**ENTRY_LINE, "made_by": "magic"}).encode(), "made_by"),
        (json.dumps({**ENTRY_LINE, "note": "x" * 3001}).encode(), "3000"),
    ],
)
def test_a_bad_line_is_named_with_its_reason_and_the_good_ones_are_taken(
    ada: Caller, real_database: None, line: bytes, told: str
) -> None:
    def change(files: dict[str, bytes]) -> None:
        good = json.dumps({**ENTRY_LINE, "user_id": ada.user_id, "note": "good"}).encode()
        bad = line.replace(b'"user_id": 1,', f'"user_id": {ada.user_id},'.encode())
        files["entries.jsonl"] = bad + b"\n" + good + b"\n"

    run = taken(ada, changed(archive(ada), change))
    assert run.status == "done"
    assert [problem["line"] for problem in run.problems] == [1]
    assert re.search(told, run.problems[0]["message"], re.IGNORECASE), run.problems
    assert [entry.note for entry in Entry.objects.all()] == ["good"]


@pytest.mark.parametrize("damage", ["cut", "garbage", "newer", "other", "bits", "long", "bomb"])
def test_a_damaged_archive_is_refused_and_nothing_of_it_stays(
    rich: Caller, tmp_path: Path, damage: str
) -> None:
    content = damaged(archive(rich), damage)
    emptied()
    with pytest.raises(ImportRefused):
        brought_back(content, tmp_path)
    assert not Account.objects.exists()
    assert not User.objects.exists()


def damaged(content: bytes, how: str) -> bytes:
    if how == "cut":
        return content[: len(content) * 2 // 3]
    if how == "garbage":
        return b"not a zip" * 99
    if how == "bits":
        place = content.index(b"entries.jsonl") + 40
        return (
            content[:place] + bytes(byte ^ 255 for byte in content[place : place + 9]) + content[place + 9 :]
        )

    def change(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        manifest.update({"newer": {"version": 2}, "other": {"format": "else"}}.get(how, {}))
        files["manifest.json"] = json.dumps(manifest).encode()
        if how == "long":
            files["history.jsonl"] = b" " * 2 * 1024 * 1024
        if how == "bomb":
            files["history.jsonl"] = b"\n" * 30 * 1024 * 1024

    return changed(content, change)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
days = st.integers(0, 5000)


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(words, st.lists(words, max_size=3), days, st.integers(0, 90_000)), max_size=6), words
)
def test_any_time_and_name_comes_back_as_it_was(
    real_database: None,
    tmp_path: Path,
    entries: list[tuple[str, list[str], int, int]],
    name: str,
) -> None:
    emptied()
    ada = found("Engines", "Ada", "America/St_Johns")
    task = create_task(ada, f"x{name}")
    for note, tags, day, seconds in entries:
        start = at(0) + timedelta(seconds=day * 86_399)
        wanted = NewEntry(start=start, end=start + timedelta(seconds=seconds), note=note, tags=tags)
        add_entry(ada, wanted, "api")
    content = archive(ada)
    emptied()
    assert brought_back(content, tmp_path).problems.kept == []
    assert content_of(opened(archive(administrator()))) == content_of(opened(content))
    assert Task.objects.filter(pk=task).exists()
