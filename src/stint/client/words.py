"""Texts for people in the language of their machine, from the same translations as the pages."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations


def gettext_noop(text: str) -> str:
    """Mark a text that is translated where it is said."""
    return text


def _(text: str) -> str:
    """Return `text` in the person's language, as their environment says (LANGUAGE, LANG)."""
    return _translations().gettext(text)


@lru_cache(maxsize=1)
def _translations() -> NullTranslations:
    import gettext
    from pathlib import Path

    import stint

    return gettext.translation("django", Path(stint.__file__).parent / "locale", fallback=True)
