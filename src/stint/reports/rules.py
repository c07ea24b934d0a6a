"""Who may ask about whose time: Members about their own, Managers and Administrators about everybody's."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from stint.accounts.queries import Caller, people
from stint.errors import NotAllowed, NotFound
from stint.reports.questions import ReportQuery
from stint.tasks.queries import place


def permitted(caller: Caller, query: ReportQuery) -> ReportQuery:
    """Return the question as the caller may ask it: for a Member it is about their own time.

    Raises:
        NotAllowed: a Member names somebody else.
        NotFound: a person or the task is not of the account.

    """
    if query.task_id is not None and place(query.task_id, caller) is None:
        raise NotFound(_("There is no such task, or it is not assigned to you."))
    if caller.manages:
        if not {person.user_id for person in people(caller)}.issuperset(query.user_ids):
            raise NotFound(_("There is no such person in this account."))
        return query
    if set(query.user_ids) - {caller.user_id}:
        raise NotAllowed(_("Only Managers and Administrators may see other people's time."))
    return msgspec.structs.replace(query, user_ids=(caller.user_id,))
