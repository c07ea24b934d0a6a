"""What people change of themselves, and Administrators of their account; one transaction each."""

from __future__ import annotations

from calendar import day_name

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils.translation import gettext as _
from msgspec import UNSET, UnsetType

from stint.accounts import audit
from stint.accounts.models import Account, User
from stint.accounts.queries import Caller, caller_of
from stint.accounts.services import check_name, check_timezone
from stint.accounts.signals import timezone_changed
from stint.database import write
from stint.errors import Invalid, NotAllowed
from stint.events import Event, announce


def update_profile(
    caller: Caller,
    *,
    name: str | UnsetType = UNSET,
    timezone_name: str | UnsetType = UNSET,
    language: str | UnsetType = UNSET,
) -> Caller:
    """Change the caller's own name, time zone or language, and return the caller as they are then.

    Another time zone moves their days, and with them the day of each of their entries.

    Raises:
        Invalid: the name is empty, the time zone unknown, the language none that Stint speaks.

    """
    with write():
        # Locked, so that of two changes at once the later one dates the entries.
        user = User.objects.select_for_update(no_key=True).get(pk=caller.user_id)
        moved = timezone_name is not UNSET and timezone_name != user.timezone
        if name is not UNSET:
            user.name = check_name("name", name)
        if timezone_name is not UNSET:
            user.timezone = check_timezone(timezone_name)
        if language is not UNSET:
            user.language = _check_language(language)
        user.save(update_fields=["name", "timezone", "language"])
        if moved:
            timezone_changed.send(sender=User, user=user)
        announce(Event("people", str(user.pk), caller.account_id))
    return caller_of(caller.user_id) or caller


def update_account(
    caller: Caller, *, name: str | UnsetType = UNSET, week_start: int | UnsetType = UNSET
) -> Account:
    """Change the name of the organisation, or the day its weeks begin on (0 is Sunday, 6 is Saturday).

    Raises:
        NotAllowed: the caller is no Administrator.
        Invalid: the name is empty, the day none.

    """
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may change the account."))
    with write():
        account = Account.objects.select_for_update(no_key=True).get(pk=caller.account_id)
        before = _told(account)
        if name is not UNSET:
            account.name = check_name("name", name)
        if week_start is not UNSET:
            if not 0 <= week_start <= 6:
                raise Invalid("week_start", _("must be from 0 (Sunday) to 6 (Saturday)"))
            account.week_start = week_start
        account.save(update_fields=["name", "week_start"])
        audit.note(caller, audit.Act.ACCOUNT, before=before, after=_told(account))
        announce(Event("people", "account", caller.account_id))
    return account


def _told(account: Account) -> str:
    return f"{account.name}, {day_name[(account.week_start + 6) % 7]}"


def wanted_email(caller: Caller) -> str:
    """Return the address the caller asked to change to and has not confirmed yet; empty when there is none."""
    asked = EmailAddress.objects.filter(user_id=caller.user_id, verified=False).order_by("-pk").first()
    return asked.email if asked else ""


def _check_language(code: str) -> str:
    if code and code not in dict(settings.LANGUAGES):
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        raise Invalid("language", _("must be empty or one of %(languages)s") % {"languages": known})
    return code
