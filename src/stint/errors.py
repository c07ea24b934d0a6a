"""What the domain refuses, as exceptions with attributes.

`str()` of each is a sentence for the person who asked; the API and the pages map each class once.
"""

from __future__ import annotations

from dataclasses import dataclass


class DomainError(Exception):
    """A request that the rules do not allow. `status` is the HTTP status that says so."""

    status = 400


class NotAllowed(DomainError):
    """The caller may not do this, whatever the state."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or the caller may not see it: the same answer for both."""

    status = 404


class Conflict(DomainError):
    """The present state does not allow it. `present` is the thing that stands against it, ready to encode."""

    status = 409

    def __init__(self, message: str, present: object = None) -> None:
        super().__init__(message)
        self.present = present


class Stale(DomainError):
    """The thing was changed since the caller read it. `present` is what it is now, ready to encode."""

    status = 412

    def __init__(self, message: str, present: object) -> None:
        super().__init__(message)
        self.present = present


class TooFast(DomainError):
    """Asked too often. `retry_after` is after how many seconds it may be asked again."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DatabaseAway(DomainError):
    """The database does not answer. Nothing is wrong with what was asked; it may be asked again."""

    status = 503
    retry_after = 2


class DiskFull(DatabaseAway):
    """Nothing can be stored until somebody makes room on the disk."""

    status = 507


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of the input, with the remedy."""

    field: str
    message: str


class Invalid(DomainError):
    """Bad input. `errors` names each field."""

    status = 422

    def __init__(self, field: str, message: str, *more: FieldError) -> None:
        super().__init__(message)
        self.errors = [FieldError(field, message), *more]
