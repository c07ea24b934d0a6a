"""What those are told who may not open a page; who may is in test_page_access.py."""

from __future__ import annotations

import pytest
from django.test import Client

from stint.accounts.models import User
from stint.tasks import services
from tests.web.conftest import caller

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("path", ["/", "/projects/tree"])
def test_anonymous_people_are_sent_to_sign_in_and_back(db: None, path: str) -> None:
    answer = Client().get(path)

    assert answer.status_code == 302
    wanted = "/login" if path == "/" else f"/login?next={path.replace('/', '%2F')}"
    assert answer["Location"] == wanted


def test_a_partial_request_without_session_leaves_the_page_and_tells_it(db: None) -> None:
    answer = Client().get("/timesheet/days", headers=HTMX)

    assert (answer.status_code, answer["HX-Trigger"]) == (401, '{"stint-signed-out": {}}')
    assert "HX-Redirect" not in answer


@pytest.mark.parametrize("act", ["rename", "move", "archive", "restore", "people"])
def test_a_member_changes_nothing_in_the_tree(ada: User, linus: User, member: Client, act: str) -> None:
    task_id = services.create_task(caller(ada), "Website")
    services.assign(caller(ada), task_id, linus.pk)

    answer = member.post(f"/projects/{task_id}/{act}", {"name": "Mine", "user_id": linus.pk})

    assert answer.status_code == 403
    assert b"Only Managers and Administrators" in answer.content


def test_a_disabled_user_is_signed_out(linus: User, member: Client) -> None:
    linus.is_active = False
    linus.save()

    assert member.get("/projects")["Location"].startswith("/login")


def test_only_administrators_see_integrations_in_the_navigation(
    administrator: Client, member: Client
) -> None:
    assert b'href="/integrations"' in administrator.get("/").content
    assert b'href="/integrations"' not in member.get("/").content
