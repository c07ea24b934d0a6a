"""A measured figure, its floor and its budget."""

from __future__ import annotations

from typing import Literal

import msgspec


class Figure(msgspec.Struct, kw_only=True):
    """One line of the results.

    `floor` is what the named bare program took in the same run; `ratio` relates the two as the budget reads it.
    `measured` is what the budget limits: the ratio where there is one, else the value.
    """

    part: str
    what: str
    value: float
    unit: str
    floor: float | None = None
    floor_name: str = ""
    ratio: float | None = None
    budget: str = ""
    met: bool | None = None
    note: str = ""


def figure(
    part: str,
    what: str,
    value: float,
    unit: str,
    *,
    most: float | None = None,
    least: float | None = None,
    note: str = "",
) -> Figure:
    """Return a figure whose value itself has a bound, or none."""
    return Figure(
        part=part,
        what=what,
        value=value,
        unit=unit,
        budget=_bound(most, least, unit),
        met=_met(value, most, least),
        note=note,
    )


def against(
    part: str,
    what: str,
    value: float,
    unit: str,
    floor: float,
    floor_name: str,
    *,
    most: float | None = None,
    least: float | None = None,
    ratio: float | None = None,
    note: str = "",
) -> Figure:
    """Return a figure held against a floor; the bounds are of the ratio (of medians, unless given)."""
    found = value / floor if ratio is None else ratio
    return Figure(
        part=part,
        what=what,
        value=value,
        unit=unit,
        floor=floor,
        floor_name=floor_name,
        ratio=found,
        budget=_bound(most, least, "x"),
        met=_met(found, most, least),
        note=note,
    )


def verdict(figure_: Figure) -> Literal["PASS", "over", ""]:
    """Return how the figure stands to its budget."""
    return "" if figure_.met is None else "PASS" if figure_.met else "over"


def _bound(most: float | None, least: float | None, unit: str) -> str:
    if most is not None:
        return f"<= {most:g} {unit}"
    return f">= {least:g} {unit}" if least is not None else ""


def _met(value: float, most: float | None, least: float | None) -> bool | None:
    if most is None and least is None:
        return None
    return (most is None or value <= most) and (least is None or value >= least)
