"""Makes accounts in the database of a site that runs: one for each line read, a time zone; says whose session it began.

A site takes seconds to start, an account a fraction of one.
"""

from __future__ import annotations

import os
import sys
from itertools import count

import django


def main() -> None:
    """Serve until the input ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "stint.settings"
    django.setup()

    from stint.accounts.services import create_account
    from tests.web.conftest import PASSWORD, signed_in

    print("ready", flush=True)
    for number, line in zip(count(1), sys.stdin, strict=False):
        owner = create_account(
            "Analytical Engines",
            email=f"ada{number}@example.com",
            name="Ada",
            password=PASSWORD,
            timezone_name=line.strip(),
        )
        print(signed_in(owner).cookies["stint_session"].value, flush=True)


if __name__ == "__main__":
    main()
