"""Reports as CSV, XLSX and PDF, read back by other programs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
import python_calamine
from domain import hire

from stint.accounts.queries import Caller
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.errors import Invalid, NotAllowed
from stint.reports.periods import Period
from stint.reports.questions import Grouping, ReportQuery, groupings
from stint.spreadsheets import original
from stint.tasks.services import assign, create_task
from stint.transfer import report_files
from stint.transfer.report_files import Format, clock, pieces
from stint.transfer.tables import View, table

pytestmark = pytest.mark.django_db

WEEK = Period(date(2026, 3, 23), date(2026, 3, 29))
FORMULA = '=HYPERLINK("http://example.com")'
NOTE = "Über „Größe“ 🦊 漢 " + "lang " * 80


@pytest.fixture
def tracked(ada: Caller, mary: Caller) -> Caller:
    """Ada, in whose account Mary of Berlin tracked three hours in the night in which clocks go forward."""
    ida = hire(ada, "Ida", zone="Europe/Berlin")
    website = create_task(ada, "Website")
    shop = create_task(ada, FORMULA, website)
    for person in (mary, ida):
        assign(ada, website, person.user_id)
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    add_entry(
        ida,
        NewEntry(task_id=shop, start=night, end=night + timedelta(hours=2), note=NOTE, tags=["-a", "b"]),
        "web",
    )
    early = datetime(2026, 3, 23, 9, tzinfo=UTC)
    add_entry(
        mary,
        NewEntry(task_id=website, start=early, end=early + timedelta(minutes=50, seconds=5), billable=True),
        "cli",
    )
    add_entry(
        mary, NewEntry(start=early + timedelta(hours=4), end=early + timedelta(hours=5), note="+1"), "api"
    )
    start_timer(mary, StartTimer(note="running"), "web")
    return ada


def asked(by: str = "project,user", **more: Any) -> ReportQuery:
    return ReportQuery(period=WEEK, groupings=groupings(by), **more)


def file(caller: Caller, view: View, format_: Format, query: ReportQuery | None = None) -> bytes:
    return b"".join(pieces(table(caller, query or asked(), view), format_))


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_detailed_csv_has_each_entry_oldest_first_as_its_persons_clock_showed_it(tracked: Caller) -> None:
    head, first, second, last = rows(file(tracked, "detailed", "csv"))
    assert head[:7] == ["Day", "Start", "End", "Duration", "Hours", "Person", "E-mail"]
    assert first[:6] == [
        "2026-03-23",
        "2026-03-23T09:00:00+00:00",
        "2026-03-23T09:50:05+00:00",
        "0:50:05",
        "0.8347",
        "Mary",
    ]
    assert second[8] == "'+1"
    assert last[1:4] == ["2026-03-29T01:30:00+01:00", "2026-03-29T04:30:00+02:00", "2:00:00"]
    assert last[7] == f"Website / {FORMULA}"
    assert original(last[8]) == NOTE.strip()
    assert last[9:] == ["'-a, b", "false", "web"]


def test_views_add_up_to_the_same(tracked: Caller) -> None:
    total = 7200 + 3005 + 3600
    summary = rows(file(tracked, "summary", "csv"))
    assert [row[:2] for row in summary[1:]] == [
        ["Website", "Ida"],
        ["Website", "Mary"],
        ["No project", "Mary"],
    ]
    assert sum(seconds(row[2]) for row in summary[1:]) == total
    assert sum(seconds(row[3]) for row in rows(file(tracked, "detailed", "csv"))[1:]) == total
    weekly = rows(file(tracked, "weekly", "csv"))
    assert weekly[0][1:8] == [f"2026-03-{day}" for day in range(23, 30)]
    assert sum(seconds(row[8]) for row in weekly[1:]) == total
    tree = rows(file(tracked, "tree", "csv"))
    assert [row[1] for row in tree[1:]] == ["Website", f"Website / {FORMULA}", "No task"]
    assert [seconds(row[2]) for row in tree[1:]] == [7200 + 3005, 7200, 3600]
    assert sum(seconds(row[6]) for row in tree[1:]) == total


def seconds(told: str) -> int:
    hours, minutes, rest = told.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def test_a_workbook_has_texts_as_texts_dates_as_dates_and_durations_that_can_be_added(
    tracked: Caller,
) -> None:
    content = file(tracked, "detailed", "xlsx")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    head, first, second, last = sheet.to_python()
    assert sheet.name == "Detailed"
    assert head[0] == "Day"
    assert first[0] == date(2026, 3, 23)
    assert first[1] == datetime(2026, 3, 23, 9)
    assert first[3] == timedelta(minutes=50, seconds=5)
    assert (first[4], first[10]) == (pytest.approx(3005 / 3600), True)
    assert second[8] == "+1"
    assert (last[7], last[8]) == (f"Website / {FORMULA}", NOTE.strip())
    assert b"<f>" not in content


@pytest.mark.parametrize("view", ["summary", "detailed", "weekly", "tree"])
def test_paper_shows_every_letter_it_can_and_a_sign_for_the_others(tracked: Caller, view: View) -> None:
    reader = pypdf.PdfReader(io.BytesIO(file(tracked, view, "pdf")))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Website" in text
    assert "Page 1" in text
    if view == "detailed":
        assert "Über „Größe“" in " ".join(text.split())
        assert "\ufffd" in text
        assert "…" in text


def test_a_long_report_has_its_head_on_every_page(tracked: Caller, mary: Caller) -> None:
    for minute in range(80):
        start = datetime(2026, 3, 24, 6, tzinfo=UTC) + timedelta(minutes=minute)
        add_entry(mary, NewEntry(start=start, end=start + timedelta(minutes=1)), "api")
    reader = pypdf.PdfReader(io.BytesIO(file(tracked, "detailed", "pdf")))
    assert len(reader.pages) > 1
    assert all("Duration" in page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("format_", ["xlsx", "pdf"])
def test_what_is_too_much_for_a_kind_of_file_is_refused_with_what_to_do(
    tracked: Caller, monkeypatch: pytest.MonkeyPatch, format_: Format
) -> None:
    monkeypatch.setitem(report_files.MOST_ROWS, format_, 2)
    with pytest.raises(Invalid, match="take CSV"):
        file(tracked, "detailed", format_)
    assert file(tracked, "detailed", "csv")


def test_a_member_gets_their_own_time_only(tracked: Caller, mary: Caller) -> None:
    assert {row[5] for row in rows(file(mary, "detailed", "csv"))[1:]} == {"Mary"}
    with pytest.raises(NotAllowed):
        file(mary, "detailed", "csv", asked(user_ids=(tracked.user_id,)))


@pytest.mark.parametrize("format_", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize("view", ["summary", "detailed", "weekly", "tree"])
def test_days_without_time_make_a_file_too(ada: Caller, view: View, format_: Format) -> None:
    assert file(ada, view, format_)


def test_filters_of_the_question_count(tracked: Caller) -> None:
    billable = rows(file(tracked, "detailed", "csv", asked(billable=True)))
    assert [row[3] for row in billable[1:]] == ["0:50:05"]


def test_a_weeks_view_is_by_project_where_the_question_is_by_day(tracked: Caller) -> None:
    by_day = ReportQuery(period=WEEK, groupings=(Grouping("day"),))
    assert rows(file(tracked, "weekly", "csv", by_day))[0][0] == "Project"


@pytest.mark.parametrize(("given", "told"), [(0, "0:00:00"), (59, "0:00:59"), (360_001, "100:00:01")])
def test_durations_are_told_as_people_write_them(given: int, told: str) -> None:
    assert clock(given) == told
