"""Toggl's detailed report becomes time: on the right tasks, for the right people, once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stint.accounts.models import User
from stint.accounts.queries import Caller
from stint.entries import bulk
from stint.entries.editing import EntryEdit, delete_entry, edit_entry, restore_entry
from stint.entries.models import Entry, EntryChange
from stint.errors import Conflict, Invalid, NotAllowed, NotFound
from stint.imports import runs, services, writing
from stint.imports.models import FilePart, Import
from stint.imports.services import ImportOut, PersonChoice
from stint.tasks.models import Task
from tests.imports.conftest import HEADER, Desk, counts, line, person, report

pytestmark = pytest.mark.django_db


def messages(shown: ImportOut) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in shown.problems]


def test_a_line_becomes_an_entry_of_its_person_on_its_task(desk: Desk, mary: Caller) -> None:
    shown = desk.csv(
        report(line(task="Design", note="Sketch, “first”", billable="Yes", tags="urgent, remote"))
    )
    assert (shown.status, counts(shown), shown.problems, shown.unmatched_people) == (
        "done",
        (1, 0, 0, 0),
        [],
        [],
    )
    (entry,) = desk.entries()
    assert entry.user_id == mary.user_id
    assert entry.task == desk.task("task", 1000)
    assert (entry.start, entry.end, entry.seconds) == (
        datetime(2024, 3, 4, 9, tzinfo=UTC),
        datetime(2024, 3, 4, 10, tzinfo=UTC),
        3600,
    )
    assert (entry.note, entry.tags, entry.billable) == ("Sketch, “first”", ["urgent", "remote"], True)
    assert (entry.made_by, entry.id.version) == ("import", 7)


def test_a_dry_run_writes_nothing_and_can_be_carried_out(desk: Desk) -> None:
    shown = desk.csv(report(line(), line(project="Nowhere")), dry_run=True)
    assert (shown.status, counts(shown), shown.can_apply) == ("done", (2, 0, 0, 0), True)
    assert desk.entries() == []
    done = desk.apply(shown)
    assert (done.status, done.dry_run, counts(done), done.can_apply) == ("done", False, (2, 0, 0, 0), False)
    assert len(desk.entries()) == 2
    assert not FilePart.objects.exists()
    with pytest.raises(Conflict):
        services.apply(desk.caller, shown.id)


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    twin = line(note="Twin")
    content = report(line(), line(note="Other"), twin, twin)
    assert counts(desk.csv(content)) == (4, 0, 0, 0)
    before = list(Entry.objects.order_by("pk").values())
    assert counts(desk.csv(content)) == (0, 0, 4, 0)
    assert list(Entry.objects.order_by("pk").values()) == before


def test_overlapping_files_add_only_what_is_new(desk: Desk) -> None:
    desk.csv(
        report(
            line(note="Monday"), line(note="Tuesday", start="2024-03-05,09:00:00", end="2024-03-05,10:00:00")
        )
    )
    shown = desk.csv(
        report(
            line(note="Tuesday", start="2024-03-05,09:00:00", end="2024-03-05,10:00:00"),
            line(note="Wednesday", start="2024-03-06,09:00:00", end="2024-03-06,10:00:00"),
        )
    )
    assert counts(shown) == (1, 0, 1, 0)


def test_what_changed_in_toggl_is_updated_and_the_edit_is_kept_in_the_history(desk: Desk) -> None:
    desk.csv(report(line(tags="a")))
    shown = desk.csv(report(line(tags="b", task="Design")))
    assert counts(shown) == (0, 1, 0, 0)
    (entry,) = desk.entries()
    assert (entry.tags, entry.task, entry.version) == (["b"], desk.task("task", 1000), 2)
    change = EntryChange.objects.get(entry_id=entry.pk)
    assert (change.before["tags"], change.after["tags"]) == (["a"], ["b"])


def test_what_was_edited_here_stays_and_what_was_deleted_here_does_not_come_back(desk: Desk) -> None:
    content = report(line(note="Edited"), line(note="Deleted"))
    desk.csv(content)
    deleted, edited = desk.entries()
    edit_entry(desk.caller, edited.pk, EntryEdit(note="Better words", tags=["mine"]))
    delete_entry(desk.caller, deleted.pk)
    shown = desk.csv(content)
    assert counts(shown) == (0, 0, 1, 1)
    assert any("deleted here" in note for note in shown.notes)
    (kept,) = desk.entries()
    assert (kept.note, kept.tags) == ("Better words", ["mine"])
    both = desk.csv(report(line(note="Edited", task="Design"), line(note="Deleted")))
    assert "changed both here and in Toggl" in messages(both)[0][1]
    restore_entry(desk.caller, deleted.pk)
    assert counts(desk.csv(content)) == (0, 0, 2, 0)


def test_time_that_is_here_already_is_not_doubled(desk: Desk, mary: Caller) -> None:
    from stint.entries.services import NewEntry, add_entry

    start, end = datetime(2024, 3, 4, 9, tzinfo=UTC), datetime(2024, 3, 4, 10, tzinfo=UTC)
    add_entry(mary, NewEntry(start=start, end=end, note="Reading"), "web")
    assert counts(desk.csv(report(line()))) == (0, 0, 1, 0)
    (entry,) = desk.entries()
    assert (entry.made_by, entry.task) == ("web", None)


@pytest.mark.parametrize(
    ("names", "kind", "id_"),
    [
        ({"client": "Acme", "project": "Website"}, "project", 100),
        ({"client": "Globex", "project": "Website"}, "project", 101),
        ({"client": "", "project": "Internal"}, "project", 102),
        ({"client": "ACME ", "project": "website"}, "project", 100),
        ({"client": "Acme", "project": "Old"}, "project", 103),
        ({"client": "Acme", "project": "Website", "task": "Build"}, "task", 1001),
        ({"client": "", "project": ""}, "workspace", 1),
    ],
)
def test_tasks_are_found_by_client_project_and_task(
    desk: Desk, names: dict[str, str], kind: str, id_: int
) -> None:
    assert desk.csv(report(line(**names))).problems == []
    assert desk.entries()[0].task == desk.task(kind, id_)


def test_a_task_that_is_not_here_leaves_its_time_on_the_project(desk: Desk) -> None:
    shown = desk.csv(report(line(), line(task="Unheard", note="Other")))
    assert messages(shown) == [(3, "has no task “Unheard” here, so its time goes to the project: 1 entry")]
    assert {entry.task for entry in desk.entries()} == {desk.task("project", 100)}


def test_an_unknown_project_is_named_once_and_gets_no_task_or_is_skipped(desk: Desk) -> None:
    lost = [line(client="Acme", project="Nowhere", note=f"Note {n}") for n in range(3)]
    shown = desk.csv(report(line(), *lost), dry_run=True, unknown_tasks="skip")
    assert messages(shown) == [(3, "“Nowhere” of the client “Acme” is no project here: 3 entries")]
    assert counts(shown) == (1, 0, 0, 3)
    assert counts(desk.csv(report(line(), *lost))) == (4, 0, 0, 0)
    assert [entry.task for entry in desk.entries()][:3] == [None] * 3
    assert not Task.objects.filter(name="Nowhere").exists()


def test_without_a_mirror_the_own_tree_counts(ada: Caller, mary: Caller) -> None:
    from stint.tasks.services import create_task

    project = create_task(ada, "Website", create_task(ada, "Acme"))
    desk = Desk(ada)
    assert desk.csv(report(line(), line(client="", project="", note="None"))).problems == []
    assert [entry.task_id for entry in desk.entries()] == [None, project]


def test_people_who_are_not_here_are_listed_until_they_are_mapped_or_left_out(
    desk: Desk, mary: Caller
) -> None:
    content = report(
        line(),
        line(user="Hedy", email="Hedy@old.example", note="a"),
        line(user="Hedy", email="hedy@old.example", note="b"),
        line(user="Ivan", email="ivan@old.example", note="c"),
    )
    shown = desk.csv(content, dry_run=True)
    assert counts(shown) == (1, 0, 0, 3)
    assert [(each.name, each.email, each.entries) for each in shown.unmatched_people] == [
        ("Hedy", "hedy@old.example", 2),
        ("Ivan", "ivan@old.example", 1),
    ]
    services.map_people(
        desk.caller,
        [
            PersonChoice(email="HEDY@old.example", user_id=mary.user_id),
            PersonChoice(email="ivan@old.example"),
        ],
    )
    again = desk.finish(services.look_again(desk.caller, shown.id))
    assert (counts(again), again.unmatched_people) == ((3, 0, 0, 1), [])
    desk.apply(again)
    assert {entry.user_id for entry in desk.entries()} == {mary.user_id}


def test_time_of_somebody_who_left_is_theirs(desk: Desk, mary: Caller) -> None:
    User.objects.filter(pk=mary.user_id).update(is_active=False)
    assert counts(desk.csv(report(line()))) == (1, 0, 0, 0)
    assert desk.entries()[0].user_id == mary.user_id


def test_times_are_of_the_persons_zone_or_of_the_files(desk: Desk) -> None:
    person(desk, "Nina", "America/New_York")
    content = report(line(email="nina@example.com", start="2024-07-01,23:30:00", end="2024-07-02,00:30:00"))
    desk.csv(content)
    assert desk.entries()[0].start == datetime(2024, 7, 2, 3, 30, tzinfo=UTC)
    assert desk.entries()[0].day.isoformat() == "2024-07-01"
    # The same lines with the right zone move what was imported, instead of doubling it.
    assert counts(desk.csv(content, timezone="Europe/Berlin")) == (0, 1, 0, 0)
    assert desk.entries()[0].start == datetime(2024, 7, 1, 21, 30, tzinfo=UTC)
    assert desk.entries()[0].day.isoformat() == "2024-07-01"


@pytest.mark.parametrize(
    ("start", "end", "duration", "seconds"),
    [
        ("2024-03-31,01:30:00", "2024-03-31,03:30:00", "01:00:00", 3600),  # clocks go forward in between
        ("2024-10-27,01:30:00", "2024-10-27,03:30:00", "03:00:00", 3 * 3600),  # and back
        ("2024-10-27,02:10:00", "2024-10-27,02:20:00", "00:10:00", 600),  # within the hour that comes twice
        ("2024-10-27,02:50:00", "2024-10-27,02:10:00", "00:20:00", 1200),  # from its first to its second time
        ("2024-10-27,02:10:00", "2024-10-27,02:20:00", "01:10:00", 4200),
        ("2024-10-27,02:30:00", "2024-10-27,03:30:00", "01:00:00", 3600),  # from its second time
        ("2024-03-04,22:00:00", "2024-03-05,02:00:00", "04:00:00", 4 * 3600),  # over midnight
        ("2024-03-04,22:00:00", "2024-03-04,22:00:00", "00:00:00", 0),
    ],
)
def test_seconds_are_real_over_midnight_and_changes_of_the_clock(
    desk: Desk, start: str, end: str, duration: str, seconds: int
) -> None:
    shown = desk.csv(report(line(start=start, end=end, duration=duration)), timezone="Europe/Berlin")
    assert (shown.problems, desk.entries()[0].seconds) == ([], seconds)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (line(start="2024-03-31,02:30:00", end="2024-03-31,04:00:00"), "does not exist in Europe/Berlin"),
        (line(start="2024-03-04,10:00:00", end="2024-03-04,09:00:00"), "The end lies before the start"),
        (line(start="2024-03-04,10:00:00", end="2024-09-04,09:00:00"), "more than 999 hours"),
        (line(start="2024-02-30,10:00:00"), "“2024-02-30 10:00:00” is no day and time of a start"),
        (line(start="2024-03-04,25:00:00"), "is no day and time of a start"),
        (line(end="2024-03-04,soon"), "“2024-03-04 soon” is no day and time of an end"),
        (line(duration="-01:00:00"), "“-01:00:00” is no duration"),
        (line(end=",", duration=""), "it may still be running"),
        (line(end=",", duration="9999:00:00"), "more than 999 hours"),
        (line(end=",", duration="99999999:59:59"), "“99999999:59:59” is no duration"),
        (line(end=",", duration="9" * 40), "is no duration"),
        (line(note="x" * 3001), "at most 3000 characters"),
        (line(start="0001-01-01,00:00:00"), "is no day and time of a start"),
        ("Mary,mary@example.com,Acme", "has 3 cells instead of 14"),
        (line() + ",more", "has 15 cells instead of 14"),
        ('Mary,mary@example.com,"Ac"me",', "quotes in the wrong place"),
    ],
)
def test_a_bad_line_is_named_and_the_good_ones_are_taken(desk: Desk, bad: str, why: str) -> None:
    shown = desk.csv(report(line(note="Before"), bad, line(note="After")), timezone="Europe/Berlin")
    assert shown.status == "done"
    assert counts(shown) == (2, 0, 0, 1)
    ((number, message),) = messages(shown)
    assert number == 3
    assert why in message


def test_every_cut_of_a_file_names_its_last_line_or_takes_it_whole(desk: Desk) -> None:
    content = report(line(note="Whole"), line(note="Cut", tags="urgent"))
    first = content.index(b"\r\n", content.index(b"Whole")) + 2
    for length in range(first + 1, len(content) - 2, 7):
        shown = desk.csv(content[:length], dry_run=True)
        assert shown.status == "done"
        assert shown.counts.created + shown.counts.skipped == 2
        assert shown.problems or any("does not end with" in note for note in shown.notes), content[:length]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"PK\x03\x04rest", "a zip or a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "no text in a known encoding"),
        (b"one,two\r\n1,2\r\n", "no column names that Stint knows"),
        (report(header=HEADER.replace("Start date,", "")), "lacks these columns: Start date"),
        (
            report(header="Client,Project,Description,Start date"),
            "lacks these columns: Email, Start time, End date",
        ),
    ],
)
def test_a_file_that_is_no_report_is_refused_with_the_remedy(desk: Desk, content: bytes, why: str) -> None:
    shown = desk.csv(content)
    assert shown.status == "failed"
    assert why in (shown.error or "")


def test_days_that_can_be_read_in_two_ways_are_refused_until_the_form_is_chosen(desk: Desk) -> None:
    content = report(line(start="05/03/2024,09:00:00", end="05/03/2024,10:00:00"))
    refused = desk.csv(content)
    assert refused.status == "failed"
    assert "Line 2 has the day 05/03/2024" in (refused.error or "")
    desk.csv(content, dates="mdy")
    assert desk.entries()[0].day.isoformat() == "2024-05-03"


class Killed(BaseException):
    """What no handler of a failed import sees, like the end of its process."""


def breaks(monkeypatch: pytest.MonkeyPatch, fault: BaseException, *, after: int) -> None:
    """Let imports write steps of two lines, and fail at the one after so many."""
    written: list[object] = []
    insert = bulk.insert

    def fails(account_id: int, rows: list[bulk.NewRow]) -> None:
        written.append(rows)
        if len(written) == after + 1:
            raise fault
        insert(account_id, rows)

    monkeypatch.setattr(writing, "CHUNK", 2)
    monkeypatch.setattr(bulk, "insert", fails)


LINES = [
    line(note=f"Note {n}", start=f"2024-03-0{n},09:00:00", end=f"2024-03-0{n},10:00:00") for n in range(1, 8)
]


def test_an_import_that_fails_keeps_whole_steps_and_says_how_to_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(monkeypatch, RuntimeError("the disk is full"), after=2)
    shown = desk.csv(report(*LINES))
    assert (shown.status, counts(shown), len(desk.entries())) == ("failed", (4, 0, 0, 0), 4)
    assert "4 entries are written already; import the same again" in (shown.error or "")
    assert counts(desk.csv(report(*LINES))) == (3, 0, 4, 0)


def test_an_import_whose_process_is_killed_goes_on_and_doubles_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = line(note="Note 1", start="2024-03-01,09:00:00", end="2024-03-01,10:00:00", tags="new")
    desk.csv(report(LINES[0], LINES[6]))
    breaks(monkeypatch, Killed(), after=2)
    started = services.start_file(
        desk.caller, "toggl_csv", "r.csv", [report(changed, *LINES[1:])], dry_run=False
    )
    with pytest.raises(Killed):
        desk.finish(started)
    assert (services.look(desk.caller, started.id).status, len(desk.entries())) == ("running", 5)
    runs.recover()
    done = desk.finish(started)
    assert (done.status, counts(done), done.problems) == ("done", (5, 1, 1, 0), [])
    assert [entry.note for entry in desk.entries()] == [f"Note {n}" for n in range(1, 8)]
    assert EntryChange.objects.count() == 1


def test_what_somebody_changes_in_the_middle_of_an_import_stays(
    desk: Desk, mary: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.csv(report(line()))
    change = bulk.change

    def meanwhile(account_id: int, changed_by: int | None, edits: list[bulk.Edit]) -> int:
        edit_entry(mary, desk.entries()[0].pk, EntryEdit(note="Mine"))
        return change(account_id, changed_by, edits)

    monkeypatch.setattr(bulk, "change", meanwhile)
    assert counts(desk.csv(report(line(tags="new")))) == (0, 0, 0, 1)
    assert [(entry.note, entry.tags) for entry in desk.entries()] == [("Mine", [])]
    assert EntryChange.objects.count() == 1


def test_an_import_can_be_cancelled_before_it_writes(desk: Desk) -> None:
    started = services.start_file(desk.caller, "toggl_csv", "r.csv", [report(line())], dry_run=False)
    services.cancel(desk.caller, started.id)
    assert desk.finish(started).status == "failed"
    assert desk.entries() == []
    with pytest.raises(Conflict):
        services.cancel(desk.caller, started.id)


def test_one_whose_worker_died_is_taken_up_again_and_given_up_the_third_time(desk: Desk) -> None:
    started = services.start_file(desk.caller, "toggl_csv", "r.csv", [report(line())], dry_run=False)
    for _ in range(2):
        Import.objects.filter(pk=started.id).update(status="running", heartbeat_at="2024-01-01T00:00:00Z")
        runs.tick()
        assert services.look(desk.caller, started.id).status == "queued"
    Import.objects.filter(pk=started.id).update(status="running", heartbeat_at="2024-01-01T00:00:00Z")
    runs.tick()
    assert services.look(desk.caller, started.id).status == "failed"


def test_only_administrators_import_and_accounts_are_apart(desk: Desk, mary: Caller, eve: Caller) -> None:
    shown = desk.csv(report(line()), dry_run=True)
    with pytest.raises(NotAllowed):
        services.start_file(mary, "toggl_csv", "r.csv", [b"x"], dry_run=True)
    with pytest.raises(NotFound):
        services.look(eve, shown.id)
    with pytest.raises(Invalid):
        services.map_people(eve, [PersonChoice(email="a@b.example", user_id=mary.user_id)])
    Desk(eve).csv(report(line()))
    assert desk.entries() == []


@pytest.mark.parametrize(
    ("kind", "options", "field"), [("none", {}, "kind"), ("toggl_csv", {"timezone": "Mars/Base"}, "timezone")]
)
def test_what_cannot_be_meant_is_refused_at_once(
    desk: Desk, kind: str, options: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.start_file(desk.caller, kind, "r.csv", [b"x"], dry_run=True, options=options)
    assert refused.value.errors[0].field == field
