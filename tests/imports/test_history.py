"""Tracked time through Toggl's API: real HTTP against the sandbox, with its faults and quotas."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from stint.accounts.queries import Caller
from stint.entries.models import Entry
from stint.errors import Conflict, Invalid
from stint.imports import runs, services
from stint.imports.models import Answer, Import
from stint.imports.services import PersonChoice
from stint.integrations import services as mirror
from stint.sandbox.faults import Fault
from stint.tasks.models import Task
from tests.imports.conftest import SEARCH, START, Desk, Toggl, counts, history

pytestmark = pytest.mark.django_db


def test_entries_land_on_their_tasks_with_all_they_have(importer: Desk, toggl: Toggl) -> None:
    site, shop = toggl.project("Website relaunch"), toggl.task("Testing")
    told = toggl.track(
        project_id=site, description=" Übergabe ", billable=True, tags=["urgent", "pro bono, a lot"]
    )
    toggl.track(1, project_id=site, task_id=shop)
    toggl.track(2)
    shown = history(importer)
    assert (shown.status, counts(shown), shown.problems, shown.notes) == ("done", (3, 0, 0, 0), [], [])
    on_project, on_task, on_workspace = importer.entries()
    assert (on_project.start, on_project.seconds) == (START, 1800)
    assert (on_project.note, on_project.billable) == ("Übergabe", True)
    assert on_project.tags == ["urgent", "pro bono, a lot"]
    assert on_project.task == importer.task("project", site)
    assert on_task.task == importer.task("task", shop)
    assert on_workspace.task == importer.task("workspace", toggl.wid)
    assert {entry.made_by for entry in importer.entries()} == {"import"}
    assert toggl.workplace.entries[told.id].description == " Übergabe "
    assert all(method == "GET" or path.startswith(SEARCH) for method, path in toggl.requests)


def test_a_second_import_adds_nothing_updates_what_changed_and_counts_what_is_gone(
    importer: Desk, toggl: Toggl
) -> None:
    moved, gone, same = toggl.track(), toggl.track(1), toggl.track(2)
    assert counts(history(importer)) == (3, 0, 0, 0)
    before = list(Entry.objects.order_by("pk").values())
    assert counts(history(importer)) == (0, 0, 3, 0)
    assert list(Entry.objects.order_by("pk").values()) == before
    moved.start -= 86_400
    moved.stop = moved.start + 60
    moved.project_id = toggl.project("Internal: meetings")
    gone.deleted_at = 1
    toggl.workplace.touch()
    shown = history(importer)
    assert counts(shown) == (0, 1, 1, 0)
    assert any("1 entry of an earlier import is not in Toggl any more" in note for note in shown.notes)
    assert len(importer.entries()) == 3
    earliest = importer.entries()[0]
    assert (earliest.start, earliest.seconds, earliest.version) == (START - timedelta(days=1), 60, 2)
    assert earliest.task == importer.task("project", moved.project_id)
    assert same.id


def test_years_are_asked_one_at_a_time_and_pages_followed(importer: Desk, toggl: Toggl) -> None:
    for hour in range(450):
        toggl.track(hour)
    assert counts(history(importer, "2022-06-01", "2024-12-31")) == (450, 0, 0, 0)
    assert toggl.searches == 2 + 3  # two empty years, then three pages


def test_what_runs_and_what_is_unknown_is_left_out_and_told(importer: Desk, toggl: Toggl) -> None:
    lost = toggl.project("Website relaunch")
    toggl.track(project_id=lost, description="On a lost project")
    running = toggl.track(1)
    running.stop, running.duration = None, -1
    toggl.workplace.touch()
    Task.objects.filter(source_kind__in=["task", "project"]).update(source_kind="other")
    shown = history(importer)
    assert counts(shown) == (1, 0, 0, 1)
    assert [problem.message for problem in shown.problems] == [
        "The project “Website relaunch” is not in the mirror, so 1 entry gets no task"
    ]
    assert shown.notes == ["1 entry still runs in Toggl and was left out."]
    assert importer.entries()[0].task is None


def test_people_are_matched_by_the_mirrors_members_or_mapped(importer: Desk, toggl: Toggl) -> None:
    toggl.track()
    toggl.track(1, who="Linus")
    toggl.track(2, who="Linus")
    shown = history(importer, dry_run=True)
    assert counts(shown) == (1, 0, 0, 2)
    assert [(each.email, each.entries) for each in shown.unmatched_people] == [("linus@example.com", 2)]
    searches = toggl.searches
    services.map_people(
        importer.caller, [PersonChoice(email="linus@example.com", user_id=importer.caller.user_id)]
    )
    done = importer.apply(importer.finish(services.look_again(importer.caller, shown.id)))
    assert (done.status, counts(done), done.unmatched_people) == ("done", (3, 0, 0, 0), [])
    assert toggl.searches == searches  # what the preview read is not asked again
    assert not Answer.objects.exists()


def test_a_preview_spares_the_requests_of_the_import_that_follows(importer: Desk, toggl: Toggl) -> None:
    toggl.track()
    history(importer, dry_run=True)
    assert importer.entries() == []
    searches = toggl.searches
    assert counts(history(importer)) == (1, 0, 0, 0)
    assert toggl.searches == searches


def test_a_spent_quota_is_waited_for_and_nothing_is_asked_twice(importer: Desk, toggl: Toggl) -> None:
    for hour in range(450):
        toggl.track(hour)
    toggl.faults.add(Fault("402", path="reports", after=2, times=1, seconds=1800))
    waiting = history(importer)
    assert (waiting.status, waiting.requests, importer.entries()) == ("waiting", 3, [])
    assert waiting.resumes_at is not None
    assert waiting.resumes_at > datetime.now(UTC) + timedelta(seconds=1700)
    assert mirror.toggl(importer.caller).quota is not None
    Import.objects.filter(pk=waiting.id).update(resumes_at=datetime.now(UTC))
    runs.tick()
    done = importer.finish(waiting)
    assert (done.status, counts(done), done.requests) == ("done", (450, 0, 0, 0), 4)


@pytest.mark.parametrize("kind", ["429", "500", "cut", "badjson"])
def test_a_passing_fault_is_tried_again(importer: Desk, toggl: Toggl, kind: Any) -> None:
    toggl.track()
    toggl.faults.add(Fault(kind, path="reports", times=1))
    assert counts(history(importer)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("403", "refused the API token"),
        ("402plan", "does not include"),
        ("wrongshape", "unexpected shape"),
        ("html", "it is a web page"),
    ],
)
def test_a_lasting_fault_ends_the_import_with_a_remedy(
    importer: Desk, toggl: Toggl, kind: Any, why: str
) -> None:
    toggl.track()
    toggl.faults.add(Fault(kind, path="reports"))
    shown = history(importer)
    assert (shown.status, importer.entries()) == ("failed", [])
    assert why in (shown.error or "")
    toggl.faults.clear()
    assert counts(history(importer)) == (1, 0, 0, 0)


def test_the_report_as_csv_and_the_api_do_not_double_each_other(importer: Desk, toggl: Toggl) -> None:
    toggl.track(description="Reading")
    content = (
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
        "Grace,grace@example.com,,,,Reading,No,2024-03-04,09:00:00,2024-03-04,09:30:00,00:30:00,\n"
    )
    assert counts(importer.csv(content.encode())) == (1, 0, 0, 0)
    assert counts(history(importer)) == (0, 0, 1, 0)
    assert counts(importer.csv(content.encode())) == (0, 0, 1, 0)


def test_only_sensible_days_of_an_enabled_toggl(importer: Desk, ada: Caller) -> None:
    day = date(2024, 3, 4)
    for first, last, field in (
        (day, day - timedelta(days=1), "to"),
        (date(1999, 1, 1), day, "from"),
        (day, date.today() + timedelta(days=3), "to"),
    ):
        with pytest.raises(Invalid) as refused:
            services.start_history(ada, first, last)
        assert refused.value.errors[0].field == field
    services.start_history(ada, day, day)
    with pytest.raises(Conflict):
        services.start_history(ada, day, day)
    Import.objects.all().delete()
    mirror.unlink(ada)
    with pytest.raises(Conflict):
        services.start_history(ada, day, day)
