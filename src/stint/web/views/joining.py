"""The page behind the link of an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from stint.accounts import invitations
from stint.errors import DomainError, NotFound
from stint.web.gate import put_on_form
from stint.web.people_forms import ROLES, AcceptForm
from stint.web.views.setup import BACKEND


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Make the user who was asked to join, sign them in and show them their timesheet."""
    invitation = invitations.open_invitation(token)
    if invitation is None:
        return render(request, "web/people/spent.html", status=404)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = invitations.accept(
                token, name=given["name"], password=given["password"], timezone_name=given["timezone"]
            )
        except NotFound:
            return render(request, "web/people/spent.html", status=404)
        except DomainError as fault:
            put_on_form(form, fault)
        else:
            login(request, user, backend=BACKEND)
            named = {"name": user.name, "account": invitation.account.name}
            messages.success(request, _("Welcome to %(account)s, %(name)s.") % named)
            return redirect("timesheet")
    seen = {"form": form, "invitation": invitation, "role": ROLES[invitation.role][0]}
    return render(request, "web/people/accept.html", seen, status=422 if form.is_bound else 200)
