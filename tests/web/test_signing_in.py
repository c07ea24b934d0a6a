"""Signing in and out, and the way back in."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client
from domain import send_mails

from stint.accounts.models import User
from tests.web.conftest import PASSWORD


def test_the_right_password_opens_the_wanted_page(ada: User) -> None:
    answer = Client().post(
        "/login?next=/projects", {"login": "ADA@example.com", "password": PASSWORD, "next": "/projects"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/projects")


def test_a_wrong_password_says_so_and_not_which_part(ada: User) -> None:
    said = [
        Client().post("/login", {"login": login, "password": "wrong"}).content
        for login in ("ada@example.com", "nobody@example.com")
    ]

    for page in said:
        assert b"not correct" in page
        assert b'role="alert"' in page


def test_signing_in_leads_to_no_other_site(ada: User) -> None:
    answer = Client().post(
        "/login", {"login": "ada@example.com", "password": PASSWORD, "next": "https://evil.example"}
    )

    assert answer["Location"] == "/"


def test_signing_out_takes_a_post(member: Client) -> None:
    assert member.get("/logout").status_code == 405
    assert member.post("/logout")["Location"] == "/login"
    assert member.get("/")["Location"] == "/login"


def test_a_forgotten_password_is_reset_by_mail(ada: User) -> None:
    client = Client()
    sent = client.post("/accounts/password/reset/", {"email": "ada@example.com"}, follow=True)
    send_mails()
    link = re.search(r"http://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert sent.status_code == 200
    assert link is not None

    form = client.get(link.group(1), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "another horse 43", "password2": "another horse 43"})

    ada.refresh_from_db()
    assert ada.check_password("another horse 43")


def test_nobody_signs_up_alone(db: None) -> None:
    answer = Client().get("/accounts/signup/")

    assert b"added by invitation" in answer.content


def test_by_https_every_cookie_is_kept_to_https_and_this_site(ada: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    User.objects.filter(pk=ada.pk).update(language="de")
    client = Client(headers={"X-Forwarded-Proto": "https"})
    answers = [
        client.get("/login"),
        client.post("/login", {"login": "ada@example.com", "password": PASSWORD}),
        client.get("/"),
    ]

    cookies = {name: cookie for answer in answers for name, cookie in answer.cookies.items()}
    assert {"stint_session", "stint_csrf", "stint_language"} <= cookies.keys()
    for name, cookie in cookies.items():
        assert cookie["secure"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert not cookie["domain"], name
    assert cookies["stint_session"]["httponly"]
