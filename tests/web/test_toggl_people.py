"""People on the Toggl page: who is matched, and asking the others to join."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from stint.accounts.models import Invitation, User
from stint.integrations.coworkers import coworkers
from stint.integrations.outcomes import TogglPerson
from stint.sandbox.server import BackgroundSandbox
from tests.web.conftest import caller
from tests.web.test_toggl import HTMX, PAGE, carry_out, connected

__all__ = ["connected"]


@pytest.fixture
def missing(
    administrator: Client, sandbox: BackgroundSandbox, connected: list[int], ada: User, linus: User
) -> list[TogglPerson]:
    """Toggl is mirrored; returns who of there has no user here."""
    administrator.post(f"{PAGE}/save", {"workspace_ids": connected})
    carry_out()
    return [person for person in coworkers(caller(ada)) if not person.user_id and person.email]


def shown(client: Client, path: str = f"{PAGE}/people") -> str:
    return client.get(path, headers=HTMX).content.decode()


def boxes(page: str) -> dict[int, bool]:
    found = re.findall(r'name="people" value="(\d+)"( checked)?', page)
    return {int(value): bool(checked) for value, checked in found}


def invite(client: Client, *people: TogglPerson) -> str:
    chosen = [person.external_id for person in people]
    return str(client.post(f"{PAGE}/invite", {"people": chosen}, headers=HTMX)["HX-Trigger"])


def test_matched_people_are_shown_and_the_others_can_be_ticked(
    administrator: Client, missing: list[TogglPerson]
) -> None:
    page = shown(administrator)

    assert "linus@example.com" in page
    assert boxes(page) == {person.external_id: False for person in missing}
    assert "Select all" in page


def test_who_is_invited_is_marked_and_cannot_be_ticked_again(
    administrator: Client, missing: list[TogglPerson]
) -> None:
    assert "2 invitations are" in invite(administrator, *missing[:2])

    page = shown(administrator)
    asked = set(Invitation.objects.values_list("email", flat=True))
    assert asked == {person.email for person in missing[:2]}
    assert set(boxes(page)) == {person.external_id for person in missing[2:]}
    assert page.count("Invited</span>") == 2


def test_a_redraw_keeps_what_was_ticked(administrator: Client, missing: list[TogglPerson]) -> None:
    ticked = missing[1].external_id

    assert boxes(shown(administrator, f"{PAGE}/people?people={ticked}"))[ticked]


def test_ticking_nobody_is_told(administrator: Client, missing: list[TogglPerson]) -> None:
    assert "Tick whom to invite" in invite(administrator)
    assert not Invitation.objects.exists()


def test_who_is_not_of_the_workspaces_is_not_asked(administrator: Client, missing: list[TogglPerson]) -> None:
    stranger = max(person.external_id for person in missing) + 1

    told = administrator.post(f"{PAGE}/invite", {"people": [stranger, "x", "9" * 30]}, headers=HTMX)

    assert "Tick whom to invite" in told["HX-Trigger"]
    assert not Invitation.objects.exists()


def test_who_is_disabled_here_is_marked(
    administrator: Client, missing: list[TogglPerson], linus: User
) -> None:
    User.objects.filter(pk=linus.pk).update(is_active=False)

    page = shown(administrator)

    assert "Disabled in Stint" in page
    assert set(boxes(page)) == {person.external_id for person in missing}


@pytest.mark.parametrize("who", ["manager", "member"])
def test_it_is_for_administrators(
    request: pytest.FixtureRequest, who: str, missing: list[TogglPerson]
) -> None:
    client: Client = request.getfixturevalue(who)

    assert client.get(f"{PAGE}/people").status_code == 403
    answer = client.post(f"{PAGE}/invite", {"people": [missing[0].external_id]})
    assert (answer.status_code, Invitation.objects.count()) == (403, 0)
