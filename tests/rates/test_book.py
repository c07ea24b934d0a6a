"""Which rate wins: the order of places as a table, and against a computation that knows no order of places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stint.errors import Invalid
from stint.rates.book import Book, Entered
from stint.rates.money import check_currency, places, read_amount, rounded, shown, typed

DAY = date(2026, 11, 10)
PATH, DESIGN, WEBSITE, MARY, GRACE = "1/5/9/", 9, 5, 70, 71
EARLIER, LATER = DAY - timedelta(days=9), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        ([], 0),
        ([(None, None, EARLIER, 1)], 1),
        ([(None, None, EARLIER, 1), (None, MARY, EARLIER, 2)], 2),
        ([(None, MARY, EARLIER, 2), (1, None, EARLIER, 3)], 3),
        ([(1, None, EARLIER, 3), (WEBSITE, None, EARLIER, 4)], 4),
        ([(DESIGN, None, EARLIER, 5), (1, MARY, EARLIER, 6)], 6),
        ([(WEBSITE, MARY, EARLIER, 7), (1, MARY, EARLIER, 6)], 7),
        ([(DESIGN, GRACE, EARLIER, 9), (None, GRACE, EARLIER, 8), (None, None, EARLIER, 1)], 1),
        ([(44, None, EARLIER, 9), (None, None, EARLIER, 1)], 1),
        ([(None, None, EARLIER, 1), (DESIGN, MARY, LATER, 9)], 1),
        ([(None, None, EARLIER, 1), (None, None, DAY, 2), (None, None, LATER, 3)], 2),
        ([(None, None, EARLIER, 1), (DESIGN, None, EARLIER, 0)], 0),
    ],
)
def test_the_most_specific_rate_that_has_begun_wins(
    entered: list[tuple[int | None, int | None, date, int]], expected: int
) -> None:
    assert Book(Entered(*rate) for rate in entered).rate(PATH, MARY, DAY) == expected


days = st.integers(0, 12).map(lambda number: DAY + timedelta(days=number))
rates = st.lists(
    st.builds(
        Entered,
        st.sampled_from([None, 1, WEBSITE, DESIGN, 44]),
        st.sampled_from([None, MARY, GRACE]),
        days,
        st.integers(0, 999),
    ),
    max_size=14,
    unique_by=lambda rate: rate[:3],
)
paths = st.sampled_from(["", "1/", "1/5/", PATH, "44/"])


def worked_out(entered: list[Entered], path: str, user_id: int, day: date) -> int:
    """Weigh every rate by itself: a person on a task, by depth, over a task, by depth, over a person."""
    chain = [int(part) for part in path.split("/") if part]
    fitting = [
        (
            (rate.user_id is not None and rate.task_id is not None, rate.task_id is not None, depth),
            rate.user_id is not None,
            rate.first_day,
            rate.thousandths,
        )
        for rate in entered
        if rate.first_day <= day and rate.user_id in (None, user_id)
        for depth in [
            -1 if rate.task_id is None else chain.index(rate.task_id) if rate.task_id in chain else None
        ]
        if depth is not None
    ]
    return max(fitting)[3] if fitting else 0


@given(rates, paths, st.sampled_from([MARY, GRACE]), days)
def test_any_book_agrees_with_weighing_every_rate(
    entered: list[Entered], path: str, user_id: int, day: date
) -> None:
    assert Book(entered).rate(path, user_id, day) == worked_out(entered, path, user_id, day)


@given(rates, paths, st.sampled_from([MARY, GRACE]), days, days)
def test_no_rate_changes_within_a_span(
    entered: list[Entered], path: str, user_id: int, one: date, other: date
) -> None:
    book, first, last = Book(entered), min(one, other), max(one, other)
    covered = []
    for start, end in book.spans(first, last):
        within = [start + timedelta(days=number) for number in range((end - start).days + 1)]
        assert {book.rate(path, user_id, day) for day in within} == {book.rate(path, user_id, start)}
        covered += within
    assert covered == [first + timedelta(days=number) for number in range((last - first).days + 1)]


@pytest.mark.parametrize("given_", ["", "-1", "1.0001", "NaN", "Infinity", "1e30", "abc"])
def test_what_is_no_amount_is_refused(given_: str) -> None:
    with pytest.raises(Invalid, match=r"95\.50"):
        read_amount("amount", given_, zero=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("95", "95"),
        ("95,5", "95.5"),
        (" 1.234,50 ", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1\u202f234,5", "1234.5"),
        ("1\u2019234.5", "1234.5"),
        ("1234,567", "1234.567"),
        ("0,125", "0.125"),
        (",5", ".5"),
        ("1,2340", "1.2340"),
        ("１２,５", "12.5"),
    ],
)
def test_numbers_are_read_with_point_or_comma(text: str, number: str) -> None:
    assert typed("amount", text) == number


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.500", "999,000"])
def test_what_may_be_thousands_or_decimals_is_refused_with_both_readings(text: str) -> None:
    both = text.replace(".", "").replace(",", "")
    with pytest.raises(Invalid, match=f"type {both} or {text}0"):
        typed("amount", text)


@pytest.mark.parametrize(
    "text", ["", ",", "a lot", "1.2.3", "1,23.456,7", "1.234.5", "-1", "1e3", "12,34,567"]
)
def test_what_is_no_number_is_refused_as_the_reader_would_write_one(text: str) -> None:
    with translation.override("de"), pytest.raises(Invalid, match="95,50"):
        typed("amount", text)


def test_amounts_have_the_decimals_of_their_currency() -> None:
    assert [places(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]
    assert rounded(3_600_000 * 5 // 1000, 2) == "0.01"  # half a cent, upwards
    assert shown(read_amount("amount", "95", zero=False), 2) == "95.00"
    assert shown(read_amount("amount", "95.125", zero=False), 2) == "95.125"
    assert check_currency(" chf ") == "CHF"
    with pytest.raises(Invalid):
        check_currency("EUR USD")
