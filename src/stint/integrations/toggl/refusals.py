"""Which error an answer of Toggl stands for: the one place that knows statuses, headers and wordings."""

from __future__ import annotations

import re

import msgspec

from .errors import (
    TogglBadAnswer,
    TogglError,
    TogglForbidden,
    TogglPlanRequired,
    TogglQuotaSpent,
    TogglRefused,
    TogglUnreachable,
)
from .transport import Answer
from .words import gettext as _
from .words import gettext_noop

LOOKS_WRONG = gettext_noop(
    "This does not look like a Toggl Track API token (32 letters and digits; in Toggl Track: Profile settings, "
    "API Token). Tokens of Toggl Plan or Toggl Hire do not work."
)
REFUSED = gettext_noop(
    "Toggl refused the API token. Copy the present one from Toggl Track (Profile settings, API Token): it "
    "changes when it is reset there. Tokens of Toggl Plan or Toggl Hire do not work."
)

_TRACK_TOKEN = re.compile(r"[0-9a-fA-F]{32}")
_CREDENTIALS = re.compile(r"username|password|credential|api.?token|unauthori[sz]ed|authenticat", re.I)
_QUOTA = re.compile(r"hourly limit|quota|limit for api|rate limit", re.I)
_PLAN = re.compile(r"feature|plan|premium|upgrade|subscri|paid", re.I)
_SECONDS = re.compile(r"(\d{1,6})\s*sec", re.I)
_HOUR, _DAY = 3600, 86400


class Call(msgspec.Struct):
    """What was asked, as far as an error's sentence needs it. `api_token` only chooses a wording."""

    path: str
    api_token: str
    workspace_id: int | None
    resource: str

    def __repr__(self) -> str:
        return f"<Call {self.path}>"

    @property
    def endpoint(self) -> str:
        """The path as Toggl's documentation writes it."""
        return self.path.removeprefix("/api/v9")


def check(answer: Answer, call: Call) -> None:
    """Return when the answer is good.

    Raises:
        TogglError: what the answer stands for; TogglUnreachable is worth another try.

    """
    if not 200 <= answer.status < 300:
        raise _error(answer, call)


def _error(answer: Answer, call: Call) -> TogglError:
    status = answer.status
    if status == 401 or (status == 403 and (call.workspace_id is None or _about_credentials(answer))):
        matches = _TRACK_TOKEN.fullmatch(call.api_token)
        told = _(REFUSED) if matches else f"{_('Toggl refused the token.')} {_(LOOKS_WRONG)}"
        return TogglRefused(told, status=status)
    if status in (403, 404) and call.workspace_id is not None:
        return TogglForbidden(call.workspace_id, call.resource, status=status)
    if status == 402:
        return _payment(answer, call)
    if status == 429:
        return TogglUnreachable(
            _("Toggl is limiting requests from here. Wait a few minutes, then try again."),
            "rate_limited",
            status=status,
            retry_after=_retry_after(answer),
        )
    if status in (408, 425) or status >= 500:
        return TogglUnreachable(
            _(
                "Toggl has a problem of its own (status %(status)s). "
                "Try again later; status.toggl.com may tell more."
            )
            % {"status": status},
            "timeout" if status in (408, 504) else "server",
            status=status,
            retry_after=_retry_after(answer),
        )
    if 300 <= status < 400:
        return TogglBadAnswer(
            call.endpoint, _("it sends us to another address, which is not followed"), status=status
        )
    return TogglBadAnswer(call.endpoint, _("status %(status)s") % {"status": status}, status=status)


def _about_credentials(answer: Answer) -> bool:
    return bool(_CREDENTIALS.search(answer.text))


def _payment(answer: Answer, call: Call) -> TogglError:
    """Tell the two meanings of 402 apart: by the text first, then by the headers."""
    remaining = answer.number("x-toggl-quota-remaining")
    words = answer.text
    spent = remaining is not None and remaining <= 0
    if _QUOTA.search(words) or (spent and not _PLAN.search(words)):
        named = _SECONDS.search(words)
        seconds = answer.number("x-toggl-quota-resets-in") or answer.number("retry-after")
        wait = int(named[1]) if named else seconds or _HOUR
        return TogglQuotaSpent(min(max(wait, 1), _DAY), organization_scope=call.workspace_id is not None)
    return TogglPlanRequired(call.resource or call.endpoint)


def _retry_after(answer: Answer) -> float | None:
    """Seconds to wait by Retry-After, which may also be a date."""
    seconds = answer.number("retry-after")
    if seconds is None and answer.served_at and "retry-after" in answer.headers:
        later = Answer(0, {"date": answer.headers["retry-after"]}, b"").served_at
        seconds = None if later is None else int(later - answer.served_at)
    return None if seconds is None else float(max(seconds, 0))
