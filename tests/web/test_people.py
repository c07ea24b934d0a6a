"""The People page, the dialog that invites, and the page behind an invitation's link."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from stint.accounts import invitations
from stint.accounts.models import Account, Invitation, Membership, User
from stint.accounts.services import create_user
from tests.web.conftest import PASSWORD, caller

HTMX = {"HX-Request": "true"}
JOIN = {"name": "Hedy", "password": PASSWORD, "timezone": "Europe/Vienna"}


@pytest.fixture
def asked(ada: User) -> Invitation:
    invitations.invite(caller(ada), ["hedy@example.com"], "manager")
    return Invitation.objects.get()


def link(ada: User) -> str:
    """Return the path of the newest invitation's link."""
    found = invitations.invitations(caller(ada))[0].link
    assert found is not None
    return "/invitations/" + found.rsplit("/", 1)[1]


def text(client: Client, path: str = "/people") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def posts(person: User, invitation: Invitation) -> list[str]:
    return [
        "/people/invite",
        f"/people/{person.pk}/role",
        f"/people/{person.pk}/disable",
        f"/people/{person.pk}/enable",
        f"/people/invitations/{invitation.pk}/resend",
        f"/people/invitations/{invitation.pk}/revoke",
    ]


def test_everybody_sees_who_is_there(member: Client, ada: User, grace: User) -> None:
    page = text(member)

    assert all(seen in page for seen in ("Ada", "ada@example.com", "Grace", "Manager", "Linus"))
    assert 'href="/people" class="place" aria-current="page"' in page


@pytest.mark.parametrize("who", ["manager", "member"])
def test_only_administrators_see_and_change_more(
    request: pytest.FixtureRequest, who: str, asked: Invitation, linus: User
) -> None:
    client: Client = request.getfixturevalue(who)

    page = text(client)

    assert "hedy@example.com" not in page
    assert not re.search(r'<select[^>]+name="role"|Invite people|/disable"', page)
    assert {client.post(path, {"role": "manager"}).status_code for path in posts(linus, asked)} == {403}
    assert client.get("/people/invite").status_code == 403
    assert (Invitation.objects.count(), Membership.objects.get(user=linus).role) == (1, "member")


def test_nobody_comes_in_without_signing_in(asked: Invitation, linus: User) -> None:
    paths = ["/people", *posts(linus, asked)]

    assert {Client().post(path).status_code for path in paths[1:]} == {302}
    assert Client().get("/people")["Location"] == "/login?next=%2Fpeople"


class TestMembers:
    def test_a_role_is_changed(self, administrator: Client, linus: User) -> None:
        answer = administrator.post(f"/people/{linus.pk}/role", {"role": "manager"}, headers=HTMX)

        assert "Linus: Manager from now on." in answer["HX-Trigger"]
        assert Membership.objects.get(user=linus).role == "manager"

    def test_the_last_administrator_stays_one(self, administrator: Client, ada: User, linus: User) -> None:
        page = text(administrator)
        answer = administrator.post(f"/people/{ada.pk}/role", {"role": "member"}, headers=HTMX)

        assert "The only Administrator" in page
        assert f'id="role-{ada.pk}"' not in page
        assert answer.status_code == 409
        assert "last Administrator" in answer["HX-Trigger"]
        assert "stint-people" in answer["HX-Trigger"]  # so that the list shows what is

    def test_who_gives_up_being_administrator_gets_another_page(
        self, administrator: Client, ada: User, account: Account
    ) -> None:
        create_user(account, email="mary@example.com", name="Mary", role="administrator")
        assert "Give up your own rights" in text(administrator)

        answer = administrator.post(f"/people/{ada.pk}/role", {"role": "member"}, headers=HTMX)

        assert answer["HX-Refresh"] == "true"
        assert "Invite people" not in text(administrator)

    def test_an_unknown_role_is_refused(self, administrator: Client, linus: User) -> None:
        answer = administrator.post(f"/people/{linus.pk}/role", {"role": "king"}, headers=HTMX)

        assert (answer.status_code, Membership.objects.get(user=linus).role) == (422, "member")

    def test_who_is_disabled_is_out_at_once_and_back_when_enabled(
        self, administrator: Client, member: Client, linus: User
    ) -> None:
        administrator.post(f"/people/{linus.pk}/disable", headers=HTMX)
        assert member.get("/people")["Location"] == "/login?next=%2Fpeople"
        assert f'id="enable-{linus.pk}"' in text(administrator)

        administrator.post(f"/people/{linus.pk}/enable", headers=HTMX)
        assert Client().login(email=linus.email, password=PASSWORD)

    def test_nobody_disables_themselves_by_the_page(self, administrator: Client, ada: User) -> None:
        assert f'id="disable-{ada.pk}"' not in text(administrator)

    def test_somebody_of_another_account_is_not_found(self, administrator: Client) -> None:
        other = User.objects.create_user("eve@example.org", None, name="Eve")
        Membership.objects.create(user=other, account=Account.objects.create(name="Elsewhere"))

        assert administrator.post(f"/people/{other.pk}/disable", headers=HTMX).status_code == 404
        assert "Eve" not in text(administrator)

    def test_many_are_searched_by_name_and_address(self, administrator: Client, account: Account) -> None:
        assert 'id="people-search"' not in text(administrator)
        for number in range(12):
            create_user(account, email=f"p{number}@example.com", name=f"Person {number}")
        assert 'id="people-search"' in text(administrator)

        found = administrator.get("/people", {"q": "p11@"}, headers=HTMX).content.decode()

        assert re.findall(r'dir="auto">(.*?)<', found) == ["Person 11"]
        assert "<html" not in found
        assert "Nobody matches" in administrator.get("/people", {"q": "zzz"}, headers=HTMX).content.decode()

    def test_names_are_text(self, administrator: Client, linus: User) -> None:
        User.objects.filter(pk=linus.pk).update(name="<b>Linus</b>")

        assert "<b>Linus" not in text(administrator)


class TestInviting:
    def test_addresses_come_as_people_paste_them(self, administrator: Client) -> None:
        pasted = "hedy@example.com, Mary Shelley <mary@example.com>;\njoan@example.com  rosa@example.com\n"

        answer = administrator.post("/people/invite", {"emails": pasted, "role": "member"}, headers=HTMX)

        assert "stint-close-dialog" in answer["HX-Trigger"]
        made = set(Invitation.objects.values_list("email", flat=True))
        assert made == {f"{name}@example.com" for name in ("hedy", "mary", "joan", "rosa")}

    @pytest.mark.parametrize(
        ("emails", "told"),
        [
            ("", "Give at least one e-mail address."),
            ("hedy@example.com nonsense", "“nonsense” is not an e-mail address"),
            ("ada@example.com", "Has a user already: ada@example.com"),
        ],
    )
    def test_what_cannot_be_asked_is_told_at_the_field_and_kept(
        self, administrator: Client, emails: str, told: str
    ) -> None:
        answer = administrator.post("/people/invite", {"emails": emails, "role": "manager"}, headers=HTMX)

        page = answer.content.decode()
        assert told in page
        assert emails in page
        assert re.search(r'value="manager" checked', page)
        assert not Invitation.objects.exists()

    def test_without_a_mail_server_the_page_says_so_and_gives_the_link(
        self, administrator: Client, ada: User, asked: Invitation, settings: object
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_FILE_PATH = "/data/outbox"  # type: ignore[attr-defined]

        page = text(administrator)

        assert "No mail server is set up" in page
        assert "/data/outbox" in page
        assert link(ada) in page

    def test_why_a_mail_did_not_go_out_is_told(self, administrator: Client, asked: Invitation) -> None:
        Invitation.objects.update(problem="The mail server cannot be reached (EMAIL_URL).")
        assert "cannot be reached (EMAIL_URL). Next try:" in text(administrator)

        Invitation.objects.update(next_try_at=None)
        assert "It is not tried again" in text(administrator)

    def test_resending_voids_the_link_sent_before(
        self, administrator: Client, ada: User, asked: Invitation
    ) -> None:
        before = link(ada)
        assert Client().get(before).status_code == 200

        administrator.post(f"/people/invitations/{asked.pk}/resend", headers=HTMX)

        assert Client().get(before).status_code == 404
        assert Client().get(link(ada)).status_code == 200

    def test_one_taken_back_is_gone(self, administrator: Client, ada: User, asked: Invitation) -> None:
        before = link(ada)

        administrator.post(f"/people/invitations/{asked.pk}/revoke", headers=HTMX)

        assert Client().get(before).status_code == 404
        assert "hedy@example.com" not in text(administrator)

    def test_an_old_one_is_marked_and_shows_no_link(self, administrator: Client, asked: Invitation) -> None:
        Invitation.objects.update(expires_at=timezone.now())

        assert "Expired" in text(administrator)
        assert "Copy link" not in text(administrator)


class TestJoining:
    def test_the_page_says_who_asks_and_as_what(self, ada: User, asked: Invitation) -> None:
        page = text(Client(), link(ada))

        assert "Join Analytical Engines" in page
        assert "Ada invites you" in page
        assert "Your role: Manager." in page
        assert 'value="hedy@example.com"' in page

    def test_joining_signs_in_and_goes_to_the_timesheet(self, ada: User, asked: Invitation) -> None:
        client = Client()

        answer = client.post(link(ada), JOIN)

        assert answer["Location"] == "/"
        hedy = User.objects.get(email="hedy@example.com")
        assert (hedy.name, hedy.timezone, hedy.membership.role) == ("Hedy", "Europe/Vienna", "manager")
        assert get_user(client) == hedy  # type: ignore[arg-type]
        assert "Welcome to Analytical Engines, Hedy." in text(client, "/")

    def test_a_link_is_spent_then(self, ada: User, asked: Invitation) -> None:
        path = link(ada)
        Client().post(path, JOIN)

        for answer in (Client().get(path), Client().post(path, JOIN)):
            assert answer.status_code == 404
            assert b"does not work any more" in answer.content
        assert User.objects.count() == 2

    @pytest.mark.parametrize("path", ["/invitations/nonsense", "/invitations/" + "a" * 43])
    def test_an_unknown_link_says_what_to_do(self, db: None, path: str) -> None:
        assert b"ask whoever invited you" in Client().get(path).content

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"password": "short"}, "too short"),
            ({"password": "password1234"}, "too common"),
            ({"name": " "}, "required"),
            ({"timezone": "Mars/Base"}, "Select a valid choice"),
        ],
    )
    def test_what_is_refused_stands_at_its_field_and_the_link_stays_good(
        self, ada: User, asked: Invitation, given: dict[str, str], told: str
    ) -> None:
        answer = Client().post(link(ada), {**JOIN, **given})

        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert PASSWORD not in answer.content.decode()
        assert Client().post(link(ada), JOIN).status_code == 302

    def test_who_is_signed_in_is_told_that_it_makes_somebody_new(
        self, member: Client, ada: User, asked: Invitation
    ) -> None:
        assert "You are signed in as linus@example.com" in text(member, link(ada))

        member.post(link(ada), JOIN)

        assert get_user(member).name == "Hedy"  # type: ignore[arg-type, union-attr]
