"""Settings that allauth keeps: e-mail address, password, two-factor, passkeys. Its flows and limits, our pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from allauth.account import views as account
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from stint.web.gate import gated


def _page(view: Any) -> Callable[..., HttpResponse]:  # noqa: ANN401  (allauth's views are not typed)
    """Return the view behind the gate, never kept by the browser: its pages carry secrets or forms about them."""
    return never_cache(gated()(cast(Callable[..., HttpResponse], view.as_view())))


class _Email(account.EmailView):
    """Asks for a mail to a new address, which counts once its link was followed."""

    success_url = reverse_lazy("settings")

    def form_invalid(self, form: Any) -> HttpResponse:  # noqa: ANN401
        """Say on the profile what is wrong."""
        for faults in form.errors.values():
            for fault in faults:
                messages.error(self.request, fault)
        return redirect("settings")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Lead to the profile, where the form is."""
        return redirect("settings")


class _OneRule:
    """Says in a sentence what a password must be; each fault is told in full when it happens."""

    def get_form(self, *args: Any) -> Any:  # noqa: ANN401
        """Return allauth's form with our help."""
        form = super().get_form(*args)  # type: ignore[misc]
        form.fields["password1"].help_text = _("At least 10 characters, and not easy to guess.")
        return form


class _Password(_OneRule, account.PasswordChangeView):
    """Changes the password; Django then ends all other sessions, whose hash no longer fits."""

    template_name = "web/settings/password.html"
    success_url = reverse_lazy("account_change_password")

    def get_default_success_url(self) -> str:
        """Stay in the settings."""
        return str(self.success_url)


class _FirstPassword(_OneRule, account.PasswordSetView):
    """Sets the password of somebody who has none."""

    template_name = "web/settings/password.html"
    success_url = reverse_lazy("account_change_password")

    def get_default_success_url(self) -> str:
        """Stay in the settings."""
        return str(self.success_url)


class _TwoFactor(mfa.IndexView):
    template_name = "web/settings/two_factor.html"


class _ActivateApp(totp.ActivateTOTPView):
    template_name = "web/settings/app.html"


class _RemoveApp(totp.DeactivateTOTPView):
    template_name = "web/settings/app_remove.html"


class _Codes(codes.ViewRecoveryCodesView):
    template_name = "web/settings/codes.html"


class _DownloadCodes(codes.DownloadRecoveryCodesView):
    template_name = "web/settings/codes.txt"


class _NewCodes(codes.GenerateRecoveryCodesView):
    template_name = "web/settings/codes_new.html"


class _Passkeys(webauthn.ListWebAuthnView):
    template_name = "web/settings/passkeys.html"


class _AddPasskey(webauthn.AddWebAuthnView):
    template_name = "web/settings/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ask for a key that signs in alone, which allauth leaves to a checkbox."""
        seen = super().get_context_data(**kwargs)
        user = authenticated_user(self.request)
        seen["js_data"] = {"creation_options": begin_registration(user, passwordless=True)}
        return seen

    def get_success_url(self) -> str:
        """Show the recovery codes that come with the first key."""
        return str(
            reverse_lazy(
                "mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_list_webauthn"
            )
        )


class _RenamePasskey(webauthn.EditWebAuthnView):
    template_name = "web/settings/passkey_rename.html"


class _RemovePasskey(webauthn.RemoveWebAuthnView):
    template_name = "web/settings/passkey_remove.html"


email = _page(_Email)
password = _page(_Password)
first_password = _page(_FirstPassword)
two_factor = _page(_TwoFactor)
activate_app = _page(_ActivateApp)
remove_app = _page(_RemoveApp)
recovery_codes = _page(_Codes)
download_codes = _page(_DownloadCodes)
new_codes = _page(_NewCodes)
passkeys = _page(_Passkeys)
add_passkey = _page(_AddPasskey)
rename_passkey = _page(_RenamePasskey)
remove_passkey = _page(_RemovePasskey)
