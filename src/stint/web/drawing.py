"""Charts as shapes of SVG: where each bar, slice and square stands. Coordinates are of the view boxes named here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format

from stint.entries.zones import week_of
from stint.reports.charts import Bar, Chart, Series

BAR_HEIGHT = 100  # a bar is 10 wide, with its gap
LABELS = 8
QUARTER, HOUR = 900, 3600
EVEN = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80)
SQUARE = 13


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a bar."""

    y: float
    height: float
    color: str


@dataclass(frozen=True, slots=True)
class Column:
    """A bar with its parts from the bottom up; `label` is written below it, "" for not at all, and a `minor` one
    only where there is room; `told` is what a
    pointer brings up: the series that have time there.
    """

    x: int
    blocks: list[Block]
    label: str
    minor: bool
    name: str
    bar: Bar
    told: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Bars:
    """Stacked bars in a box of `width` by BAR_HEIGHT; the axis goes up to `top` seconds."""

    columns: list[Column]
    width: int
    top: int
    series: list[Series]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a ring of 100 around: how long it is and where it begins; `percent` as people read it."""

    series: Series
    length: float
    offset: float
    percent: str

    @property
    def gap(self) -> float:
        """The rest of the way round."""
        return round(100 - self.length, 2)


@dataclass(frozen=True, slots=True)
class Square:
    """A day of a year; `level` is 0 for none to 4 for the fullest days."""

    x: int
    y: int
    level: int
    day: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Heat:
    """The days of a period, a week a column; `months` are names with where they begin."""

    squares: list[Square]
    months: list[tuple[int, str]]
    width: int
    height: int


def bars(chart: Chart) -> Bars:
    """Return the stacked bars of a chart."""
    highest = max((bar.seconds for bar in chart.bars), default=0)
    top = _top(highest)
    every = -(-len(chart.bars) // LABELS)
    columns = [
        Column(
            x=10 * at,
            blocks=_blocks(bar, chart.series, top),
            label=_label(bar) if at % every == 0 else "",
            minor=at // every % 2 == 1,
            name=_name(bar),
            bar=bar,
            told=_told(bar, chart.series),
        )
        for at, bar in enumerate(chart.bars)
    ]
    return Bars(columns, 10 * len(columns), top, chart.series)


def ring(series: list[Series]) -> list[Slice]:
    """Return the shares of all time."""
    total = sum(one.seconds for one in series)
    slices, begun = [], 0.0
    for one in series:
        length = 100 * one.seconds / total if total else 0
        percent = "<1" if 0 < length < 1 else str(round(length))
        slices.append(Slice(one, round(length, 2), round(-begun, 2), percent))
        begun += length
    return slices


def heat(days: dict[date, int], first: date, last: date, week_start: int) -> Heat:
    """Return the days from `first` to `last` as squares."""
    fullest = max(days.values(), default=0)
    begin = week_of(first, week_start)
    squares, months = [], []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        column, row = divmod((day - begin).days, 7)
        seconds = days.get(day, 0)
        level = min(4, 1 + 4 * seconds // fullest) if seconds else 0
        squares.append(Square(column * SQUARE, row * SQUARE + 16, level, day, seconds))
        if day.day == 1:
            months.append((column * SQUARE, date_format(day, "M")))
    return Heat(squares, months, (column + 1) * SQUARE, 7 * SQUARE + 16)


def _blocks(bar: Bar, series: list[Series], top: int) -> list[Block]:
    blocks, reached = [], 0.0
    for seconds, one in zip(bar.parts, series, strict=True):
        height = BAR_HEIGHT * max(0, seconds) / top
        if height:
            reached += height
            blocks.append(Block(round(BAR_HEIGHT - reached, 3), round(height, 3), one.color))
    return blocks


def _told(bar: Bar, series: list[Series]) -> list[tuple[str, int]]:
    return [(one.label, seconds) for seconds, one in zip(bar.parts, series, strict=True) if seconds]


def _top(highest: int) -> int:
    """Return the end of an axis that two even steps reach."""
    steps = [QUARTER, 2 * QUARTER, *(HOUR * even * scale for scale in (1, 100, 10_000) for even in EVEN)]
    return 2 * next((step for step in steps if 2 * step >= highest), -(-highest // (2 * HOUR)) * HOUR)


def _label(bar: Bar) -> str:
    return date_format(bar.first, "DAY_MONTH_FORMAT" if (bar.last - bar.first).days < 20 else "M")


def _name(bar: Bar) -> str:
    if bar.first == bar.last:
        return date_format(bar.first, "DAY_SHORT_FORMAT")
    return f"{date_format(bar.first, 'DAY_MONTH_FORMAT')} – {date_format(bar.last, 'DAY_MONTH_FORMAT')}"
