"""The sections of the settings."""

from __future__ import annotations

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from stint.web.context import Place

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_sections(context: Context) -> list[Place]:
    """Return the sections that the person may open, the one they are in marked."""
    sections = [
        (_("Profile"), "user", "settings"),
        (_("Time and language"), "globe", "settings_time"),
        (_("Password"), "lock", "account_change_password"),
        (_("Two-factor"), "shield", "mfa_index"),
        (_("Passkeys"), "fingerprint", "mfa_list_webauthn"),
        (_("Devices"), "monitor", "usersessions_list"),
        (_("API tokens"), "key", "settings_tokens"),
        (_("Calendar link"), "calendar", "settings_calendar"),
    ]
    if context["caller"].administers:
        sections += [
            (_("Account"), "building", "settings_account"),
            (_("Audit log"), "history", "settings_audit"),
            (_("Imports"), "download", "imports"),
        ]
    path = context["request"].path
    return [_place(label, icon, reverse(name), path) for label, icon, name in sections]


def _place(label: str, icon: str, url: str, path: str) -> Place:
    # The first section is where all addresses begin.
    here = path == url if url == reverse("settings") else f"{path}/".startswith(f"{url}/")
    return Place(label, icon, url, here)
