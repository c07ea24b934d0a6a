"""`stint admin create` and `stint user create`."""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from typer.testing import CliRunner

from stint.accounts.models import User
from stint.accounts.queries import caller_by_token
from stint.cli.app import app

pytestmark = pytest.mark.django_db
ADA = ("--email", "ada@example.com", "--name", "Ada Lovelace")
LINUS = ("--email", "linus@example.com", "--name", "Linus")


def stint(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=stdin)


@pytest.fixture(autouse=True)
def acme() -> dict[str, object]:
    """The account Acme with its Administrator Ada; what the command answered."""
    made = stint("admin", "create", *ADA, "--account", "Acme", "--json")
    assert made.exit_code == 0, made.output
    answer: dict[str, object] = json.loads(made.stdout)
    return answer


def test_an_administrator_is_answered_as_json(acme: dict[str, object]) -> None:
    assert acme.keys() == {"account_id", "user_id", "api_token"}
    caller = caller_by_token(str(acme["api_token"]))
    assert caller is not None
    assert (caller.account_id, caller.user_id, caller.role) == (
        acme["account_id"],
        acme["user_id"],
        "administrator",
    )


def test_a_user_is_answered_as_json(acme: dict[str, object]) -> None:
    made = stint(
        *("user", "create", "--email", "grace@example.com", "--name", "Grace", "--role", "manager"),
        *("--timezone", "Europe/Lisbon", "--password-stdin", "--json"),
        stdin="a long enough secret\n",
    )
    answer = json.loads(made.stdout)
    assert (made.exit_code, made.stderr) == (0, "")
    assert answer.keys() == {"user_id", "api_token"}
    caller = caller_by_token(answer["api_token"])
    assert caller is not None
    assert (caller.account_id, caller.role, caller.timezone) == (
        acme["account_id"],
        "manager",
        "Europe/Lisbon",
    )
    assert User.objects.get(pk=answer["user_id"]).check_password("a long enough secret")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("admin", "create", *LINUS, "--account", "acme"), 1, "the account acme exists already"),
        (("admin", "create", *ADA, "--account", "Other"), 1, "has a user already"),
        (("admin", "create", *LINUS, "--account", " "), 2, "account_name must have"),
        (("user", "create", *ADA), 1, "has a user already"),
        (("user", "create", "--email", "ADA@example.com", "--name", "A"), 1, "has a user already"),
        (("user", "create", "--email", "ada", "--name", "A"), 2, "email is not an e-mail address"),
        (("user", "create", "--email", "a@example.com", "--name", ""), 2, "name must have"),
        (("user", "create", *LINUS, "--role", "king"), 2, "role must be one of"),
        (("user", "create", *LINUS, "--timezone", "Mars/Crater"), 2, "timezone is not a time zone"),
        (("user", "create", *LINUS, "--account", "Globex"), 1, "there is no account Globex"),
        (("user", "create", *LINUS, "--password-stdin"), 2, "no password came on standard input"),
    ],
)
def test_a_refusal_is_one_line_with_its_exit_code(arguments: tuple[str, ...], code: int, says: str) -> None:
    before = User.objects.count()
    refused = stint(*arguments, "--json")
    assert (refused.exit_code, refused.stdout) == (code, "")
    assert says in refused.stderr
    assert refused.stderr.startswith("stint: ")
    assert refused.stderr.count("\n") == 1
    assert User.objects.count() == before


def test_a_weak_password_is_refused_without_being_repeated() -> None:
    refused = stint("user", "create", *LINUS, "--password-stdin", stdin="sesame\n")
    assert refused.exit_code == 2
    assert "password" in refused.stderr
    assert "sesame" not in refused.stderr


def test_with_several_accounts_the_account_must_be_named() -> None:
    assert stint("admin", "create", *LINUS, "--account", "Globex").exit_code == 0
    assert stint("user", "create", "--email", "a@example.com", "--name", "A").exit_code == 2
    assert (
        stint("user", "create", "--email", "a@example.com", "--name", "A", "--account", "Globex").exit_code
        == 0
    )


def test_a_missing_option_is_a_usage_error() -> None:
    assert stint("user", "create", "--json").exit_code == 2
