"""The forms that ask people in, and that let them in."""

from __future__ import annotations

import re

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from stint.accounts.models import Role
from stint.web.forms import StintForm, zones

ROLES = {
    Role.MEMBER.value: (_("Member"), _("Tracks time on the tasks they are assigned to.")),
    Role.MANAGER.value: (
        _("Manager"),
        _("Also arranges projects, assigns people and sees everybody's time."),
    ),
    Role.ADMINISTRATOR.value: (
        _("Administrator"),
        _("Also invites people and holds integrations and settings."),
    ),
}
ROLE_NAMES = [(role, name) for role, (name, _does) in ROLES.items()]


class InviteForm(StintForm):
    """Whom to ask to join: addresses as they are pasted from mails and lists."""

    template_name = "web/people/invite_form.html"
    roles = tuple(ROLES.items())

    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One or many, separated by commas, spaces or lines."),
        max_length=100_000,
        error_messages={"required": _("Give at least one e-mail address.")},
        widget=forms.Textarea(
            attrs={"rows": 4, "autofocus": True, "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_NAMES, initial=Role.MEMBER.value)

    def clean_emails(self) -> list[str]:
        """Return the addresses; of “Ada <ada@example.com>” what stands in the brackets."""
        found: list[str] = []
        for part in re.split(r"[,;\r\n]+", self.cleaned_data["emails"]):
            inside = re.search(r"<([^<>]*)>", part)
            found += [inside[1].strip()] if inside else part.split()
        return found


class AcceptForm(StintForm):
    """What somebody who accepts an invitation says of themselves."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=190,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
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
