"""The form of one entry, with times as people type them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from msgspec import UNSET

from stint.accounts.queries import Caller
from stint.entries.editing import EntryEdit
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry
from stint.entries.typed import read_duration, read_time
from stint.entries.zones import ending, instant_of
from stint.errors import Invalid
from stint.web.forms import StintForm

SHORT_FIELD = {"autocomplete": "off", "spellcheck": "false", "inputmode": "text"}


class EntryForm(StintForm):
    """Note, task, tags, billable and the times of one entry.

    `by` names the time that was typed last: of end and duration it decides which one counts.
    """

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=3000,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    task_id = forms.IntegerField(label=_("Task"), required=False, widget=forms.HiddenInput())
    tags = forms.CharField(label=_("Tags"), required=False, widget=forms.TextInput(attrs=SHORT_FIELD))
    billable = forms.BooleanField(label=_("Billable"), required=False)
    date = forms.DateField(label=_("Date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    start = forms.CharField(label=_("Start"), required=False, widget=forms.TextInput(attrs=SHORT_FIELD))
    end = forms.CharField(label=_("End"), required=False, widget=forms.TextInput(attrs=SHORT_FIELD))
    duration = forms.CharField(label=_("Duration"), required=False, widget=forms.TextInput(attrs=SHORT_FIELD))
    by = forms.CharField(required=False, widget=forms.HiddenInput())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    @property
    def tag_list(self) -> list[str]:
        """The tags as they were typed."""
        return _tags(str(self["tags"].value() or ""))

    def edit(self, caller: Caller, entry: EntryOut) -> EntryEdit:
        """Return what to change of `entry`. A time that was not touched keeps its seconds.

        Raises:
            Invalid: a time cannot be read, does not exist on that day, or ends before it starts.

        """
        given, shown = self.cleaned_data, initial(caller, entry)
        assert entry.end is not None
        start, end = entry.start, entry.end
        if (given["date"], given["start"]) != (date.fromisoformat(shown["date"]), shown["start"]):
            start = instant_of("start", given["date"], read_time("start", given["start"]), caller.zone)
        moved = start - entry.start if given["date"].isoformat() != shown["date"] else timedelta()
        by = given["by"] or ("duration" if given["duration"] != shown["duration"] else "end")
        if by == "duration":
            end = start + timedelta(seconds=read_duration("duration", given["duration"]))
        elif given["end"] != shown["end"]:
            end = _end(given["end"], start, caller, later=days_later(caller, entry.start, entry.end) > 0)
        else:
            end += moved
        return EntryEdit(
            note=given["note"],
            task_id=given["task_id"],
            tags=_tags(given["tags"]),
            billable=given["billable"],
            start=start if start != entry.start else UNSET,
            end=end if end != entry.end else UNSET,
        )

    def new(self, caller: Caller) -> NewEntry:
        """Return the entry to add: from start to end, for a duration from the start, or for a duration alone.

        Raises:
            Invalid: as `edit`; also when neither an end nor a duration was typed.

        """
        given = self.cleaned_data
        wanted: dict[str, Any] = {
            "note": given["note"],
            "task_id": given["task_id"],
            "tags": _tags(given["tags"]),
            "billable": given["billable"] or None,
        }
        seconds = read_duration("duration", given["duration"]) if given["duration"].strip() else None
        if not given["start"].strip() and not given["end"].strip():
            if seconds is None:
                raise Invalid("duration", gettext("is needed, or a start and an end"))
            return NewEntry(day=given["date"], seconds=seconds, **wanted)
        start = instant_of("start", given["date"], read_time("start", given["start"]), caller.zone)
        if given["end"].strip() and not (seconds is not None and given["by"] == "duration"):
            return NewEntry(start=start, end=_end(given["end"], start, caller), **wanted)
        if seconds is None:
            raise Invalid("end", gettext("is needed, or a duration"))
        return NewEntry(start=start, end=start + timedelta(seconds=seconds), **wanted)

    def times(self, caller: Caller) -> dict[str, str]:
        """Return start, end, duration as the typed ones are read, each from the others; and how much later it ends.

        Raises:
            Invalid: as `edit`.

        """
        given = self.cleaned_data
        if not given["start"].strip():
            return {}
        start = instant_of("start", given["date"], read_time("start", given["start"]), caller.zone)
        if given["duration"].strip() and (given["by"] == "duration" or not given["end"].strip()):
            end = start + timedelta(seconds=read_duration("duration", given["duration"]))
        elif given["end"].strip():
            end = _end(given["end"], start, caller)
        else:
            return {"start": _clock(caller, start)}
        return {
            "start": _clock(caller, start),
            "end": _clock(caller, end),
            "duration": _length(int((end - start).total_seconds())),
            "later": said_later(days_later(caller, start, end)),
        }


def days_later(caller: Caller, start: datetime, end: datetime) -> int:
    """Return how many days after the day of its start something ends."""
    return (end.astimezone(caller.zone).date() - start.astimezone(caller.zone).date()).days


def said_later(days: int) -> str:
    """Return how many days later something ends, in words; nothing for the same day."""
    return ngettext("+%(days)d day", "+%(days)d days", days) % {"days": days} if days > 0 else ""


def initial(caller: Caller, entry: EntryOut) -> dict[str, Any]:
    """Return what the form shows of an entry."""
    start = entry.start.astimezone(caller.zone)
    end = (entry.end or timezone.now()).astimezone(caller.zone)
    return {
        "note": entry.note,
        "task_id": entry.task_id,
        "tags": ", ".join(entry.tags),
        "billable": entry.billable,
        "date": start.date().isoformat(),
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "duration": _length(entry.seconds),
        "version": entry.version,
    }


def _clock(caller: Caller, moment: datetime) -> str:
    return f"{moment.astimezone(caller.zone):%H:%M}"


def _end(typed: str, start: datetime, caller: Caller, *, later: bool = False) -> datetime:
    return ending("end", read_time("end", typed), start, caller.zone, later=later)


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    text = f"{minutes // 60}:{minutes % 60:02}"
    return f"{text}:{rest:02}" if rest else text


def _tags(typed: str) -> list[str]:
    return [tag.strip() for tag in typed.split(",") if tag.strip()]
