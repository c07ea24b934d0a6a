"""Run as a program: migrates a database and fills it with people; prints who they are as JSON."""

from __future__ import annotations

import sys

import msgspec

from stint.cli.setup import open_database


class Person(msgspec.Struct):
    """Somebody who can sign in with a token; the first one of a company is its Administrator."""

    id: int
    email: str
    token: str


def main(count: int) -> list[Person]:
    """Make an account of `count` people."""
    open_database()
    from stint.accounts.services import create_account, create_user, issue_token
    from stint.database import write

    with write():
        first = create_account("Torture", email="person0@example.com", name="Person 0")
        account = first.membership.account
        users = [first]
        for number in range(1, count):
            email, name = f"person{number}@example.com", f"Person {number}"
            users.append(create_user(account, email=email, name=name))
        return [Person(user.pk, user.email, issue_token(user, "torture")) for user in users]


if __name__ == "__main__":
    print(msgspec.json.encode(main(int(sys.argv[1]))).decode())
