"""The same time told twice, as a report and through the API, with changes in Toggl in between: once here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.accounts.queries import Caller
from stint.entries.editing import EntryEdit, delete_entry, edit_entry
from stint.entries.models import Entry
from stint.imports.models import KnownAs
from stint.sandbox.model import TimeEntry
from tests.imports.conftest import Desk, Toggl, counts, history

pytestmark = pytest.mark.django_db

HOUR = 3600
COLUMNS = (
    "User,Email,Client,Project,Task,Description,Start date,Start time,End date,End time,Duration,Tags\r\n"
)


class Place(Toggl):
    """The sandbox, and what its detailed report tells."""

    @property
    def site(self) -> int:
        return self.project("Website relaunch")

    @property
    def meetings(self) -> int:
        return self.project("Internal: meetings")

    def report(self, *rows: TimeEntry) -> bytes:
        """Return the report of these entries, or of all."""
        return (COLUMNS + "".join(map(self._line, rows or self.told()))).encode()

    def told(self) -> list[TimeEntry]:
        return [row for row in self.workplace.entries.values() if not row.deleted_at]

    def _line(self, row: TimeEntry) -> str:
        project = self.workplace.projects.get(row.project_id or 0)
        client = self.workplace.clients.get((project.client_id if project else None) or 0)
        start, end = (datetime.fromtimestamp(at or 0, UTC) for at in (row.start, row.stop))
        names = f"{client.name if client else ''},{project.name if project else ''}"
        return (
            f'Grace,grace@example.com,{names},,"{row.description}",{start:%Y-%m-%d,%H:%M:%S},'
            f"{end:%Y-%m-%d,%H:%M:%S},{end - start!s:0>8},\r\n"
        )


@pytest.fixture
def toggl_class() -> type[Toggl]:
    return Place


def here(desk: Desk) -> Counter[tuple[object, ...]]:
    """Return what is stored."""
    return Counter(
        (
            int(each.start.timestamp()),
            int(each.end.timestamp()) if each.end else None,
            each.note,
            _project(each),
        )
        for each in desk.entries()
    )


def there(toggl: Place) -> Counter[tuple[object, ...]]:
    """Return what Toggl tells."""
    return Counter((row.start, row.stop, row.description, row.project_id) for row in toggl.told())


def _project(entry: Entry) -> int | None:
    task = entry.task
    return task.source_id if task is not None and task.source_kind == "project" else None


def text(row: TimeEntry) -> None:
    row.description = "Other words"


def longer(row: TimeEntry) -> None:
    assert row.stop is not None
    row.stop += HOUR


def earlier(row: TimeEntry) -> None:
    row.start -= 600


def later_that_day(row: TimeEntry) -> None:
    assert row.stop is not None
    row.start, row.stop = row.start + 5 * HOUR, row.stop + 5 * HOUR


def to_no_project(row: TimeEntry) -> None:
    row.project_id = None


def text_and_project(row: TimeEntry) -> None:
    text(row)
    to_no_project(row)


CHANGES = [text, longer, earlier, later_that_day, text_and_project]


@pytest.mark.parametrize("change", [*CHANGES, to_no_project])
def test_what_a_report_brought_is_found_by_the_api_when_it_changed_since(
    importer: Desk, toggl: Place, change: Callable[[TimeEntry], None]
) -> None:
    row, other = (toggl.track(hour, project_id=toggl.site, description=f"Reading {hour}") for hour in (0, 1))
    importer.csv(toggl.report())
    change(row)
    toggl.workplace.touch()
    assert counts(history(importer)) == (0, 1, 1, 0)
    assert here(importer) == there(toggl)
    text(other)  # known by its Toggl id from now on
    later_that_day(other)
    toggl.workplace.touch()
    assert counts(history(importer)) == (0, 1, 1, 0)
    assert counts(history(importer)) == (0, 0, 2, 0)
    assert here(importer) == there(toggl)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("older", [True, False])
def test_what_the_api_brought_is_found_by_reports_of_other_states_and_left(
    importer: Desk, toggl: Place, change: Callable[[TimeEntry], None], older: bool
) -> None:
    row = toggl.track(project_id=toggl.site, description="Reading")
    before = toggl.report()
    if older:
        change(row)
        toggl.workplace.touch()
    history(importer)
    told = here(importer)
    if not older:
        change(row)
        toggl.workplace.touch()
    content = before if older else toggl.report()
    for _again in range(2):
        shown = importer.csv(content)
        assert (counts(shown), here(importer)) == ((0, 0, 1, 0), told)
        (problem,) = shown.problems
        assert (problem.line, "came through Toggl’s API" in problem.message) == (2, True)
    assert counts(history(importer)) == ((0, 0, 1, 0) if older else (0, 1, 0, 0))
    assert here(importer) == there(toggl)


@pytest.mark.parametrize("change", CHANGES[:-1])
def test_a_later_report_of_the_same_task_changes_what_an_earlier_one_brought(
    importer: Desk, toggl: Place, change: Callable[[TimeEntry], None]
) -> None:
    row, _other = (toggl.track(hour, project_id=toggl.site, description="Reading") for hour in (0, 24))
    before = toggl.report()
    importer.csv(before)
    change(row)
    for _again in range(2):
        importer.csv(toggl.report())
        assert here(importer) == there(toggl)
    importer.csv(before)
    assert sum(here(importer).values()) == 2


def test_reports_of_single_lines_prove_nothing_of_each_other(importer: Desk, toggl: Place) -> None:
    rows = [toggl.track(project_id=toggl.site, description=note) for note in ("One", "Two")]
    for row in rows:
        assert counts(importer.csv(toggl.report(row))) == (1, 0, 0, 0)
    assert counts(history(importer)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"description": "Writing"},
        {"description": "Reading", "project": True},
        {"description": ""},
    ],
)
def test_two_at_the_same_time_stay_two(importer: Desk, toggl: Place, other: dict[str, str]) -> None:
    """Whichever of them the report tells, and also when the one that it tells changed."""
    more = {"project_id": toggl.meetings if "project" in other else toggl.site}
    first = toggl.track(project_id=toggl.site, description="Reading")
    toggl.track(description=other["description"], **more)
    importer.csv(toggl.report(first))
    text(first)
    toggl.workplace.touch()
    assert counts(history(importer)) == (1, 1, 0, 0)
    assert here(importer) == there(toggl)
    assert counts(importer.csv(toggl.report())) == (0, 0, 2, 0)
    assert here(importer) == there(toggl)


def test_what_only_begins_alike_is_not_the_same(importer: Desk, toggl: Place) -> None:
    brought = toggl.track(project_id=toggl.site, description="Reading")
    importer.csv(toggl.report())
    brought.deleted_at = 1
    new = toggl.track(project_id=toggl.meetings, description="Talking")
    longer(new)
    toggl.workplace.touch()
    assert counts(history(importer)) == (1, 0, 0, 0)
    assert len(importer.entries()) == 2


def test_another_day_of_the_same_is_not_the_same(importer: Desk, toggl: Place) -> None:
    brought = toggl.track(project_id=toggl.site, description="Standup")
    importer.csv(toggl.report())
    brought.deleted_at = 1
    toggl.track(24, project_id=toggl.site, description="Standup")
    assert counts(history(importer)) == (1, 0, 0, 0)


def test_on_the_outermost_days_asked_for_only_the_same_start_counts(importer: Desk, toggl: Place) -> None:
    rows = [toggl.track(hour, project_id=toggl.site, description="Reading") for hour in (0, 2)]
    importer.csv(toggl.report())
    longer(rows[0])
    earlier(rows[1])
    toggl.workplace.touch()
    assert counts(history(importer, "2024-03-04", "2024-03-04")) == (1, 1, 0, 0)


def test_what_was_edited_or_deleted_here_is_found_as_it_was_brought(
    importer: Desk, toggl: Place, ada: Caller
) -> None:
    for hour, note in enumerate(("Edited", "Deleted", "Both")):
        toggl.track(hour, project_id=toggl.site, description=note)
    content = toggl.report()
    importer.csv(content)
    edited, deleted, both = importer.entries()
    for entry in (edited, both):
        edit_entry(ada, entry.pk, EntryEdit(note="Mine", start=entry.start.replace(minute=5)))
    text(toggl.told()[2])
    toggl.workplace.touch()
    shown = history(importer)
    assert counts(shown) == (0, 0, 2, 1)
    assert [each.message for each in shown.problems] == [
        "“Mine” of 2024-03-04 was changed both here and in Toggl; it is left as it is here"
    ]
    delete_entry(ada, deleted.pk)
    for shown in (history(importer), importer.csv(content)):
        assert (shown.counts.created, shown.counts.updated) == (0, 0)
    assert [entry.note for entry in importer.entries()] == ["Mine", "Mine"]


entries = st.lists(
    st.tuples(
        st.integers(0, 5),  # which half hour of which day it begins in
        st.integers(0, 1),
        st.sampled_from([1200, 1800]),
        st.sampled_from(["", "Reading", "Writing"]),
        st.booleans(),
    ),
    max_size=4,
)
edits = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from(CHANGES)), max_size=4, unique_by=lambda edit: edit[0]
)
steps = st.lists(st.tuples(entries, edits), min_size=2, max_size=2)


@given(steps=steps, sources=st.sampled_from(["csv api", "csv api", "api csv api", "csv api csv api"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_added_and_changed_in_between_stands_here_once_in_the_end(
    importer: Desk,
    toggl: Place,
    steps: list[tuple[list[tuple[int, int, int, str, bool]], list[tuple[int, Callable[[TimeEntry], None]]]]],
    sources: str,
) -> None:
    """Entries may be alike and at the same time; where a report comes between, which has no ids, they differ."""
    Entry.objects.all().delete()
    KnownAs.objects.all().delete()
    toggl.workplace.entries.clear()
    alike = sources == "csv api"
    made = 0
    for number, source in enumerate(sources.split()):
        new, changed = steps[number % 2]
        rows = toggl.told()
        for which, change in changed:
            if which < len(rows):
                change(rows[which])
        for slot, day, length, note, on_site in new:
            made += 1
            row = toggl.track(24 * day, project_id=toggl.site if on_site else toggl.meetings)
            row.start += (slot if alike else made) * 1800
            row.stop = row.start + length
            row.description = note if alike else f"{note} {made}".strip()
        toggl.workplace.touch()
        shown = importer.csv(toggl.report()) if source == "csv" else history(importer)
        assert shown.status == "done"
    assert here(importer) == there(toggl)
