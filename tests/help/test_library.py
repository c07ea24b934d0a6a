"""The articles hang together: every link, picture, page and remedy leads to something, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from stint.entries.services import NewEntry
from stint.errors import DomainError, Invalid, NotAllowed, Stale
from stint.help.library import ARTICLES, SHELF, about, library, pictures
from stint.help.remedies import _OF_FIELDS, _OF_TOGGL, remedy
from stint.help.search import search
from stint.integrations.toggl.errors import TogglQuotaSpent, TogglRefused

LANGUAGES = ["en", "de"]
ON_SHELF = [slug for slugs in SHELF.values() for slug in slugs]
ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "docs" / "screenshots"


LOCALES = (
    ROOT / "src" / "stint" / "locale" / "de" / "LC_MESSAGES" / "django.po",
    ROOT / "clients" / "desktop" / "stint_desktop" / "locale" / "de" / "LC_MESSAGES" / "desktop.po",
)
OTHERS = {
    # Keys, and what other programs show.
    *("tab", "enter", "escape", "alt", "shift", "ctrl+z", "umschalt", "strg+z"),
    *(
        "android",
        "iphone",
        "ipad",
        "add to home screen",
        "zum home-bildschirm",
        "profile settings",
        "api token",
    ),
    # What the dashboard lists by number.
    *("entries without a task", "long-running timers", "a failing sync"),
    *("einträge ohne aufgabe", "lang laufende timer", "überschneidungen", "ein gescheiterter abgleich"),
}


def texts(language: str) -> Iterator[str]:
    """Yield what pages and programs show."""
    for path in LOCALES:
        with path.open("rb") as file:
            for message in read_po(file):
                told = message.id if language == "en" else message.string
                yield from [told] if isinstance(told, str) else told


def plain(text: str) -> str:
    return text.strip().rstrip("…:.").casefold()


def places(language: str) -> set[str]:
    """Return every address within the help: articles, and sections in them."""
    found = set()
    for slug, article in library(language).items():
        found |= {slug, *(f"{slug}#{section.name}" for section in article.contents)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_article_stands_on_the_shelf_once(language: str) -> None:
    written = {path.stem for path in (ARTICLES / language).glob("*.md")}
    assert len(ON_SHELF) == len(set(ON_SHELF))
    assert written == set(ON_SHELF)
    assert list(library(language)) == ON_SHELF


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ON_SHELF)
def test_links_and_pictures_lead_somewhere(language: str, slug: str) -> None:
    html = library(language)[slug].html
    links = [link for link in re.findall(r'href="([^"]+)"', html) if not link.startswith(("http", "/"))]
    assert [link for link in links if link.removeprefix("#") not in places(language)] == []
    assert len(set(re.findall(r'id="([^"]+)"', html))) == len(library(language)[slug].contents)
    assert "{#" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bold_word_is_one_that_the_pages_show(language: str) -> None:
    shown = {plain(text) for text in texts(language)} | OTHERS
    for path in sorted((ARTICLES / language).glob("*.md")):
        bold = {part for text in re.findall(r"\*\*(.+?)\*\*", path.read_text()) for part in text.split(", ")}
        assert {word for word in bold if plain(word) not in shown} == set(), path.name


def test_every_picture_is_one_of_the_documentation() -> None:
    assert pictures()
    assert [name for name in pictures() if not (SCREENSHOTS / f"{name}.png").exists()] == []


def test_every_language_has_the_same_sections() -> None:
    assert places("de") == places("en")


@pytest.mark.parametrize(
    "page", ["timesheet", "timesheet_week", "timesheet_calendar", "projects", "people", "toggl"]
)
def test_a_page_has_its_article(page: str) -> None:
    found = about(page, "de")
    assert found is not None
    assert found.page == page


def test_what_is_no_page_of_ours_has_none() -> None:
    assert about("", "en") is None
    assert about("nowhere", "en") is None


def test_every_remedy_is_explained() -> None:
    known = places("en")
    assert {*_OF_FIELDS.values(), *(f"toggl-errors#{section}" for section in _OF_TOGGL.values())} <= known


@pytest.mark.parametrize(
    ("fault", "address"),
    [
        (Invalid("end", "lies before the start"), "/help/timesheet#typing-times"),
        (Invalid("colour", "is none"), None),
        (TogglRefused("no"), "/help/toggl-errors#token-refused"),
        (TogglQuotaSpent(60, organization_scope=True), "/help/toggl-errors#quota"),
        (NotAllowed("no"), "/help/people#roles"),
        (Stale("changed", NewEntry()), "/help/timesheet#edited-elsewhere"),
        (DomainError("no"), None),
    ],
)
def test_a_fault_leads_to_what_to_do(fault: Exception, address: str | None) -> None:
    assert remedy(fault) == address


@pytest.mark.parametrize(
    ("asked", "article", "section"),
    [
        ("quota", "toggl-errors", "quota"),
        ("unlink", "toggl", "unlink"),
        ("typing times", "timesheet", "typing-times"),
        ("TWO-FACTOR", "settings", "security"),
        ("install phone", "phone", "install"),
        ("invite", "people", "invite"),
    ],
)
def test_search_finds_the_section_that_answers(asked: str, article: str, section: str) -> None:
    found = [(each.article.slug, each.section.name) for each in search(asked, "en")]
    assert (article, section) in found[:3]


def test_what_was_asked_for_is_marked_where_it_stands() -> None:
    (first, *_more) = search("webhooks", "en")
    assert [text for text, hit in first.pieces if hit] == ["webhooks"]
    assert len("".join(text for text, _hit in first.pieces)) < 260


@pytest.mark.parametrize("asked", ["", "   ", "?!", "xyzzy", "quota xyzzy"])
def test_nothing_is_found_where_nothing_answers(asked: str) -> None:
    assert search(asked, "en") == []
