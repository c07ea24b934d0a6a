"""What may stand in the fields of a time entry. Each function returns the value as it is stored, or refuses it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from stint.errors import Invalid

LONGEST_NOTE = 3000
MOST_TAGS = 50
LONGEST_TAG = 190
LONGEST_ENTRY = timedelta(hours=999)
CLOCK_DIFFERENCE = timedelta(minutes=2)  # a client's clock may be ahead of ours by this much
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def instant(field: str, value: datetime, latest: datetime | None = None) -> datetime:
    """Return an instant in whole UTC seconds; with `latest`, refuse what lies well after it."""
    if value.tzinfo is None:
        raise Invalid(field, _("needs a time zone, as in 2026-11-23T09:00:00Z"))
    try:
        moment = whole(value if value.tzinfo is UTC else value.astimezone(UTC))
    except OverflowError:
        raise Invalid(field, _("is not a time that can be tracked")) from None
    if not EARLIEST <= moment < LATEST:
        raise Invalid(field, _("is not a time that can be tracked"))
    if latest is not None and moment > latest + CLOCK_DIFFERENCE:
        raise Invalid(field, _("lies in the future; check the clock of your device"))
    return moment


def began(value: datetime, now: datetime) -> datetime:
    """Return when a timer that runs now began: not ahead, and not longer ago than an entry can be."""
    start = min(instant("start", value, now), now)
    if now - start > LONGEST_ENTRY:
        raise Invalid("start", _("is more than 999 hours ago; add the time as entries with an end"))
    return start


def whole(moment: datetime) -> datetime:
    """Return an instant without its fraction of a second."""
    return moment.replace(microsecond=0) if moment.microsecond else moment


def length(start: datetime, end: datetime) -> int:
    """Return the seconds from `start` to `end`."""
    if end < start:
        raise Invalid("end", _("lies before the start"))
    if end - start > LONGEST_ENTRY:
        raise Invalid("end", _("is more than 999 hours after the start; split the entry"))
    return int((end - start).total_seconds())


def note(value: str) -> str:
    """Return a note without spaces at its ends."""
    if len(value) > LONGEST_NOTE or "\0" in value:
        raise Invalid("note", _("must have at most %(most)d characters") % {"most": LONGEST_NOTE})
    return value.strip()


def tags(values: list[str]) -> list[str]:
    """Return tags without empty ones, each once, in the order given."""
    if not values:
        return []
    kept = list(dict.fromkeys(tag.strip() for tag in values if tag.strip()))
    if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG or "\0" in tag for tag in kept):
        raise Invalid(
            "tags",
            _("must be at most %(most)d texts of at most %(length)d characters")
            % {"most": MOST_TAGS, "length": LONGEST_TAG},
        )
    return kept
