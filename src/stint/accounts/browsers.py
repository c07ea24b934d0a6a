"""What a browser calls itself, in words."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# The first that is found counts: most browsers claim to be others as well.
_BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


def browser_of(user_agent: str) -> str:
    """Return the browser's name, or that it is unknown."""
    return _named(_BROWSERS, user_agent) or _("Unknown browser")


def system_of(user_agent: str) -> str:
    """Return the name of the system it runs on, empty when unknown."""
    return _named(_SYSTEMS, user_agent)


def in_words(user_agent: str) -> str:
    """Return browser and system as one phrase, such as Firefox on Linux."""
    browser, system = browser_of(user_agent), system_of(user_agent)
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def _named(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
