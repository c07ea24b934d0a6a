"""What may happen to accounts and people, one transaction each."""

from __future__ import annotations

import secrets
from functools import cache
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts.models import SETUP_LINK_LIFE, Account, ApiToken, Membership, Role, SetupLink, User
from stint.accounts.queries import token_digest
from stint.accounts.signals import user_joined
from stint.database import write
from stint.errors import Conflict, Invalid, NotFound

LONGEST_EMAIL = 254
TOKEN_PREFIX = "stint_"  # noqa: S105  (lets secret scanners recognise a token)


def create_account(
    account_name: str, *, email: str, name: str, password: str | None = None, timezone_name: str = "UTC"
) -> User:
    """Store a new account and its first Administrator.

    Raises:
        Invalid: a name is empty, the address is not one, the password too weak, the time zone unknown.
        Conflict: somebody has this e-mail already.

    """
    with write():
        account = Account.objects.create(name=check_name("account_name", account_name))
        user = create_user(
            account,
            email=email,
            name=name,
            role=Role.ADMINISTRATOR,
            password=password,
            timezone_name=timezone_name,
        )
        SetupLink.objects.all().delete()
    return user


def create_user(
    account: Account,
    *,
    email: str,
    name: str,
    role: str = Role.MEMBER,
    password: str | None = None,
    timezone_name: str = "UTC",
) -> User:
    """Store a user of `account`. Whoever creates them vouches for the address, so it counts as verified.

    Raises:
        Invalid: as `create_account`, or the role is none of Role.
        Conflict: somebody has this e-mail already.

    """
    email = check_email(email)
    if role not in Role.values:
        raise Invalid("role", _("must be one of %(roles)s") % {"roles": ", ".join(Role.values)})
    check_timezone(timezone_name)
    name = check_name("name", name)
    if password is not None:
        _check_password(password, User(email=email, name=name))
    taken = Conflict(_("%(email)s has a user already; choose another address") % {"email": email})
    try:
        with write():
            if email_taken(email):
                raise taken
            user = User.objects.create_user(email, password, name=name, timezone=timezone_name)
            Membership.objects.create(user=user, account=account, role=role)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            user_joined.send(sender=User, user=user)
    except IntegrityError:  # somebody else was a moment faster
        raise taken from None
    return user


def issue_token(user: User, name: str) -> str:
    """Store a new API token of `user` and return it: this is the only time it can be read."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with write():
        ApiToken.objects.create(
            user=user, name=check_name("name", name), digest=token_digest(token), hint=token[-4:]
        )
    return token


def make_setup_link() -> str | None:
    """Return the token of a fresh first-run link, older ones void; None once a user exists."""
    with write():
        SetupLink.objects.all().delete()
        if User.objects.exists():
            return None
        token = secrets.token_urlsafe(24)
        SetupLink.objects.create(digest=token_digest(token))
    return token


def setup_link_open(token: str) -> bool:
    """Tell whether the first-run link can still be used."""
    return _open_setup_links(token).exists()


def redeem_setup_link(
    token: str, *, account_name: str, email: str, name: str, password: str, timezone_name: str
) -> User:
    """Make the account and its Administrator by the first-run link, which is then spent.

    Raises:
        NotFound: the link is unknown, too old or spent.
        Invalid: as `create_account`.

    """
    with write():
        # Locked, so that of two who redeem it at once the second finds it spent.
        if _open_setup_links(token).select_for_update().first() is None or User.objects.exists():
            raise NotFound(_("This link was used or is too old. Start Stint again to get a fresh one."))
        return create_account(
            account_name, email=email, name=name, password=password, timezone_name=timezone_name
        )


def _open_setup_links(token: str) -> QuerySet[SetupLink]:
    return SetupLink.objects.filter(
        digest=token_digest(token), created_at__gt=timezone.now() - SETUP_LINK_LIFE
    )


def email_taken(email: str) -> bool:
    """Tell whether somebody signs in by this address, or has proved it theirs."""
    return User.objects.filter(
        Q(email__iexact=email) | Q(emailaddress__email__iexact=email, emailaddress__verified=True)
    ).exists()


def check_email(value: str) -> str:
    """Return an e-mail address as it is stored.

    Raises:
        Invalid: it is none.

    """
    value = User.objects.normalize_email(value.strip())
    try:
        validate_email(value)
        MaxLengthValidator(LONGEST_EMAIL)(value)
    except ValidationError:
        raise Invalid("email", _("is not an e-mail address such as ada@example.com")) from None
    return value


@cache
def timezone_names() -> frozenset[str]:
    """Return the time zones known here; to find them reads hundreds of files."""
    return frozenset(available_timezones())


def check_timezone(name: str) -> str:
    """Return the name of a time zone as it is stored.

    Raises:
        Invalid: there is no such zone.

    """
    if name not in timezone_names():
        raise Invalid("timezone", _("is not a time zone such as Europe/Lisbon"))
    return name


def check_name(field: str, value: str) -> str:
    """Return a name as it is stored, without needless spaces.

    Raises:
        Invalid: nothing is left, or too much.

    """
    value = " ".join(value.split())
    if not value or len(value) > 190 or "\0" in value:
        raise Invalid(field, _("must have 1 to 190 characters"))
    return value


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise Invalid("password", " ".join(fault.messages)) from None
