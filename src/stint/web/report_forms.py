"""The form that saves a report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from stint.reports.saving import LONGEST_NAME
from stint.web.forms import StintForm


class SaveForm(StintForm):
    """The name of a report, and whether others see it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give the report a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    shared = forms.BooleanField(
        label=_("Show it to everybody in the account"),
        required=False,
        help_text=_("Whoever opens it sees the time that they may see."),
    )
    view = forms.CharField(widget=forms.HiddenInput())
    question = forms.CharField(required=False, widget=forms.HiddenInput())
