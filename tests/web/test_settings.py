"""Settings: each section, bad input, other people's things, and what allauth's pages look like."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from domain import send_mails

from stint.accounts import tokens
from stint.accounts.models import ApiToken, User
from stint.accounts.queries import caller_by_token
from tests.web.conftest import PASSWORD, caller, signed_in

HTMX = {"HX-Request": "true"}
SECTIONS = [
    "/settings",
    "/settings/time",
    "/settings/password",
    "/settings/two-factor",
    "/settings/passkeys",
    "/settings/devices",
    "/settings/tokens",
]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Mobile Safari/604"


@pytest.fixture(autouse=True)
def _no_limits_left_over(db: None) -> None:
    cache.clear()


def code(secret: str, at: float | None = None) -> str:
    """Return what an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(at or time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def confirm(client: Client, answer: HttpResponse) -> HttpResponse:
    """Type the password where allauth asks whether it is still the same person."""
    assert "reauthenticate" in answer["Location"]
    wanted = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    return client.post(answer["Location"], {"password": PASSWORD, "next": wanted})


def turn_on(client: Client) -> str:
    """Set an authenticator app up; return its secret."""
    confirm(client, client.get("/settings/two-factor/app"))
    page = client.get("/settings/two-factor/app").content.decode()
    found = re.search(r'id="app-secret"[^>]*>(\w+)<', page)
    assert found is not None
    answer = client.post("/settings/two-factor/app", {"code": code(found[1])})
    assert answer["Location"] == "/settings/two-factor/codes"
    return found[1]


@pytest.mark.parametrize("path", SECTIONS)
def test_every_section_opens_for_everybody_and_is_marked(member: Client, path: str) -> None:
    page = member.get(path)

    assert page.status_code == 200
    assert f'href="{path}" class="place" aria-current="page"'.encode() in page.content
    assert page.content.count(b'aria-current="page"') == 1
    assert b' style="' not in page.content


@pytest.mark.parametrize("path", [*SECTIONS, "/settings/account"])
def test_nobody_sees_settings_signed_out(db: None, path: str) -> None:
    assert Client().get(path)["Location"] == f"/login?next={path.replace('/', '%2F')}"


def test_the_account_is_for_administrators(administrator: Client, manager: Client, member: Client) -> None:
    assert [client.get("/settings/account").status_code for client in (administrator, manager, member)] == [
        *(200, 403, 403)
    ]
    assert b'href="/settings/account"' not in member.get("/settings").content


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("email/", "/settings/email"),
        ("password/change/", "/settings/password"),
        ("sessions/", "/settings/devices"),
        ("2fa/", "/settings/two-factor"),
        ("2fa/totp/activate/", "/settings/two-factor/app"),
        ("2fa/webauthn/keys/7/remove/", "/settings/passkeys/7/remove"),
    ],
)
def test_the_pages_of_allauth_lead_to_ours(member: Client, old: str, new: str) -> None:
    assert member.get(f"/accounts/{old}")["Location"] == new


class TestProfile:
    def test_a_name_is_changed(self, member: Client, linus: User) -> None:
        answer = member.post("/settings", {"name": "  Linus  T "}, follow=True)

        linus.refresh_from_db()
        assert linus.name == "Linus T"
        assert b"Saved." in answer.content

    @pytest.mark.parametrize("name", ["", "   ", "x" * 191, "a\0b"])
    def test_a_bad_name_is_told(self, member: Client, linus: User, name: str) -> None:
        answer = member.post("/settings", {"name": name})

        linus.refresh_from_db()
        assert (answer.status_code, linus.name) == (422, "Linus")
        assert b'id="id_name_error"' in answer.content

    def test_an_address_counts_once_its_link_was_followed(self, member: Client, linus: User) -> None:
        wanted = {"action_add": "1", "email": "new@example.com"}
        confirm(member, member.post("/settings/email", wanted))
        linus.refresh_from_db()
        assert linus.email == "linus@example.com"
        assert b"new@example.com" in member.get("/settings").content

        send_mails()
        link = re.search(r"http://[^/]+(/accounts/confirm-email/\S+)", str(mail.outbox[0].body))
        assert link is not None
        assert mail.outbox[0].to == ["new@example.com"]
        assert b"Is this your address?" in member.get(link[1]).content
        member.post(link[1])

        linus.refresh_from_db()
        assert linus.email == "new@example.com"
        assert list(EmailAddress.objects.filter(user=linus).values_list("email", "verified", "primary")) == [
            ("new@example.com", True, True)
        ]
        send_mails()
        assert mail.outbox[-1].to == ["linus@example.com"]

    def test_a_change_can_be_taken_back(self, member: Client, linus: User) -> None:
        confirm(member, member.post("/settings/email", {"action_add": "1", "email": "new@example.com"}))
        member.post("/settings/email", {"action_remove": "1", "email": "new@example.com"})

        assert list(linus.emailaddress_set.values_list("email", flat=True)) == ["linus@example.com"]

    @pytest.mark.parametrize("email", ["", "nobody", "linus@example.com"])
    def test_a_bad_address_is_told(self, member: Client, linus: User, email: str) -> None:
        confirm(member, member.get("/settings/two-factor/app"))
        answer = member.post("/settings/email", {"action_add": "1", "email": email}, follow=True)

        assert b"note-error" in answer.content
        assert linus.emailaddress_set.count() == 1


class TestTimeAndLanguage:
    def test_they_are_kept_and_spoken_at_once(self, member: Client, linus: User) -> None:
        wanted = {"timezone": "Asia/Kathmandu", "language": "de"}
        answer = member.post("/settings/time", wanted, follow=True)

        linus.refresh_from_db()
        assert (linus.timezone, linus.language) == ("Asia/Kathmandu", "de")
        assert b'<html lang="de"' in answer.content

    def test_the_browser_decides_again(self, member: Client, linus: User) -> None:
        member.post("/settings/time", {"timezone": "UTC", "language": "de"}, follow=True)
        answer = member.post("/settings/time", {"timezone": "UTC", "language": ""}, follow=True)

        assert b'<html lang="en"' in answer.content
        assert settings.LANGUAGE_COOKIE_NAME not in {
            name for name, cookie in member.cookies.items() if cookie.value
        }

    @pytest.mark.parametrize(
        ("field", "value"), [("timezone", "Mars/Olympus"), ("timezone", ""), ("language", "tlh")]
    )
    def test_what_there_is_not_is_told(self, member: Client, linus: User, field: str, value: str) -> None:
        answer = member.post("/settings/time", {"timezone": "Asia/Kathmandu", "language": "", field: value})

        linus.refresh_from_db()
        assert (answer.status_code, linus.timezone) == (422, "UTC")
        assert f'id="id_{field}_error"'.encode() in answer.content

    def test_an_unusual_zone_stays_chosen(self, member: Client, linus: User) -> None:
        User.objects.filter(pk=linus.pk).update(timezone="EST5EDT")

        assert b'<option value="EST5EDT" selected>' in member.get("/settings/time").content


class TestTokens:
    def test_one_is_shown_once(self, member: Client, linus: User) -> None:
        page = member.post("/settings/tokens", {"name": "Laptop"}, headers=HTMX)
        found = re.search(rb"stint_[\w-]{40,}", page.content)
        assert found is not None
        token = found[0].decode()

        assert caller_by_token(token) == caller(linus)
        assert "no-store" in page["Cache-Control"]
        for path in ("/settings/tokens", "/settings/tokens/list", "/"):
            assert token not in member.get(path).content.decode()
        assert b"Laptop" in member.get("/settings/tokens").content

    def test_it_needs_a_name(self, member: Client) -> None:
        answer = member.post("/settings/tokens", {"name": " "}, headers=HTMX)

        assert b'id="id_name_error"' in answer.content
        assert not ApiToken.objects.exists()

    def test_a_name_is_shown_as_it_is(self, member: Client) -> None:
        member.post("/settings/tokens", {"name": "<b>Laptop</b>"})

        assert b"&lt;b&gt;Laptop&lt;/b&gt;" in member.get("/settings/tokens").content

    def test_it_is_revoked(self, member: Client, linus: User) -> None:
        made, token = tokens.create_token(caller(linus), "Laptop")

        answer = member.post(f"/settings/tokens/{made.id}/revoke", headers=HTMX)

        assert "stint-people" in answer["HX-Trigger"]
        assert caller_by_token(token) is None

    def test_nobody_sees_or_revokes_those_of_others(self, administrator: Client, linus: User) -> None:
        made, token = tokens.create_token(caller(linus), "Laptop of Linus")

        assert b"Laptop of Linus" not in administrator.get("/settings/tokens").content
        assert administrator.post(f"/settings/tokens/{made.id}/revoke", headers=HTMX).status_code == 404
        assert caller_by_token(token) is not None


class TestPassword:
    WANTED = {"oldpassword": PASSWORD, "password1": "another horse 43", "password2": "another horse 43"}

    def test_a_new_one_ends_all_other_devices(self, member: Client, linus: User) -> None:
        elsewhere = signed_in(linus)
        answer = member.post("/settings/password", self.WANTED, follow=True)

        linus.refresh_from_db()
        assert linus.check_password("another horse 43")
        assert answer.request["PATH_INFO"] == "/settings/password"
        assert member.get("/settings").status_code == 200
        assert elsewhere.get("/settings").status_code == 302
        send_mails()
        assert mail.outbox[0].to == ["linus@example.com"]

    @pytest.mark.parametrize(
        "change",
        [
            {"oldpassword": "wrong"},
            {"password2": "different 44"},
            {"password1": "short", "password2": "short"},
        ],
    )
    def test_what_does_not_fit_is_told(self, member: Client, linus: User, change: dict[str, str]) -> None:
        answer = member.post("/settings/password", self.WANTED | change)

        linus.refresh_from_db()
        assert linus.check_password(PASSWORD)
        assert b"text-error" in answer.content

    def test_guessing_is_limited(self, member: Client) -> None:
        said = [member.post("/settings/password", {"oldpassword": "wrong"}).status_code for _ in range(8)]

        assert 429 in said

    def test_it_is_changed_though_the_mail_server_is_away(
        self, member: Client, linus: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert member.post("/settings/password", self.WANTED).status_code == 302
        linus.refresh_from_db()
        assert linus.check_password("another horse 43")


class TestTwoFactor:
    def test_it_asks_whether_it_is_you(self, member: Client) -> None:
        answer = member.get("/settings/two-factor/app", follow=True)

        assert b"Is it you?" in answer.content
        wrong = member.post("/accounts/reauthenticate/", {"password": "wrong"})
        assert b"text-error" in wrong.content

    def test_the_code_is_a_picture_that_the_policy_allows(self, member: Client) -> None:
        confirm(member, member.get("/settings/two-factor/app"))
        page = member.get("/settings/two-factor/app")

        picture = re.search(rb'src="data:image/svg\+xml;base64,([^"]+)"', page.content)
        assert picture is not None
        assert b"<svg" in base64.b64decode(picture[1])
        assert "img-src 'self' data:" in page["Content-Security-Policy"]
        assert "no-store" in page["Cache-Control"]

    def test_signing_in_then_takes_a_code(self, member: Client, linus: User) -> None:
        secret = turn_on(member)
        client = Client()
        first = client.post("/login", {"login": "linus@example.com", "password": PASSWORD})

        assert first["Location"].startswith("/accounts/2fa/authenticate/")
        assert client.get("/")["Location"] == "/login"
        assert b"text-error" in client.post(first["Location"], {"code": "000000"}).content
        later = time.time() + 30  # each code works once
        with time_machine.travel(later, tick=False):
            assert client.post(first["Location"], {"code": code(secret, later)})["Location"] == "/"
        assert client.get("/").status_code == 200

    def test_a_wrong_code_turns_nothing_on(self, member: Client, linus: User) -> None:
        confirm(member, member.get("/settings/two-factor/app"))
        member.get("/settings/two-factor/app")
        answer = member.post("/settings/two-factor/app", {"code": "000000"})

        assert b"text-error" in answer.content
        assert not Authenticator.objects.exists()

    def test_a_recovery_code_lets_in_once(self, member: Client) -> None:
        turn_on(member)
        page = member.get("/settings/two-factor/codes").content.decode()
        codes = re.findall(r"<li><code>(\d+)</code>", page)
        assert len(codes) == 10
        assert member.get("/settings/two-factor/codes/download").content.decode().split() == codes

        for status in (302, 200):
            client = Client()
            step = client.post("/login", {"login": "linus@example.com", "password": PASSWORD})["Location"]
            assert client.post(step, {"code": codes[0]}).status_code == status

    def test_new_codes_void_the_old_ones(self, member: Client) -> None:
        turn_on(member)
        before = re.findall(r"<code>(\d+)</code>", member.get("/settings/two-factor/codes").content.decode())
        assert b"stop working" in member.get("/settings/two-factor/codes/new").content
        member.post("/settings/two-factor/codes/new")
        after = re.findall(r"<code>(\d+)</code>", member.get("/settings/two-factor/codes").content.decode())

        assert len(after) == 10
        assert not set(before) & set(after)

    def test_it_is_turned_off(self, member: Client) -> None:
        turn_on(member)
        assert b"Turn the authenticator app off?" in member.get("/settings/two-factor/app/remove").content
        member.post("/settings/two-factor/app/remove")

        assert not Authenticator.objects.exists()
        answer = Client().post("/login", {"login": "linus@example.com", "password": PASSWORD})
        assert answer["Location"] == "/"

    def test_codes_are_shown_to_nobody_who_has_none(self, member: Client) -> None:
        assert member.get("/settings/two-factor/codes").status_code == 404


class TestDevices:
    def sign_in(self, user_agent: str) -> Client:
        client = Client(headers={"user-agent": user_agent})
        answer = client.post("/login", {"login": "linus@example.com", "password": PASSWORD})
        assert answer["Location"] == "/"
        return client

    def test_each_is_named_and_this_one_marked(self, linus: User) -> None:
        here, _there = self.sign_in(FIREFOX), self.sign_in(IPHONE)
        page = here.get("/settings/devices").content.decode()

        assert page.index("Firefox on Linux") < page.index("This device") < page.index("Safari on iPhone")
        assert page.count("This device") == 1
        assert "127.0.0.1" in page

    def test_one_is_ended(self, linus: User) -> None:
        here, there = self.sign_in(FIREFOX), self.sign_in(IPHONE)
        session = UserSession.objects.get(user_agent=IPHONE)
        here.post(f"/settings/devices/{session.pk}/end", headers=HTMX)

        assert there.get("/")["Location"] == "/login"
        assert here.get("/").status_code == 200

    def test_all_others_are_ended(self, linus: User) -> None:
        here, *others = [self.sign_in(FIREFOX) for _ in range(3)]
        answer = here.post("/settings/devices/end-others", headers=HTMX)

        assert "Signed out on 2 devices." in answer["HX-Trigger"]
        assert [client.get("/").status_code for client in (here, *others)] == [200, 302, 302]

    def test_those_of_others_are_out_of_reach(self, administrator: Client, linus: User) -> None:
        there = self.sign_in(IPHONE)
        session = UserSession.objects.get(user_agent=IPHONE)

        assert administrator.post(f"/settings/devices/{session.pk}/end", headers=HTMX).status_code == 404
        administrator.post("/settings/devices/end-others", headers=HTMX)
        assert there.get("/").status_code == 200
        assert b"iPhone" not in administrator.get("/settings/devices").content

    def test_a_visit_is_noted_now_and_then(self, linus: User) -> None:
        client = self.sign_in(FIREFOX)
        client.get("/settings/time")
        before = self.queries(client)
        UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=1))
        assert self.queries(client) == before
        assert UserSession.objects.get().last_seen_at < timezone.now() - timedelta(hours=1)

        with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
            client.get("/settings/time")
            assert UserSession.objects.get().last_seen_at == timezone.now()

    def queries(self, client: Client) -> list[str]:
        """Return the statements of a visit, of which none may write."""
        watch = Watch()
        with connection.execute_wrapper(watch):
            client.get("/settings/time")
        assert [sql for sql in watch.seen if not sql.startswith("SELECT")] == []
        return watch.seen

    def test_programs_leave_no_device(self, linus: User) -> None:
        _made, token = tokens.create_token(caller(linus), "Laptop")
        Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

        assert not UserSession.objects.exists()


class Watch:
    """Remembers the statements that run."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.seen.append(sql.strip())
        return execute(sql, *rest)


class TestAccount:
    def test_name_and_week_start_are_changed(self, administrator: Client, ada: User) -> None:
        administrator.post("/settings/account", {"name": "Difference Engines", "week_start": "0"})

        changed = caller(ada)
        assert (changed.account_name, changed.week_start) == ("Difference Engines", 0)
        page = administrator.get("/settings/account").content
        assert b'<option value="0" selected>Sunday' in page

    @pytest.mark.parametrize(
        "change", [{"name": ""}, {"week_start": "7"}, {"week_start": "x"}, {"name": "x" * 191}]
    )
    def test_bad_input_is_told(self, administrator: Client, ada: User, change: dict[str, str]) -> None:
        answer = administrator.post("/settings/account", {"name": "New", "week_start": "1"} | change)

        assert answer.status_code == 422
        assert caller(ada).account_name == "Analytical Engines"

    def test_nobody_else_changes_it(self, manager: Client, ada: User) -> None:
        assert manager.post("/settings/account", {"name": "Ours", "week_start": "1"}).status_code == 403
        assert caller(ada).account_name == "Analytical Engines"
