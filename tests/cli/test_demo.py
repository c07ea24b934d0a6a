"""The people of `stint up --demo`, and what a stranger is told."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from stint.accounts.models import Account, Membership, User
from stint.accounts.services import create_account
from stint.cli.demo import ACCOUNT, PASSWORD, PEOPLE, Demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo() -> Demo:
    return Demo(SimpleNamespace(url="http://127.0.0.1:8001", token="5ec2e7" + "0" * 26))


def test_the_people_are_made_once_with_their_roles(demo: Demo) -> None:
    for _ in range(2):
        demo.create_people()
    roles = dict(Membership.objects.values_list("user__email", "role"))
    assert roles == {email: role for email, _, role in PEOPLE}
    assert Account.objects.get().name == ACCOUNT
    assert all(user.check_password(PASSWORD) for user in User.objects.all())


def test_a_folder_with_real_people_is_left_alone(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    create_account("Acme", email="hank@example.com", name="Hank")
    with pytest.raises(SystemExit):
        demo.create_people()
    assert "holds real people" in capsys.readouterr().err
    assert User.objects.count() == 1


def test_addresses_logins_and_token_are_printed_whole(
    demo: Demo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    demo.show("http://127.0.0.1:8000")
    said = capsys.readouterr().out
    for told in ("http://127.0.0.1:8000/login", "http://127.0.0.1:8001", "5ec2e7" + "0" * 26, PASSWORD):
        assert told in said
    for email, _, role in PEOPLE:
        assert any(email in line and role.capitalize() in line for line in said.splitlines())
