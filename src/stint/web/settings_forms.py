"""The forms of the settings. What may stand in them the domain decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stint.web.forms import StintForm, zones


class ProfileForm(StintForm):
    """What others see of somebody."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=190,
        error_messages={"required": _("Others need a name to call you by.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class TimeForm(StintForm):
    """Where somebody's days begin, and how Stint speaks to them."""

    timezone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_(
            "Your days begin and end in it. Another one moves each entry to the day it falls on there."
        ),
        widget=forms.Select(attrs={"data-zones": True}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, present: str, **kwargs: Any) -> None:  # noqa: ANN401
        """Offer the usual zones, and `present` even when it is none of them."""
        super().__init__(*args, **kwargs)
        offered = zones()
        if present not in dict(offered):
            offered.append((present, present))
        self.fields["timezone"].choices = offered  # type: ignore[attr-defined]
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("language", "As the browser asks")),
            *settings.LANGUAGES,
        ]


class TokenNameForm(StintForm):
    """The name of a token to make."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=190,
        error_messages={"required": _("Name it after the program or the device that will carry it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _weekdays() -> list[tuple[int, str]]:
    """Return the days as Stint counts them, from Monday; Django counts from Monday as 0."""
    return [((day + 1) % 7, str(WEEKDAYS[day])) for day in range(7)]


class AccountForm(StintForm):
    """What Administrators set for everybody."""

    name = forms.CharField(
        label=_("Organisation"),
        max_length=190,
        error_messages={"required": _("The organisation needs a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    week_start = forms.TypedChoiceField(label=_("Weeks begin on"), coerce=int, choices=lazy(_weekdays, list))
