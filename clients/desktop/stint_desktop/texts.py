"""The words on screen, in the language of the system where there is a translation, else in English."""

from __future__ import annotations

import gettext
from pathlib import Path

_LOCALES = Path(__file__).parent / "locale"
_chosen: gettext.NullTranslations = gettext.NullTranslations()


def speak(languages: list[str]) -> None:
    """Say everything from now on in the first of the languages ("de-AT", "en_GB") that is there."""
    global _chosen
    codes = [language.replace("-", "_") for language in languages]
    # English needs no file: whoever prefers it to German must not get German.
    until = next((place for place, code in enumerate(codes) if code.startswith("en")), len(codes))
    _chosen = gettext.translation("desktop", _LOCALES, codes[:until] or ["en"], fallback=True)


def gettext_(text: str) -> str:
    """Return the text in the language spoken."""
    return _chosen.gettext(text) if text else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Return the text for this many."""
    return _chosen.ngettext(one, many, number)


def pgettext(context: str, text: str) -> str:
    """Return the text as it is said in this context."""
    return _chosen.pgettext(context, text)
