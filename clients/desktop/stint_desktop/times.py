"""Lengths of time as people read them."""

from __future__ import annotations

from datetime import datetime

from stint_desktop.texts import gettext_ as _
from stint_desktop.texts import ngettext


def counted(seconds: float) -> str:
    """Return 3725 as "1:02:05"; what lies ahead counts as nothing."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"


def spoken(seconds: float) -> str:
    """Return 3725 as "1 h 2 min"; less than a minute is "1 minute", so that nothing reads as nothing."""
    minutes = max(1, round(seconds / 60))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def clock(moment: datetime) -> str:
    """Return the hour and minute on the wall here."""
    return f"{moment.astimezone():%H:%M}"
