"""What the client says to people, in their language where the house gives one: it needs no Django itself."""

from __future__ import annotations

from collections.abc import Callable

_translate: Callable[[str], str] = str


def speak_with(translate: Callable[[str], str]) -> None:
    """Have every sentence that is said from now on translated."""
    global _translate
    _translate = translate


def gettext(text: str) -> str:
    """Return the text in the reader's language."""
    return _translate(text)


def gettext_noop(text: str) -> str:
    """Mark a text that is said later for translation."""
    return text


LISTS = [
    gettext_noop("clients"),
    gettext_noop("projects"),
    gettext_noop("tasks"),
    gettext_noop("people"),
    gettext_noop("tags"),
]
"""What is read of a workspace, as the phases of a run and errors name it."""
