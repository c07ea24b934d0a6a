"""What the offline queue tells, as sentences with the times of this computer's clock."""

from __future__ import annotations

from stint.client import texts
from stint.client.state import Notice, Problem, moment
from stint.client.words import _ as shared
from stint_desktop.model import Refused
from stint_desktop.times import clock


def notice_text(notice: Notice) -> str:
    """Return a notice as a sentence."""
    return texts.notice_text(notice, lambda instant: clock(moment(instant)))


def refused_of(problem: Problem) -> Refused:
    """Return a problem as a sentence with its number."""
    note = problem.acts[0].body.get("note")
    text = texts.problem_text(problem)
    return Refused(problem.no, f"{note}: {text}" if note else text)


def unkept_text(why: str) -> str:
    """Return that this computer does not keep what waits; nothing where it does."""
    return f"{shared(texts.UNKEPT)} ({why})" if why else ""
