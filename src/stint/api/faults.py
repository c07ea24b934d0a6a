"""What msgspec says of a value that is none, as words with a remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stint.errors import Invalid

_PLACE = re.compile(r"^(?P<message>.*?)(?: - at `\$\.?(?P<field>.*)`)?$", re.DOTALL)
_INDEX = re.compile(r"\[[^\]]*\]")
_NAMED = re.compile(r"^Object (?P<fault>missing required|contains unknown) field `(?P<field>.*)`$", re.DOTALL)
_BOUND = re.compile(r"^Expected `(?:\w+)[^`]*` (?P<length>of length )?(?P<sign><=|>=) (?P<bound>\S+)$")
_EXPECTED = re.compile(r"^Expected `(?P<kind>\w+)(?: \| null)?`")
_CHOICE = re.compile(r"^Invalid enum value (?P<given>.*)$", re.DOTALL)
_KINDS = {
    "int": gettext_lazy("must be a whole number"),
    "float": gettext_lazy("must be a number"),
    "str": gettext_lazy("must be a text"),
    "bool": gettext_lazy("must be true or false"),
    "array": gettext_lazy("must be a list"),
    "object": gettext_lazy("must be an object with fields"),
    "date": gettext_lazy("must be a day, as in 2026-11-23"),
    "datetime": gettext_lazy("must be a time with its zone, as in 2026-11-23T09:00:00Z"),
    "uuid": gettext_lazy("must be a UUID"),
}
_FORMS = {
    "Invalid RFC3339 encoded date": "date",
    "Invalid RFC3339 encoded datetime": "datetime",
    "Invalid UUID": "uuid",
}


def invalid(fault: msgspec.ValidationError, kind: object) -> Invalid:
    """Return a fault of msgspec, found in a value that should have been a `kind`, with its field named."""
    place = _PLACE.match(str(fault))
    assert place is not None
    field, message = _INDEX.sub("", place["field"] or ""), place["message"]
    if named := _NAMED.match(message):
        field = f"{field}.{named['field']}" if field else named["field"]
        return Invalid(
            field, "is required" if named["fault"] == "missing required" else "is no field of this call"
        )
    return Invalid(field or "body", _said(message, lambda: _choices(kind, field)))


def _said(message: str, choices: Callable[[], tuple[object, ...]]) -> str:
    if bound := _BOUND.match(message):
        return _bounded(bound["sign"], bound["bound"], letters=bool(bound["length"]))
    if form := _FORMS.get(message):
        return str(_KINDS[form])
    if _CHOICE.match(message) and (allowed := choices()):
        return _("must be one of %(values)s") % {"values": ", ".join(map(str, allowed))}
    if (expected := _EXPECTED.match(message)) and expected["kind"] in _KINDS:
        return str(_KINDS[expected["kind"]])
    return message


def _bounded(sign: str, bound: str, *, letters: bool) -> str:
    if letters:
        most = _("must have at most %(bound)s characters") % {"bound": bound}
        return most if sign == "<=" else _("must have at least %(bound)s characters") % {"bound": bound}
    most = _("must be at most %(bound)s") % {"bound": bound}
    return most if sign == "<=" else _("must be at least %(bound)s") % {"bound": bound}


@lru_cache
def _choices(kind: Any, field: str) -> tuple[object, ...]:  # noqa: ANN401
    """Return what a field of `kind` may be; () where it has no list of values."""
    known = (
        msgspec.structs.fields(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else ()
    )
    return next((_literals(one.type) for one in known if one.encode_name == field), ())


def _literals(kind: Any) -> tuple[object, ...]:  # noqa: ANN401
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(each for part in get_args(kind) for each in _literals(part))
