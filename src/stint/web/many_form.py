"""The small forms beside the one of an entry: several at once, and where to cut one in two."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stint.web.forms import StintForm


class ManyForm(StintForm):
    """What to change of several entries; what is left empty stays."""

    task_id = forms.CharField(required=False)
    add_tags = forms.CharField(required=False)
    billable = forms.ChoiceField(
        required=False, choices=[("", ""), ("yes", _("Billable")), ("no", _("Not billable"))]
    )
    date = forms.DateField(required=False)

    def wanted(self) -> dict[str, Any]:
        """Return the fields of a ManyEdit that were filled in; the task "none" takes the task away."""
        given = self.cleaned_data
        found: dict[str, Any] = {}
        if given["task_id"] == "none":
            found["task_id"] = None
        elif given["task_id"].isdigit():
            found["task_id"] = int(given["task_id"])
        if tags := [tag.strip() for tag in given["add_tags"].split(",") if tag.strip()]:
            found["add_tags"] = tags
        if given["billable"]:
            found["billable"] = given["billable"] == "yes"
        if given["date"]:
            found["day"] = given["date"]
        return found


class SplitForm(StintForm):
    """Where to cut an entry in two."""

    at = forms.CharField(
        label=_("At"),
        help_text=_("A time of day inside the entry, as 9:30."),
        error_messages={"required": _("Type a time inside the entry.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
