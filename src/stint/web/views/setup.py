"""The first-run link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from stint.accounts.services import redeem_setup_link, setup_link_open
from stint.errors import DomainError, NotFound
from stint.web.forms import SetupForm
from stint.web.gate import put_on_form

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account and its Administrator, sign them in and show them the integrations."""
    if not setup_link_open(token):
        return render(request, "web/setup_spent.html", status=404)
    form = SetupForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/setup.html", {"form": form}, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    try:
        user = redeem_setup_link(
            token,
            account_name=given["account_name"],
            email=given["email"],
            name=given["name"],
            password=given["password"],
            timezone_name=given["timezone"],
        )
    except NotFound:
        return render(request, "web/setup_spent.html", status=404)
    except DomainError as fault:
        put_on_form(form, fault)
        return render(request, "web/setup.html", {"form": form}, status=422)
    login(request, user, backend=BACKEND)
    messages.success(request, _("Stint is yours. Connect Toggl Track to bring your projects in."))
    return redirect("/integrations")
