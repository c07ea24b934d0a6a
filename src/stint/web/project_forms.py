"""The forms of the Projects page that are more than a name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stint.tasks.colors import PALETTE
from stint.web.forms import StintForm

OWN = "own"
COLOR_NAMES = (
    _("Blue"),
    _("Violet"),
    _("Purple"),
    _("Pink"),
    _("Red"),
    _("Orange"),
    _("Gold"),
    _("Lime"),
    _("Green"),
    _("Teal"),
    _("Sky"),
    _("Brown"),
)
COLORS = tuple(zip(PALETTE, COLOR_NAMES, strict=True))


class TaskLookForm(StintForm):
    """A task's colour, from the palette, of its own or that of the task above, and whether its time is billable."""

    color = forms.ChoiceField(choices=[("", ""), *COLORS, (OWN, "")], required=False)
    own = forms.CharField(required=False)
    billable = forms.BooleanField(required=False)

    def chosen(self) -> dict[str, Any]:
        """Return what to store: the colour, and billable where the form asked for it."""
        color = self.cleaned_data["color"]
        fields: dict[str, Any] = {"color": self.cleaned_data["own"] if color == OWN else color}
        if "billing" in self.data:
            fields["billable"] = self.cleaned_data["billable"]
        return fields
