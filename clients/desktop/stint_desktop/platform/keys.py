"""Key combinations as text: "Ctrl+Alt+T"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MODIFIERS = ("ctrl", "alt", "shift", "meta")
_KEY = re.compile(r"[A-Z0-9]|F([1-9]|1[0-2])|Space")


@dataclass(frozen=True)
class Combination:
    """A key with what is held beside it. `key` is A to Z, 0 to 9, F1 to F12 or Space."""

    key: str
    ctrl: bool = False
    alt: bool = False
    shift: bool = False
    meta: bool = False


def combination(text: str) -> Combination | None:
    """Return what a text such as "Ctrl+Alt+T" names.

    None for a key that is not known, and for one that people type with: without Ctrl, Alt or Meta only the
    function keys are free.
    """
    *held, key = text.split("+")
    names = [name.lower() for name in held]
    if not _KEY.fullmatch(key) or set(names) - set(_MODIFIERS):
        return None
    made = Combination(key, **dict.fromkeys(names, True))
    function_key = len(key) > 1 and key != "Space"
    return made if made.ctrl or made.alt or made.meta or function_key else None
