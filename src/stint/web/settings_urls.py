"""The addresses of the settings. Those of allauth's own pages that they replace lead to them."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from stint.web.views import calendar_link, rates, security, settings

# Named as allauth names its own, so that its redirects lead here: these patterns must come after allauth's.
urlpatterns: list[URLPattern] = [
    path("settings", settings.profile, name="settings"),
    path("settings/time", settings.time, name="settings_time"),
    path("settings/tokens", settings.tokens, name="settings_tokens"),
    path("settings/tokens/list", settings.token_list, name="settings_token_list"),
    path("settings/tokens/<int:token_id>/revoke", settings.revoke_token, name="revoke_token"),
    path("settings/calendar", calendar_link.calendar_link, name="settings_calendar"),
    path("settings/calendar/revoke", calendar_link.revoke_calendar_link, name="revoke_calendar_link"),
    path("settings/rates", rates.of_account, name="settings_rates"),
    path("settings/account", settings.account, name="settings_account"),
    path("settings/audit", settings.audit_trail, name="settings_audit"),
    path("settings/devices", settings.devices, name="usersessions_list"),
    path("settings/devices/<int:device_id>/end", settings.end_device, name="end_device"),
    path("settings/devices/end-others", settings.end_other_devices, name="end_other_devices"),
    path("settings/email", security.email, name="account_email"),
    path("settings/password", security.password, name="account_change_password"),
    path("settings/password/first", security.first_password, name="account_set_password"),
    path("settings/two-factor", security.two_factor, name="mfa_index"),
    path("settings/two-factor/app", security.activate_app, name="mfa_activate_totp"),
    path("settings/two-factor/app/remove", security.remove_app, name="mfa_deactivate_totp"),
    path("settings/two-factor/codes", security.recovery_codes, name="mfa_view_recovery_codes"),
    path("settings/two-factor/codes/download", security.download_codes, name="mfa_download_recovery_codes"),
    path("settings/two-factor/codes/new", security.new_codes, name="mfa_generate_recovery_codes"),
    path("settings/passkeys", security.passkeys, name="mfa_list_webauthn"),
    path("settings/passkeys/add", security.add_passkey, name="mfa_add_webauthn"),
    path("settings/passkeys/<int:pk>/rename", security.rename_passkey, name="mfa_edit_webauthn"),
    path("settings/passkeys/<int:pk>/remove", security.remove_passkey, name="mfa_remove_webauthn"),
]

_REPLACED = {
    "email/": "account_email",
    "password/change/": "account_change_password",
    "password/set/": "account_set_password",
    "sessions/": "usersessions_list",
    "2fa/": "mfa_index",
    "2fa/totp/activate/": "mfa_activate_totp",
    "2fa/totp/deactivate/": "mfa_deactivate_totp",
    "2fa/recovery-codes/": "mfa_view_recovery_codes",
    "2fa/recovery-codes/download/": "mfa_download_recovery_codes",
    "2fa/recovery-codes/generate/": "mfa_generate_recovery_codes",
    "2fa/webauthn/": "mfa_list_webauthn",
    "2fa/webauthn/add/": "mfa_add_webauthn",
    "2fa/webauthn/keys/<int:pk>/edit/": "mfa_edit_webauthn",
    "2fa/webauthn/keys/<int:pk>/remove/": "mfa_remove_webauthn",
}
# These must come before allauth's.
redirects: list[URLPattern] = [
    path(f"accounts/{place}", RedirectView.as_view(pattern_name=name)) for place, name in _REPLACED.items()
]
