"""What comes in: JSON bodies and query strings as typed values, each fault naming its field."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from django.http import HttpRequest
from django.http.request import RawPostDataException

from stint.api.problems import Malformed, TooLarge
from stint.errors import Invalid

T = TypeVar("T")

LARGEST_BODY = 1024 * 1024
LARGEST_ID = 2**63 - 1
Id = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=1000)]
_VERSION = re.compile(r'^(?:W/)?(?P<quote>"?)(?P<version>[0-9]{1,18})(?P=quote)$')
_PLACE = re.compile(r"^(?P<message>.*?)(?: - at `\$\.?(?P<field>.*)`)?$", re.DOTALL)
_INDEX = re.compile(r"\[[^\]]*\]")
_NAMED = re.compile(r"^Object (?P<fault>missing required|contains unknown) field `(?P<field>.*)`$", re.DOTALL)


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """Base of the bodies: a field that is not known is refused, since a misspelt one would lose data."""


def read_body(request: HttpRequest, kind: type[T]) -> T:
    """Return the JSON body as `kind`; an absent body counts as an empty object.

    Raises:
        Malformed: it is not JSON.
        Invalid: a field is missing, unknown, or holds what it cannot.
        TooLarge: it is longer than `LARGEST_BODY`.

    """
    raw = raw_body(request)
    try:
        value = msgspec.json.decode(raw or b"{}", type=kind)
        if b"\\u0000" in raw:
            _refuse_nul(msgspec.json.decode(raw))
        _check_instants(value)
    except msgspec.ValidationError as fault:
        raise _invalid(str(fault)) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise Malformed(f"The body is not JSON that can be read: {fault}.") from None
    return value


def raw_body(request: HttpRequest, largest: int = LARGEST_BODY) -> bytes:
    """Return the body as it came.

    Raises:
        TooLarge: it is longer than `largest` bytes.

    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        raw = b"" if length > largest else request.body
    except (ValueError, RawPostDataException):
        raise Malformed("The body could not be read.") from None
    if length > largest or len(raw) > largest:
        raise TooLarge(f"The body is larger than {largest // 1024} KiB.")
    return raw


def read_query(request: HttpRequest, kind: type[T]) -> T:
    """Return the query string as `kind`; a parameter without a value counts as absent.

    Raises:
        Invalid: a parameter holds what it cannot.

    """
    values = {name: value for name, value in request.GET.items() if value}
    _refuse_nul(values)
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as fault:
        raise _invalid(str(fault)) from None


def version_in(request: HttpRequest) -> int | None:
    """Return the version that `If-Match` names, quoted or not; None when any will do.

    Raises:
        Invalid: the header holds something else.

    """
    given = request.META.get("HTTP_IF_MATCH", "*").strip()
    if given in ("", "*"):
        return None
    found = _VERSION.match(given)
    if found is None:
        raise Invalid("If-Match", 'must be the version of the entry, such as 3 or "3"')
    return int(found["version"])


def _invalid(fault: str) -> Invalid:
    place = _PLACE.match(fault)
    field, message = (_INDEX.sub("", place["field"] or ""), place["message"]) if place else ("", fault)
    if named := _NAMED.match(message):
        field = f"{field}.{named['field']}" if field else named["field"]
        message = "is required" if named["fault"] == "missing required" else "is no field of this call"
    return Invalid(field or "body", message)


def _check_instants(value: object) -> None:
    """Refuse instants without a zone, and those that are none in UTC, such as the year 0 or 10000."""
    for name in getattr(value, "__struct_fields__", ()):
        moment = getattr(value, name)
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise Invalid(name, "needs a time zone, as in 2026-11-23T09:00:00Z")
            try:
                moment.astimezone(UTC)
            except OverflowError:
                raise Invalid(name, "is not a time that can be tracked") from None


def _refuse_nul(value: Any, field: str = "body") -> None:  # noqa: ANN401  (any JSON value)
    """Refuse the character that no database stores, wherever in `value` it stands."""
    if isinstance(value, str) and "\0" in value:
        raise Invalid(field, "must not contain the character NUL")
    if isinstance(value, dict):
        for name, item in value.items():
            _refuse_nul(item, name)
    elif isinstance(value, list):
        for item in value:
            _refuse_nul(item, field)
