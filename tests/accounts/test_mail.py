"""Invitations go out by real SMTP, and wait while the mail server is away."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from smtp import mail_server

from stint.accounts import mail
from stint.accounts.invitations import InvitationOut, accept, invitations, invite, resend, revoke
from stint.accounts.models import Invitation, User
from stint.accounts.queries import Caller
from stint.server.background import QueueRunner

pytestmark = pytest.mark.django_db(transaction=True)


def use(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5


def work() -> None:
    """Do what a worker does until nothing is queued."""
    QueueRunner()()


def ask(caller: Caller) -> InvitationOut:
    return invite(caller, ["hedy@example.com"])[0]


def stored() -> Invitation:
    return Invitation.objects.get()


def test_the_mail_carries_the_link_in_text_and_html(ada: Caller, settings: Any) -> None:
    with mail_server() as server:
        use(settings, server.port)
        asked = ask(ada)
        work()
        (message,) = server.to("hedy@example.com")
    assert asked.link is not None
    assert message["Subject"] == "You are invited to Analytical Engines on Stint"
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        assert asked.link in body.get_content()
        assert "Ada invites you" in body.get_content()
    assert stored().sent_at is not None
    assert stored().next_try_at is None


def test_it_speaks_the_language_of_who_invites(ada: Caller, settings: Any) -> None:
    User.objects.filter(pk=ada.user_id).update(language="de")
    with mail_server() as server:
        use(settings, server.port)
        ask(ada)
        work()
        body = server.mails[0].get_body(("html",))
    assert body is not None
    assert '<html lang="de">' in body.get_content()


def test_while_the_server_is_away_the_invitation_waits_and_says_why(
    ada: Caller, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server() as server:
        use(settings, server.port)
    caplog.set_level(logging.DEBUG)

    asked = ask(ada)
    work()

    waiting = stored()
    assert waiting.problem == "The mail server cannot be reached (EMAIL_URL)."
    assert invitations(ada)[0].problem == waiting.problem
    assert waiting.next_try_at is not None
    assert timezone.now() < waiting.next_try_at < timezone.now() + timedelta(minutes=2)
    assert asked.link is not None
    assert asked.link.rsplit("/", 1)[1] not in caplog.text

    with mail_server(server.port) as back:
        Invitation.objects.update(next_try_at=timezone.now())
        mail.send_due()
        work()
        assert len(back.mails) == 1
    assert (stored().problem, stored().next_try_at) == ("", None)
    assert accept(asked.link.rsplit("/", 1)[1], name="Hedy", password="correct horse 42")


def test_tries_end_and_their_pauses_grow(ada: Caller, settings: Any) -> None:
    with mail_server() as server:
        use(settings, server.port)
    ask(ada)
    pauses = []
    for _ in range(len(mail.PAUSES) + 3):
        work()
        if (next_try := stored().next_try_at) is None:
            break
        pauses.append(next_try - timezone.now())
        Invitation.objects.update(next_try_at=timezone.now(), expires_at=timezone.now() + timedelta(days=1))
        mail.send_due()
    assert len(pauses) == len(mail.PAUSES)
    assert pauses == sorted(pauses)
    assert stored().problem


def test_a_refused_address_is_told_as_that(ada: Caller, settings: Any) -> None:
    with mail_server() as server:
        server.refused.add("hedy@example.com")
        use(settings, server.port)
        ask(ada)
        work()
    assert stored().problem == "The mail server refuses this address."


def test_a_revoked_or_renewed_one_is_not_sent_with_the_old_link(ada: Caller, settings: Any) -> None:
    with mail_server() as server:
        use(settings, server.port)
        revoke(ada, ask(ada).id)
        work()
        assert server.mails == []
        again = resend(ada, ask(ada).id)
        work()
        (message,) = server.mails
    assert again.link is not None
    assert again.link in message.as_string()


def test_a_mail_that_a_dead_worker_took_is_sent_by_another(ada: Caller, settings: Any) -> None:
    with mail_server() as server:
        use(settings, server.port)
        ask(ada)
        DBTaskResult.objects.all().delete()  # as if its worker was killed
        mail.send_due()
        work()
        assert server.mails == []
        Invitation.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
        mail.send_due()
        work()
        assert len(server.mails) == 1


def test_without_a_mail_server_mails_are_files(ada: Caller, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert not mail.delivers()
    asked = ask(ada)
    work()
    (file,) = tmp_path.iterdir()
    assert asked.link is not None
    assert asked.link in file.read_text().replace("=\n", "")


def test_an_invitation_that_waits_in_the_queue_twice_goes_out_once(ada: Caller, settings: Any) -> None:
    with mail_server() as server:
        use(settings, server.port)
        ask(ada)
        Invitation.objects.update(next_try_at=timezone.now())
        mail.send_due()
        work()
        assert len(server.mails) == 1
    assert stored().tries == 1


def test_a_try_put_off_by_a_clock_that_ran_ahead_is_due(ada: Caller, settings: Any) -> None:
    with mail_server() as server:
        use(settings, server.port)
        ask(ada)
        DBTaskResult.objects.all().delete()
        Invitation.objects.update(next_try_at=timezone.now() + timedelta(days=5))
        mail.send_due()
        work()
        assert len(server.mails) == 1


def test_a_mail_of_signing_in_waits_while_the_server_is_away(
    ada: Caller, settings: Any, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    email = User.objects.get(pk=ada.user_id).email
    with mail_server() as server:
        use(settings, server.port)
    asked = client.post("/accounts/password/reset/", {"email": email})
    assert asked.status_code == 302
    work()
    again = DBTaskResult.objects.get(status="READY")
    assert again.run_after is not None
    assert again.run_after > timezone.now()
    assert "password/reset" not in str(list(DBTaskResult.objects.values("args_kwargs")))
    DBTaskResult.objects.update(run_after=timezone.now())
    with mail_server(server.port) as server:
        work()
    (message,) = server.to(email)
    body = message.get_body(("plain",))
    assert body is not None
    assert "/accounts/password/reset/key/" in body.get_content()
