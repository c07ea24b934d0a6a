"""Where a refusal's remedy is explained: its article and the section in it."""

from __future__ import annotations

from stint.errors import DomainError, Invalid
from stint.integrations.toggl.errors import TogglError

_OF_TOGGL = {
    "token_refused": "token-refused",
    "forbidden": "forbidden",
    "plan_required": "plan",
    "quota_spent": "quota",
    "unreachable": "unreachable",
    "bad_answer": "bad-answer",
}
_OF_FIELDS = {
    "start": "timesheet#typing-times",
    "end": "timesheet#typing-times",
    "duration": "timesheet#typing-times",
    "seconds": "timesheet#typing-times",
    "day": "timesheet#typing-times",
    "task_id": "projects#cannot-track",
    "workspace_ids": "toggl#choose",
    "api_token": "toggl-errors#token-refused",
    "emails": "people#invite",
    "role": "people#roles",
    "file": "importing#problems",
}


def remedy(fault: Exception) -> str | None:
    """Return the address of the help that says what to do about a fault; None where its sentence says it all."""
    match fault:
        case TogglError():
            section = _OF_TOGGL.get(fault.code)
            return f"/help/toggl-errors#{section}" if section else "/help/toggl-errors"
        case Invalid():
            place = _OF_FIELDS.get(fault.errors[0].field)
        case DomainError(status=412):
            place = "timesheet#edited-elsewhere"
        case DomainError(status=403):
            place = "people#roles"
        case _:
            place = None
    return f"/help/{place}" if place else None
