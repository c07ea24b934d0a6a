"""What comes in: JSON bodies and query strings as typed values, each fault naming its field."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, TypeVar, cast, get_origin

import msgspec
from django.core.exceptions import RequestAborted
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException

from stint.api.faults import invalid
from stint.api.problems import Malformed, TooLarge
from stint.errors import Invalid

T = TypeVar("T")

LARGEST_BODY = 1024 * 1024
LARGEST_ID = 2**63 - 1
Id = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=1000)]
_VERSION = re.compile(r'^(?:W/)?(?P<quote>"?)(?P<version>[0-9]{1,18})(?P=quote)$')


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
        raise invalid(fault, kind) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise Malformed(f"The body is not JSON that can be read: {fault}.") from None
    return value


def read_form(request: HttpRequest, kind: type[T]) -> tuple[T, UploadedFile[bytes]]:
    """Return the fields of a multipart form as `kind`, and its `file`.

    Raises:
        Malformed: it is no such form.
        Invalid: a field is missing, unknown, or holds what it cannot; there is no file.

    """
    try:
        values: dict[str, Any] = dict(request.POST.items())
        files = request.FILES
    except (MultiPartParserError, RequestAborted, RawPostDataException):
        raise Malformed("The body is no multipart form that can be read.") from None
    _refuse_nul(values)
    try:
        form = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as fault:
        raise invalid(fault, kind) from None
    file = files.get("file")
    if file is None or len(files) != 1:
        raise Invalid("file", "is required: one file, sent as multipart/form-data")
    return form, file


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

    A field that is a list takes a parameter that is given several times.

    Raises:
        Invalid: a parameter holds what it cannot.

    """
    return read_parameters(request.GET, kind)


def read_parameters(parameters: QueryDict, kind: type[T]) -> T:
    """Return the parameters of an address as `kind`, as `read_query` does."""
    several = _lists(cast(Hashable, kind))
    values: dict[str, str | list[str]] = {}
    for name, given in parameters.lists():
        if filled := [value for value in given if value]:
            values[name] = filled if name in several else filled[-1]
    _refuse_nul(values)
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as fault:
        raise invalid(fault, kind) from None


@lru_cache
def _lists(kind: type[msgspec.Struct]) -> frozenset[str]:
    """Return the parameters that may be given several times."""
    return frozenset(
        field.encode_name for field in msgspec.structs.fields(kind) if get_origin(field.type) is list
    )


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
