"""Times as people type them on a command line, read by the rules of the timesheet (`entries/typed.py`, `zones.py`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from stint.cli.setup import USAGE, stop


def stretch(start: str, end: str, day: date | None, zone: ZoneInfo) -> tuple[str, str]:
    """Return the instants that a typed start and end mean.

    A start is a time of day (9, 930, 9.30am), of `day` or else the last one past, or an instant (2026-11-23T09:00, in
    `zone` where it names none). An end is the same, a length (+1h20), or `now`.
    """
    _without_server()
    from stint.entries.typed import read_duration, read_time
    from stint.entries.zones import ending, instant_of, latest
    from stint.errors import Invalid

    now = datetime.now(UTC)
    try:
        begins = _instant(start, zone)
        if begins is None:
            at = read_time("START", start)
            begins = latest("START", at, now, zone) if day is None else instant_of("START", day, at, zone)
        if end.strip().lower() == "now":
            ends = now
        elif end.startswith("+"):
            ends = begins + timedelta(seconds=read_duration("END", end[1:]))
        else:
            ends = _instant(end, zone) or ending("END", read_time("END", end), begins, zone)
    except Invalid as fault:
        stop("; ".join(f"{error.field} {error.message}" for error in fault.errors), USAGE)
    if ends < begins:
        stop("END lies before START", USAGE)
    return _written(begins), _written(ends)


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if len(text.strip()) < len("2026-11-23T09"):
        return None  # 20261123 and 2026-11-23 are days without a time
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _written(moment: datetime) -> str:
    return moment.replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def _without_server() -> None:
    """Let the rules say their faults where there are no settings of a server, in English as the other commands do."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
