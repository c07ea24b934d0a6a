"""The one gate to pages for people: who is signed in, what they may see, and how a refusal is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stint.accounts.queries import Caller, caller_of
from stint.errors import DomainError, Invalid, NotAllowed
from stint.events import present
from stint.help.remedies import remedy
from stint.integrations.toggl.errors import TogglError

Role = Literal["manager", "administrator"]
P = ParamSpec("P")


class PageRequest(HttpRequest):
    """A request of somebody who is signed in."""

    caller: Caller
    began: str
    """When it was taken up, as events of the stream carry it: what the page shows is at least so new."""


View = Callable[Concatenate[PageRequest, P], HttpResponse]
Gated = Callable[Concatenate[HttpRequest, P], HttpResponse]


def gated(role: Role | None = None) -> Callable[[View[P]], Gated[P]]:
    """Return a decorator that admits who is signed in, with at least `role`, and sets `request.caller`.

    Everybody else goes to the sign-in page, or is told why not; a page that asks for a part of itself stays,
    and is told that its session ended. So is every refusal of the domain or of
    Toggl that leaves the view: as a page, or as a notice to a partial request.
    """

    def decorate(view: View[P]) -> Gated[P]:
        @wraps(view)
        def admitted(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            known = known_caller(request)
            if known is None:
                return _to_login(request)
            try:
                _check(known.caller, role)
                return view(known, *args, **kwargs)
            except (DomainError, TogglError) as fault:
                return refusal(request, fault)

        return cast(Gated[P], admitted)

    return decorate


def known_caller(request: HttpRequest) -> PageRequest | None:
    """Return the request with `caller` set; None where nobody is signed in."""
    caller = caller_of(request.user.pk) if request.user.is_authenticated and request.user.pk else None
    if caller is None:
        return None
    known = cast(PageRequest, request)
    known.caller, known.began = caller, present()
    return known


def refusal(request: HttpRequest, fault: DomainError | TogglError) -> HttpResponse:
    """Return a page that says why not; to a partial request, a notice that the kit shows."""
    status = fault.status if isinstance(fault, DomainError) else 502
    if is_partial(request):
        return notice(sentence(fault), kind="error", status=status, help=remedy(fault) or "")
    template = {403: "403.html", 404: "404.html"}.get(status, "web/refused.html")
    return render(request, template, {"reason": sentence(fault), "help": remedy(fault)}, status=status)


def sentence(fault: Exception) -> str:
    """Return what a refusal says as a sentence."""
    if isinstance(fault, Invalid):
        told = [f"{_label(error.field)} {error.message}" for error in fault.errors]
        return capfirst("; ".join(told)).rstrip(".") + "."
    return str(fault).rstrip(".") + "."


def put_on_form(form: BaseForm, fault: DomainError | TogglError) -> None:
    """Show what was refused beside the field it is about."""
    if not isinstance(fault, Invalid):
        form.add_error(None, sentence(fault))
        return
    for error in fault.errors:
        known = error.field in form.fields
        text = error.message if known else f"{_label(error.field)} {error.message}"
        form.add_error(error.field if known else None, capfirst(text).rstrip(".") + ".")


def notice(
    message: str = "",
    *,
    kind: str = "info",
    status: int = 200,
    events: Sequence[str] = (),
    undo: str = "",
    help: str = "",
) -> HttpResponse:
    """Return an answer without a body: a notice to show, and events for the page's own parts.

    `undo` is the address whose POST takes back what was done, `help` the one of the article that says what to
    do; the notice then has a button or a link for it.
    """
    told: dict[str, object] = {name: {} for name in events}
    if message:
        told["stint-notice"] = {"message": message, "kind": kind, "undo": undo, "help": help}
    response = HttpResponse(status=status)
    response.headers["HX-Trigger"] = json.dumps(told)
    response.headers["HX-Reswap"] = "none"
    return response


def is_partial(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def _check(caller: Caller, role: Role | None) -> None:
    if role == "administrator" and not caller.administers:
        raise NotAllowed(_("Only Administrators may open this page. Ask one of yours if you need it"))
    if role == "manager" and not caller.manages:
        raise NotAllowed(_("Only Managers and Administrators may do this"))


def _to_login(request: HttpRequest) -> HttpResponse:
    # A session whose user was disabled or left the account must not stay half signed in; one whose second step is
    # still to come goes on.
    if SESSION_KEY in request.session:
        logout(request)
    if is_partial(request):
        # The page stays as it is, with what was typed in it; the kit tells what to do: see session.ts.
        return notice(status=401, events=("stint-signed-out",))
    query = "" if request.path == "/" else "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{settings.LOGIN_URL}{query}")


def _label(field: str) -> str:
    """Return what a field is called where its fault is told away from it: the fault is the rest of a sentence."""
    called = {
        "api_token": _("The API token"),
        "at": _("The time"),
        "date": _("The date"),
        "day": _("The day"),
        "duration": _("The duration"),
        "email": _("The e-mail"),
        "emails": _("The e-mail"),
        "end": _("The end"),
        "from": _("The first day"),
        "group_by": _("The choice of groups"),
        "file": _("The file"),
        "kind": _("The kind"),
        "language": _("The language"),
        "name": _("The name"),
        "note": _("The note"),
        "parent_id": _("The place"),
        "password": _("The password"),
        "role": _("The role"),
        "seconds": _("The duration"),
        "start": _("The start"),
        "tags": _("The field for tags"),
        "task_id": _("The task"),
        "timezone": _("The time zone"),
        "to": _("The last day"),
        "week_start": _("The start of the week"),
        "workspace_ids": _("The choice of workspaces"),
    }
    return called.get(field, field.replace("_", " "))
