"""The forms of imports. What may stand in them the domain decides."""

from __future__ import annotations

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from stint.imports.kinds import KINDS
from stint.web.forms import StintForm, zones


def _kinds() -> list[tuple[str, str]]:
    return [(kind.key, str(kind.name)) for kind in KINDS.values() if kind.takes_file]


def _zones() -> list[tuple[str, str]]:
    return [("", str(_("Each person’s own"))), *zones()]


class FileForm(StintForm):
    """A file to import, and what it is."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=lazy(_kinds, list))
    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
    )


class ReadingForm(StintForm):
    """How to read a report or an export."""

    timezone = forms.ChoiceField(
        label=_("Time zone of its times"),
        required=False,
        choices=lazy(_zones, list),
        help_text=_("Toggl writes the times of whoever exports."),
        widget=forms.Select(attrs={"data-zones": True}),
    )
    dates = forms.ChoiceField(
        label=_("Form of its dates"),
        choices=[
            ("auto", _("Find out")),
            ("ymd", "2024-03-31"),
            ("dmy", "31/03/2024"),
            ("mdy", "03/31/2024"),
        ],
    )
    unknown_tasks = forms.ChoiceField(
        label=_("Time on projects that are not here"),
        choices=[("no_task", _("Take it without a task")), ("skip", _("Leave it out"))],
    )
    workspace_name = forms.CharField(
        label=_("Name of the workspace"),
        required=False,
        max_length=190,
        help_text=_("A workspace export does not hold it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RangeForm(StintForm):
    """The days to bring in."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
