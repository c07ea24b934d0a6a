"""What can go wrong between Stint and Toggl Track, as exceptions with attributes.

`str()` of each is a sentence with a remedy for an Administrator; `code` is a short slug for programs. The
outside cause is chained. None ever carries an API token, an Authorization header or the body of an answer.
"""

from __future__ import annotations

from typing import Literal

from .words import gettext as _

UnreachableKind = Literal["network", "timeout", "server", "rate_limited"]


class TogglError(Exception):
    """Something about Toggl failed. `status` is Toggl's HTTP status where there was one."""

    code = "toggl_error"

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class TogglRefused(TogglError):
    """The API token is wrong, revoked or not a Toggl Track token."""

    code = "token_refused"


class TogglForbidden(TogglError):
    """The token is good, but may not read (or no longer finds) `resource` of the workspace."""

    code = "forbidden"

    def __init__(self, workspace_id: int, resource: str, *, status: int = 403) -> None:
        self.workspace_id = workspace_id
        self.resource = resource
        super().__init__(
            _(
                "Toggl does not let this API token read the %(resource)s of workspace %(workspace)s. "
                "Use the token of an admin of that workspace, or deselect the workspace."
            )
            % {"resource": _(resource), "workspace": workspace_id},
            status=status,
        )


class TogglUnreachable(TogglError):
    """No usable answer after all retries. `retry_after` is in seconds, where Toggl named a wait."""

    code = "unreachable"

    def __init__(
        self,
        message: str,
        kind: UnreachableKind,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, status=status)
        self.kind: UnreachableKind = kind
        self.retry_after = retry_after


class TogglQuotaSpent(TogglError):
    """The hourly quota is spent. `resets_in` is in seconds; `organization_scope` is false for `/me...`."""

    code = "quota_spent"

    def __init__(self, resets_in: int, *, organization_scope: bool) -> None:
        self.resets_in = resets_in
        self.organization_scope = organization_scope
        minutes = max(1, -(-resets_in // 60))
        if organization_scope:
            told = _(
                "Toggl's hourly request quota of this organization is spent. It resets in about %(minutes)s min; "
                "wait until then. A larger Toggl plan has a larger quota."
            )
        else:
            told = _(
                "Toggl's hourly request quota of this user is spent. It resets in about %(minutes)s min; "
                "wait until then. A larger Toggl plan has a larger quota."
            )
        super().__init__(told % {"minutes": minutes}, status=402)


class TogglPlanRequired(TogglError):
    """Toggl wants a paid plan for what was asked."""

    code = "plan_required"

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        super().__init__(
            _(
                "The Toggl plan of this workspace does not include %(endpoint)s. "
                "Upgrade the plan in Toggl, or deselect the workspace."
            )
            % {"endpoint": endpoint},
            status=402,
        )


class TogglBadAnswer(TogglError):
    """The answer cannot be used: not JSON, cut, of a wrong shape, or a status that nobody expects."""

    code = "bad_answer"

    def __init__(self, endpoint: str, problem: str, *, status: int | None = None) -> None:
        self.endpoint = endpoint
        super().__init__(
            _(
                "Toggl's answer to %(endpoint)s cannot be used: %(problem)s. "
                "Check STINT_TOGGL_API_URL and any proxy in between, then try again."
            )
            % {"endpoint": endpoint, "problem": problem},
            status=status,
        )
