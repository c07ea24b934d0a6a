"""Settings: of oneself for everybody, of the account for Administrators. Passwords and keys: see `security`."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stint.accounts import audit
from stint.accounts import devices as sessions
from stint.accounts import profile as domain
from stint.accounts import tokens as keys
from stint.errors import DomainError
from stint.web.forms import StintForm
from stint.web.gate import PageRequest, gated, is_partial, notice, put_on_form
from stint.web.settings_forms import AccountForm, ProfileForm, TimeForm, TokenNameForm
from stint.web.views.rates import shown_to

ACTS_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def profile(request: PageRequest) -> HttpResponse:
    """Show and change the name; the e-mail address has a form of its own, see `security.email`."""
    form = ProfileForm(request.POST or None, initial={"name": request.caller.name})
    if request.method == "POST" and form.is_valid():
        try:
            domain.update_profile(request.caller, name=form.cleaned_data["name"])
            return _saved(request, "settings")
        except DomainError as fault:
            put_on_form(form, fault)
    seen = {"form": form, "wanted_email": domain.wanted_email(request.caller)}
    return _page(request, "profile", form, seen)


@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def time(request: PageRequest) -> HttpResponse:
    """Show and change the time zone and the language."""
    caller = request.caller
    present = {"timezone": caller.timezone, "language": caller.language}
    form = TimeForm(request.POST or None, initial=present, present=caller.timezone)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            domain.update_profile(caller, timezone_name=given["timezone"], language=given["language"])
        except DomainError as fault:
            put_on_form(form, fault)
        else:
            with override(given["language"] or get_language()):
                answer = _saved(request, "settings_time")
            if not given["language"]:  # or the cookie would go on deciding instead of the browser
                answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
            return answer
    return _page(request, "time", form, {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def tokens(request: PageRequest) -> HttpResponse:
    """List the tokens, and make one: the answer to that is the only page that shows it."""
    form, made = TokenNameForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _listed, made = keys.create_token(request.caller, form.cleaned_data["name"])
            form = TokenNameForm()
        except DomainError as fault:
            put_on_form(form, fault)
    seen = {"form": form, "made": made, "tokens": keys.tokens(request.caller)}
    if is_partial(request):
        return render(request, "web/settings/tokens_body.html", seen)
    return _page(request, "tokens", form, seen)


@require_safe
@gated()
def token_list(request: PageRequest) -> HttpResponse:
    """Return the list of tokens."""
    return render(request, "web/settings/token_list.html", {"tokens": keys.tokens(request.caller)})


@require_POST
@gated()
def revoke_token(request: PageRequest, token_id: int) -> HttpResponse:
    """Revoke a token."""
    keys.revoke_token(request.caller, token_id)
    return notice(_("Token revoked."), kind="success", events=("stint-people",))


@require_safe
@gated()
def devices(request: PageRequest) -> HttpResponse:
    """List where the person is signed in."""
    found = sessions.devices(request.caller, request.session.session_key)
    template = "device_list" if is_partial(request) else "devices"
    return render(request, f"web/settings/{template}.html", {"devices": found})


@require_POST
@gated()
def end_device(request: PageRequest, device_id: int) -> HttpResponse:
    """Sign out on one device."""
    sessions.end_device(request.caller, device_id)
    return notice(_("Signed out there."), kind="success", events=("stint-people",))


@require_POST
@gated()
def end_other_devices(request: PageRequest) -> HttpResponse:
    """Sign out everywhere else."""
    ended = sessions.end_other_devices(request.caller, request.session.session_key)
    text = ngettext("Signed out on %(count)d device.", "Signed out on %(count)d devices.", ended)
    return notice(text % {"count": ended}, kind="success", events=("stint-people",))


@require_http_methods(["GET", "HEAD", "POST"])
@gated("administrator")
def account(request: PageRequest) -> HttpResponse:
    """Show and change what holds for everybody in the account."""
    caller = request.caller
    present = {"name": caller.account_name, "week_start": caller.week_start}
    form = AccountForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        try:
            domain.update_account(caller, **form.cleaned_data)
            return _saved(request, "settings_account")
        except DomainError as fault:
            put_on_form(form, fault)
    return _page(request, "account", form, {**shown_to(caller, None), "form": form})


@require_safe
@gated("administrator")
def audit_trail(request: PageRequest) -> HttpResponse:
    """Show what Administrators did, newest first."""
    page = audit.trail(request.caller, limit=ACTS_A_PAGE, cursor=request.GET.get("cursor"))
    return render(request, "web/settings/audit.html", {"page": page})


def _page(request: PageRequest, section: str, form: StintForm, seen: Mapping[str, object]) -> HttpResponse:
    return render(request, f"web/settings/{section}.html", seen, status=422 if form.errors else 200)


def _saved(request: PageRequest, section: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(section)
