"""The forms of the pages. They check that fields are there; what may stand in them the domain decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from stint.accounts.services import timezone_names


class StintForm(forms.Form):
    """A form in the house look."""

    template_name = "web/parts/form.html"
    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def zones() -> list[tuple[str, str]]:
    """Return the time zones that people choose from, as choices."""
    names = sorted(name for name in timezone_names() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class SetupForm(StintForm):
    """The first Administrator and their account."""

    account_name = forms.CharField(
        label=_("Organisation"),
        max_length=190,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=190, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lazy(zones, list),
        help_text=_("Your days begin and end in it."),
        widget=forms.Select(attrs={"data-guess": "timezone"}),
    )


class TokenForm(StintForm):
    """A Toggl API token. It is never rendered back."""

    api_token = forms.CharField(
        label=_("Toggl Track API token"),
        max_length=200,
        error_messages={"required": _("Paste your API token first.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=False),
    )


class TaskNameForm(StintForm):
    """The name of a task."""

    name = forms.CharField(
        label=_("Name"),
        max_length=10_000,
        error_messages={"required": _("Give the task a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class TaskPlaceForm(StintForm):
    """Where a task goes; nothing for the top level."""

    parent_id = forms.IntegerField(label=_("Below"), required=False, widget=forms.HiddenInput())


class PersonForm(StintForm):
    """Somebody of the account."""

    user_id = forms.IntegerField(min_value=1)
