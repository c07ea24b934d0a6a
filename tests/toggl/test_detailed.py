"""Toggl's detailed report is read the same whatever form it was saved in, and walls clocks as zones have them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.integrations.toggl.detailed import DetailedReport, Line
from stint.integrations.toggl.moments import Clock, order_of

HEADER = [
    *("User", "Email", "Client", "Project", "Task", "Description", "Billable"),
    *("Start date", "Start time", "End date", "End time", "Duration", "Tags"),
]
DATES = {"ymd": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}
TIMES = ("%H:%M:%S", "%I:%M:%S %p")
words = st.text(st.sampled_from("abÄß ,;\"\n\t'ñ"), max_size=12).map(str.strip)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(microsecond=0))

untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine, too


@st.composite
def entries(draw: st.DrawFn) -> tuple[list[str], datetime, datetime]:
    start = draw(moments)
    return [draw(words) for _ in range(4)], start, start + timedelta(seconds=draw(st.integers(0, 90_000)))


@untimed
@given(
    told=st.lists(entries(), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    separator=st.sampled_from(",;\t"),
    order=st.permutations(HEADER),
    form=st.sampled_from(sorted(DATES)),
    time_form=st.sampled_from(TIMES),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_the_form_of_a_file_does_not_matter(
    told: list[tuple[list[str], datetime, datetime]],
    encoding: str,
    separator: str,
    order: list[str],
    form: str,
    time_form: str,
    quoting: int,
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(order)
    for (client, project, task, note), start, end in told:
        cells = ["Mary", "MARY@example.com", client, project, task, note, "Yes"]
        for at in (start, end):
            cells += [at.strftime(DATES[form]), at.strftime(time_form)]
        row = dict(
            zip(
                HEADER,
                [*cells, str(end - start) if end - start < timedelta(days=1) else "", "a, b"],
                strict=True,
            )
        )
        writer.writerow([row[column] for column in order])

    report = DetailedReport(io.BytesIO(text.getvalue().encode(encoding)))
    survey = report.survey()
    read = list(report.lines(form))  # type: ignore[arg-type]

    assert survey.lines == len(told)
    assert survey.people == {("Mary", "mary@example.com"): 2}
    assert all(isinstance(line, Line) for line in read), read
    assert [(*line.place, line.note, line.start, line.end) for line in read if isinstance(line, Line)] == [
        (client, project, task, note, start, end) for (client, project, task, note), start, end in told
    ]
    assert {(tuple(line.tags), line.billable) for line in read if isinstance(line, Line)} == {
        (("a", "b"), True)
    }


@untimed
@given(st.lists(moments, min_size=1), st.sampled_from(["dmy", "mdy"]))
def test_the_order_of_day_and_month_is_found_once_a_day_is_past_the_twelfth(
    days: list[datetime], form: str
) -> None:
    texts = {at.strftime(DATES[form]): number for number, at in enumerate([*days, datetime(2024, 3, 13)])}
    assert order_of(texts) == form


@untimed
@given(
    moments,
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_a_wall_clock_shows_each_instant_it_tells(wall: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    found = Clock(zone).instants(wall)
    assert all(at.astimezone(zone).replace(tzinfo=None) == wall for at in found)
    near = [wall.replace(tzinfo=UTC) + timedelta(minutes=15 * step) for step in range(-60, 61)]
    assert sorted(found) == [at for at in near if at.astimezone(zone).replace(tzinfo=None) == wall]
