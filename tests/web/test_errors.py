"""The pages for what went wrong."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from stint.web.views import errors, timesheet


def test_an_unknown_address_says_so(member: Client) -> None:
    answer = member.get("/no/such/page")

    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content


def test_a_fault_of_ours_tells_no_inside(member: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(timesheet, "stretch", fail)
    member.raise_request_exception = False

    answer = member.get("/")

    assert answer.status_code == 500
    assert b"Something went wrong in Stint" in answer.content
    assert b"secret inside" not in answer.content


def test_a_fault_is_told_even_when_the_assets_are_missing(
    member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("no manifest")

    monkeypatch.setattr(timesheet, "stretch", fail)
    monkeypatch.setattr(errors, "render_to_string", fail)
    member.raise_request_exception = False

    answer = member.get("/")

    assert (answer.status_code, answer["Content-Type"]) == (500, "text/plain")
    assert b"Something went wrong in Stint" in answer.content


def test_a_form_without_its_token_is_told_to_reload(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login", {"login": "ada@example.com", "password": "x"})

    assert answer.status_code == 403
    assert b"open for too long" in answer.content


def test_a_refused_partial_request_is_answered_with_a_notice(member: Client) -> None:
    answer = member.get("/projects/new", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (403, b"")
    assert "Only Managers and Administrators may do this." in answer["HX-Trigger"]


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (OperationalError("the connection was closed"), 503, b"The database does not answer"),
        (InterfaceError("connection already closed"), 503, b"The database does not answer"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, b"disk is full"),
    ],
)
def test_a_page_tells_of_a_database_in_trouble_and_not_of_a_fault_of_ours(
    member: Client, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, told: bytes
) -> None:
    def fail(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(timesheet, "stretch", fail)
    member.raise_request_exception = False

    answer = member.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (status, "2")
    assert told in answer.content

    partial = member.get("/", headers={"HX-Request": "true"})
    assert partial.status_code == status
    assert told in partial["HX-Trigger"].encode()
