"""What the queue tells, as sentences; the pages take them from here too."""

from __future__ import annotations

from collections.abc import Callable

from stint.client.state import Notice, Problem
from stint.client.words import _, gettext_noop

NOTICES = {
    "clock": gettext_noop("The clock of this device is wrong. Starts and stops use the server’s time."),
    "clamped": gettext_noop(
        "This lay ahead of the server’s clock and counts from $time now; check the clock here."
    ),
    "overtaken": gettext_noop("Another timer was started meanwhile; this one ended then, at $time."),
    "ended": gettext_noop("This timer was ended elsewhere before, at $time; that counts."),
    "shortened": gettext_noop("This timer was ended elsewhere later; your stop at $time counts."),
    "gone": gettext_noop("The timer you stopped was deleted elsewhere."),
    "task": gettext_noop("This time is kept without its task: $detail"),
    "damaged": gettext_noop(
        "What was waiting here could not be read. It was set aside, and a new queue begun."
    ),
}
CONFLICT = gettext_noop("This entry was changed elsewhere meanwhile. Keep your change, or theirs?")
REFUSED = gettext_noop("The server did not take this: $detail")
UNKEPT = gettext_noop("The storage of this device is full: keep this window open until everything is sent.")


def notice_text(notice: Notice, time: Callable[[str], str]) -> str:
    """Return a notice as a sentence; `time` writes an instant as the person's clock shows it."""
    text = _(NOTICES[notice.kind]).replace("$detail", notice.detail or "")
    return text.replace("$time", time(notice.end) if notice.end else "")


def problem_text(problem: Problem) -> str:
    """Return a problem as a sentence."""
    return _(CONFLICT) if problem.entry else _(REFUSED).replace("$detail", problem.detail)
