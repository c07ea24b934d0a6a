"""Who may open which page: every address of a page, as every kind of visitor, by GET and by POST.

The table is the rule. An address that it does not list fails the first test, so a new page cannot be forgotten. Each
cell starts from the same world: a task, an entry and more of one account, and a stranger, who is the Administrator of
another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from domain import found, hire

from stint.accounts.invitations import invite
from stint.accounts.models import User
from stint.accounts.tokens import create_token
from stint.entries.services import NewEntry, add_entry
from stint.imports.models import Import
from stint.reports.models import SavedReport
from stint.tasks import services as tasks
from stint.web import urls
from stint.web.middleware import CONTENT_SECURITY_POLICY
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

VISITORS = ("anonymous", "member", "manager", "administrator", "stranger")
Statuses = tuple[int, int, int, int, int]
#            anonymous, member, manager, administrator, stranger
SIGNED_IN = (302, 200, 200, 200, 200)
OF_IT = (302, 200, 200, 200, 404)  # of its account
MANAGERS = (302, 403, 200, 200, 200)
MANAGERS_OF_IT = (302, 403, 200, 200, 404)
ADMINISTRATORS = (302, 403, 403, 200, 200)
ADMINISTRATORS_OF_IT = (302, 403, 403, 200, 404)
OPEN = (200, 200, 200, 200, 200)
LEADS_ON = (302, 302, 302, 302, 302)  # to the sign-in, or to the page that has it
NO_SUCH_LINK = (404, 404, 404, 404, 404)  # the link is the permission; this one is none
NOT_SO = (405, 405, 405, 405, 405)  # the method
ONLY_GET = (302, 405, 405, 405, 405)
EMPTY = (302, 422, 422, 422, 422)  # admitted, and told what is missing
HAS_NONE = (302, 404, 404, 404, 404)  # admitted, and has no such thing
NOT_ENABLED = (302, 403, 403, 409, 409)  # admitted; the integration was never enabled
TABLE: dict[str, tuple[Statuses, Statuses]] = {  # by GET, by POST
    "": (SIGNED_IN, NOT_SO),
    "timesheet/days": (SIGNED_IN, NOT_SO),
    "timesheet/add": (NOT_SO, EMPTY),
    "timesheet/times": (NOT_SO, SIGNED_IN),
    "timesheet/edit": (NOT_SO, EMPTY),
    "timesheet/delete": (NOT_SO, EMPTY),
    "timesheet/restore": (NOT_SO, EMPTY),
    "timesheet/<uuid:entry_id>": ((302, 302, 302, 302, 404), NOT_SO),
    "timesheet/<uuid:entry_id>/edit": (OF_IT, OF_IT),
    "timesheet/<uuid:entry_id>/continue": (NOT_SO, (302, 302, 422, 422, 404)),
    "timesheet/<uuid:entry_id>/duplicate": (NOT_SO, (302, 302, 422, 422, 404)),
    "timesheet/<uuid:entry_id>/split": (OF_IT, OF_IT),
    "timesheet/<uuid:entry_id>/delete": (NOT_SO, (302, 302, 302, 302, 404)),
    "timesheet/week": (SIGNED_IN, NOT_SO),
    "timesheet/week/grid": (SIGNED_IN, NOT_SO),
    "timesheet/week/cell": (NOT_SO, EMPTY),
    "timesheet/week/save": (NOT_SO, LEADS_ON),
    "timesheet/week/undo": (NOT_SO, HAS_NONE),
    "timesheet/calendar": (SIGNED_IN, NOT_SO),
    "projects": (SIGNED_IN, NOT_SO),
    "projects/tree": (SIGNED_IN, NOT_SO),
    "projects/archived": (SIGNED_IN, NOT_SO),
    "projects/new": (MANAGERS, MANAGERS),
    "projects/<int:task_id>/rename": (MANAGERS_OF_IT, MANAGERS_OF_IT),
    "projects/<int:task_id>/move": (MANAGERS_OF_IT, MANAGERS_OF_IT),
    "projects/<int:task_id>/look": (MANAGERS_OF_IT, MANAGERS_OF_IT),
    "projects/<int:task_id>/money": (MANAGERS_OF_IT, MANAGERS_OF_IT),
    "settings/rates": (ADMINISTRATORS, ADMINISTRATORS),
    "projects/<int:task_id>/start": (NOT_SO, (302, 200, 422, 422, 422)),
    "projects/<int:task_id>/archive": (NOT_SO, MANAGERS_OF_IT),
    "projects/<int:task_id>/restore": (NOT_SO, MANAGERS_OF_IT),
    "projects/<int:task_id>/people": (OF_IT, OF_IT),
    "projects/<int:task_id>/people/<int:user_id>/remove": (NOT_SO, MANAGERS_OF_IT),
    "dashboard": (SIGNED_IN, NOT_SO),
    "dashboard/running": (SIGNED_IN, NOT_SO),
    "reports": (SIGNED_IN, NOT_SO),
    "reports/detailed": (SIGNED_IN, NOT_SO),
    "reports/weekly": (SIGNED_IN, NOT_SO),
    "reports/tree": (SIGNED_IN, NOT_SO),
    "reports/tree/<int:task_id>": (OF_IT, NOT_SO),
    "reports/tags": (SIGNED_IN, NOT_SO),
    "reports/save": (SIGNED_IN, SIGNED_IN),
    "reports/saved": (SIGNED_IN, NOT_SO),
    # The member's own, shared with all: an Administrator may delete it as well.
    "reports/saved/<int:report_id>/delete": (NOT_SO, (302, 302, 403, 302, 404)),
    "imports": (ADMINISTRATORS, (302, 403, 403, 422, 422)),
    "imports/<int:import_id>": (ADMINISTRATORS_OF_IT, NOT_SO),
    # This one is over: no more to apply, cancel or choose.
    "imports/<int:import_id>/apply": (NOT_SO, (302, 403, 403, 409, 404)),
    "imports/<int:import_id>/cancel": (NOT_SO, (302, 403, 403, 409, 404)),
    "imports/<int:import_id>/people": (NOT_SO, (302, 403, 403, 409, 404)),
    "integrations/toggl/history": (NOT_SO, (302, 403, 403, 422, 422)),
    "help": (OPEN, NOT_SO),
    "help/<slug:slug>": (NO_SUCH_LINK, NOT_SO),
    "people": (SIGNED_IN, NOT_SO),
    "people/invite": (ADMINISTRATORS, ADMINISTRATORS),
    "people/invitations/<int:invitation_id>/resend": (NOT_SO, ADMINISTRATORS_OF_IT),
    "people/invitations/<int:invitation_id>/revoke": (NOT_SO, ADMINISTRATORS_OF_IT),
    "people/<int:user_id>/rates": (MANAGERS_OF_IT, MANAGERS_OF_IT),
    "people/<int:user_id>/role": (NOT_SO, (302, 403, 403, 422, 422)),
    "people/<int:user_id>/disable": (NOT_SO, ADMINISTRATORS_OF_IT),
    "people/<int:user_id>/enable": (NOT_SO, ADMINISTRATORS_OF_IT),
    "invitations/<str:token>": (NO_SUCH_LINK, NO_SUCH_LINK),
    "integrations": (ADMINISTRATORS, NOT_SO),
    "integrations/toggl": (ADMINISTRATORS, NOT_SO),
    "integrations/toggl/enable": (NOT_SO, (302, 403, 403, 422, 422)),
    "integrations/toggl/reenable": (NOT_SO, (302, 403, 403, 422, 422)),
    "integrations/toggl/preview": (NOT_SO, ADMINISTRATORS),
    "integrations/toggl/save": (NOT_SO, NOT_ENABLED),
    "integrations/toggl/sync": (NOT_SO, NOT_ENABLED),
    "integrations/toggl/run": (ADMINISTRATORS, NOT_SO),
    "integrations/toggl/confirm": (NOT_SO, NOT_ENABLED),
    "integrations/toggl/details": (ADMINISTRATORS, NOT_SO),
    "integrations/toggl/runs/<int:run_id>": ((302, 403, 403, 404, 404), NOT_SO),
    "integrations/toggl/people": (ADMINISTRATORS, NOT_SO),
    "integrations/toggl/invite": (NOT_SO, ADMINISTRATORS),
    "integrations/toggl/keep-in-sync": (NOT_SO, ADMINISTRATORS),
    "integrations/toggl/unlink": (NOT_SO, (302, 403, 403, 404, 404)),
    "connect": (SIGNED_IN, SIGNED_IN),
    "calendar/<str:token>.ics": (NO_SUCH_LINK, NOT_SO),
    "m": (SIGNED_IN, NOT_SO),
    "m/shell": (OPEN, NOT_SO),
    "manifest.webmanifest": (OPEN, NOT_SO),
    "sw.js": (OPEN, NOT_SO),
    "setup/<str:token>": (NO_SUCH_LINK, NO_SUCH_LINK),
    "accounts/email/": (LEADS_ON, LEADS_ON),
    "accounts/password/change/": (LEADS_ON, LEADS_ON),
    "accounts/password/set/": (LEADS_ON, LEADS_ON),
    "accounts/sessions/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/totp/activate/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/totp/deactivate/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/recovery-codes/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/recovery-codes/download/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/recovery-codes/generate/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/webauthn/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/webauthn/add/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": (LEADS_ON, LEADS_ON),
    "accounts/login/": ((200, 302, 302, 302, 302), (200, 302, 302, 302, 302)),
    "accounts/logout/": (SIGNED_IN, LEADS_ON),
    "accounts/inactive/": (OPEN, NOT_SO),
    "accounts/signup/": ((200, 302, 302, 302, 302), (200, 302, 302, 302, 302)),
    "accounts/reauthenticate/": ((302, 403, 403, 403, 403), (302, 403, 403, 403, 403)),
    "accounts/confirm-email/": (OPEN, NOT_SO),
    "accounts/password/reset/": (OPEN, OPEN),
    "accounts/login/code/confirm/": (LEADS_ON, LEADS_ON),
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": (OPEN, NO_SUCH_LINK),
    "accounts/password/reset/key/done/": (OPEN, NOT_SO),
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (OPEN, OPEN),
    "accounts/password/reset/done/": (OPEN, NOT_SO),
    "accounts/2fa/authenticate/": (LEADS_ON, LEADS_ON),
    "accounts/2fa/reauthenticate/": ((302, 403, 403, 403, 403), (302, 403, 403, 403, 403)),
    "accounts/2fa/webauthn/reauthenticate/": ((302, 403, 403, 403, 403), (302, 403, 403, 403, 403)),
    "accounts/2fa/webauthn/login/": (LEADS_ON, LEADS_ON),
    "settings": (SIGNED_IN, SIGNED_IN),
    "settings/time": (SIGNED_IN, SIGNED_IN),
    "settings/tokens": (SIGNED_IN, SIGNED_IN),
    "settings/tokens/list": (SIGNED_IN, NOT_SO),
    "settings/tokens/<int:token_id>/revoke": (NOT_SO, (302, 200, 404, 404, 404)),
    "settings/account": (ADMINISTRATORS, ADMINISTRATORS),
    "settings/audit": (ADMINISTRATORS, NOT_SO),
    "settings/devices": (SIGNED_IN, NOT_SO),
    "settings/devices/<int:device_id>/end": (NOT_SO, HAS_NONE),
    "settings/devices/end-others": (NOT_SO, SIGNED_IN),
    "settings/calendar": (SIGNED_IN, SIGNED_IN),
    "settings/calendar/revoke": (NOT_SO, HAS_NONE),
    "settings/email": (LEADS_ON, LEADS_ON),
    "settings/password": (LEADS_ON, LEADS_ON),
    "settings/password/first": (SIGNED_IN, SIGNED_IN),
    "settings/two-factor": (SIGNED_IN, ONLY_GET),
    "settings/two-factor/app": (SIGNED_IN, SIGNED_IN),
    "settings/two-factor/app/remove": (HAS_NONE, HAS_NONE),
    "settings/two-factor/codes": (HAS_NONE, ONLY_GET),
    "settings/two-factor/codes/download": (HAS_NONE, HAS_NONE),
    "settings/two-factor/codes/new": (SIGNED_IN, SIGNED_IN),
    "settings/passkeys": (SIGNED_IN, ONLY_GET),
    "settings/passkeys/add": (SIGNED_IN, SIGNED_IN),
    "settings/passkeys/<int:pk>/rename": (HAS_NONE, HAS_NONE),
    "settings/passkeys/<int:pk>/remove": (HAS_NONE, HAS_NONE),
    "login": ((200, 302, 302, 302, 302), (200, 302, 302, 302, 302)),
    "logout": (NOT_SO, LEADS_ON),
}


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


@dataclass
class World:
    """A browser with the cookies of each visitor, and the ids of things of the first account."""

    client: Client
    cookies: dict[str, dict[str, Any]]
    ids: dict[str, object]

    def open(self, route: str, visitor: str, method: str) -> HttpResponse:
        """Answer as the page does, and take back what it did."""
        self.client.cookies = SimpleCookie(self.cookies[visitor])
        with transaction.atomic():
            answer = self.client.generic(method, self.address(route))
            transaction.set_rollback(True)
        return answer

    def address(self, route: str) -> str:
        for pattern, kind in KINDS.items():
            route = re.sub(pattern, kind, route)
        return "/" + route.format(**self.ids)


KINDS = {
    r"\(\?P<(\w+)>[^)]*\)": r"{\1}",
    r"<(?:\w+:)?(\w+)>": r"{\1}",
    r"[\^$]": "",
}


@pytest.fixture
def world(db: None) -> World:
    ada, eve = found("Analytical Engines", "Ada"), found("Elsewhere", "Eve")
    grace, mary = hire(ada, "Grace", "manager"), hire(ada, "Mary")
    task = tasks.create_task(grace, "Website")
    tasks.assign(grace, task, mary.user_id)
    entry, _new = add_entry(mary, NewEntry(task_id=task, day=date(2026, 11, 23), seconds=3600), "web")
    (asked,) = invite(ada, ["ida@example.com"])
    token, _secret = create_token(mary, "Phone")
    saved = SavedReport.objects.create(
        account_id=ada.account_id, owner_id=mary.user_id, name="Mine", view="summary", shared=True
    )
    brought = Import.objects.create(
        account_id=ada.account_id, kind="toggl_csv", status="failed", queued_at=timezone.now()
    )
    people = {"member": mary, "manager": grace, "administrator": ada, "stranger": eve}
    sessions = {name: signed_in(User.objects.get(pk=person.user_id)) for name, person in people.items()}
    return World(
        client=Client(),
        cookies={"anonymous": {}, **{name: client.cookies for name, client in sessions.items()}},
        ids={
            "task_id": task,
            "user_id": mary.user_id,
            "entry_id": entry.id,
            "run_id": 1,
            "report_id": saved.pk,
            "import_id": brought.pk,
            "slug": "none",
            "token_id": token.id,
            "device_id": 1,
            "pk": 1,
            "invitation_id": asked.id,
            "token": "none",
            "key": "none",
            "uidb36": "1",
        },
    )


def test_the_table_lists_every_page() -> None:
    assert set(_routes(urls.urlpatterns)) == TABLE.keys()


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_visitor_is_answered_as_the_table_says(world: World, visitor: str, method: str) -> None:
    place, column = ("GET", "POST").index(method), VISITORS.index(visitor)
    expected = {route: (statuses[place][column], []) for route, statuses in TABLE.items()}
    answers = {route: world.open(route, visitor, method) for route in TABLE}

    assert {route: (answer.status_code, _unsafe(answer)) for route, answer in answers.items()} == expected


HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script>|javascript:", re.IGNORECASE)


def _unsafe(answer: HttpResponse) -> list[str]:
    """Name what is missing from, or must not be in, the answer of any page."""
    faults = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        faults += [found.group() for found in INLINE.finditer(answer.content.decode())]
    session = answer.cookies.get("stint_session")
    if session and session.value and not (session["httponly"] and session["samesite"] == "Lax"):
        faults.append("session cookie")
    return faults


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split(";"))

    assert rules["default-src"] == rules["form-action"] == rules["base-uri"] == "'self'"
    assert rules["object-src"] == rules["frame-ancestors"] == "'none'"
    assert "script-src" not in rules
    assert "unsafe" not in CONTENT_SECURITY_POLICY
