"""Reports as CSV, XLSX and PDF, read back by other programs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
import python_calamine
from django.utils import translation
from domain import hire

from stint.accounts.queries import Caller
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.errors import Invalid, NotAllowed
from stint.rates.services import set_currency, set_rate
from stint.reports.periods import Period
from stint.reports.questions import Grouping, ReportQuery, groupings
from stint.reports.summary import summary
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


VIEWS: list[View] = ["summary", "detailed", "weekly", "tree"]


@pytest.fixture
def priced(tracked: Caller, mary: Caller) -> Caller:
    """The same, where Mary's 50:05 on the Website cost 100.005 CHF an hour, and no other time is billable."""
    set_currency(tracked, "CHF")
    set_rate(tracked, "80")
    set_rate(tracked, "100.005", user_id=mary.user_id)
    return tracked


@pytest.mark.parametrize("view", VIEWS)
def test_files_say_amounts_as_the_page_does_where_the_reader_sees_them(
    priced: Caller, mary: Caller, view: View
) -> None:
    head, *lines = rows(file(priced, view, "csv"))
    assert head[-1] == "Amount (CHF)"
    said = [line[-1] for line in lines]
    assert (
        said
        == {
            "summary": ["0.00", "83.48", "0.00"],
            "detailed": ["83.48", "", ""],
            "weekly": ["83.48", "0.00"],
            "tree": ["83.48", "0.00", "0.00"],
        }[view]
    )
    assert summary(priced, asked(), amounts=True).amount == "83.48"
    assert not any("CHF" in cell for line in rows(file(mary, view, "csv")) for cell in line)
    assert "83,48" not in text_of(file(mary, view, "pdf"))


def test_a_detailed_file_says_the_rate_of_each_billable_entry(priced: Caller) -> None:
    head, first, second, _last = rows(file(priced, "detailed", "csv"))
    assert head[-2:] == ["Rate (CHF)", "Amount (CHF)"]
    assert first[-2:] == ["100.005", "83.48"]
    assert second[-2:] == ["", ""]


@pytest.mark.parametrize("view", VIEWS)
def test_there_are_no_amounts_where_no_rate_was_entered(tracked: Caller, view: View) -> None:
    assert not any("EUR" in cell for cell in rows(file(tracked, view, "csv"))[0])


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 83.0), ("CHF", 83.48), ("KWD", 83.476)])
def test_a_workbook_has_amounts_as_numbers(priced: Caller, currency: str, amount: float) -> None:
    set_currency(priced, currency)
    content = file(priced, "summary", "xlsx")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert [row[-1] for row in sheet.to_python()][1:] == [0, amount, 0]


@pytest.mark.parametrize("view", ["summary", "detailed", "weekly"])
def test_paper_sums_up_what_the_question_is_about_once(priced: Caller, view: View) -> None:
    """Also where rows count an entry twice: by tag, one with two tags."""
    with translation.override("de"):
        *_rows, sums = text_of(file(priced, view, "pdf", asked("tag"))).split("Summe")
    assert "3:50" in sums
    assert "83,48" in sums


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
