"""The articles of the help centre: Markdown files beside this one, read once and kept.

A file is `articles/<language>/<name>.md`. It begins with lines `key: value` (title, summary, group, page: the
name of the page's address that it is about, if any), then a line `---`, then Markdown. A heading may end in
`{#name}`: then links, such as those of error messages, can lead to it in every language. An article that a
language lacks is shown in English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.text import slugify
from django.utils.translation import get_language
from markdown_it import MarkdownIt
from markdown_it.token import Token

ARTICLES = Path(__file__).parent / "articles"
FALLBACK = "en"
# The order in which the index shows groups, and in each its articles.
SHELF = {
    "start": ["getting-started", "timer", "timesheet", "week", "calendar", "keyboard"],
    "organise": ["projects", "people", "reports", "rates-and-budgets", "dashboard", "importing", "exporting"],
    "toggl": ["toggl", "toggl-people", "toggl-errors", "toggl-history"],
    "everywhere": ["phone", "browser-extension", "desktop", "terminal", "offline"],
    "run": ["settings", "account", "integrations", "api", "self-hosting"],
}
PICTURES = "/static/dist/help"
_HEADING_NAME = re.compile(r"\s*\{#([\w-]+)\}$")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article under a heading; the first has none. `text` is what it says, without markup."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article, ready to show and to search."""

    slug: str
    title: str
    summary: str
    page: str
    html: str
    sections: tuple[Section, ...]

    @property
    def contents(self) -> list[Section]:
        """The sections that have a heading, for "In this article"."""
        return [section for section in self.sections if section.title]


def spoken() -> str:
    """Return the language in which whoever asks now reads: the first part of its code."""
    return (get_language() or FALLBACK).split("-")[0]


@cache
def library(language: str) -> dict[str, Article]:
    """Return every article by its name, in the order of the shelf, in `language` where it is written."""
    order = [slug for slugs in SHELF.values() for slug in slugs]
    return {slug: _read(slug, language) for slug in order}


def about(page: str, language: str) -> Article | None:
    """Return the article about the page whose address has this name."""
    return next((article for article in library(language).values() if page and article.page == page), None)


def pictures() -> set[str]:
    """Return the names of the pictures that the articles show."""
    texts = (path.read_text() for path in ARTICLES.glob("*/*.md"))
    return {name for text in texts for name in re.findall(r"!\[[^\]]*\]\(([\w-]+)\)", text)}


def _read(slug: str, language: str) -> Article:
    path = ARTICLES / language / f"{slug}.md"
    text = (path if path.exists() else ARTICLES / FALLBACK / f"{slug}.md").read_text()
    head, body = text.split("\n---\n", 1)
    told = dict(line.split(": ", 1) for line in head.splitlines())
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(body)
    sections = _sections(tokens)
    return Article(
        slug,
        told["title"],
        told["summary"],
        told.get("page", ""),
        markdown.renderer.render(tokens, markdown.options, {}),
        tuple(sections),
    )


def _sections(tokens: list[Token]) -> list[Section]:
    """Return the sections, having named the headings and led the pictures to where they are served."""
    found = [("", "", [])]  # type: list[tuple[str, str, list[str]]]
    heading: Token | None = None
    for token in tokens:
        if token.type == "heading_open":
            heading = token
        elif token.type == "inline":
            _place_pictures(token)
            if heading is None:
                found[-1][2].append(_plain(token))
                continue
            name, title = _name(token)
            heading.attrSet("id", name)
            found.append((name, title, []))
            heading = None
    return [Section(name, title, " ".join(texts)) for name, title, texts in found if title or texts]


def _name(inline: Token) -> tuple[str, str]:
    """Return name and title of a heading, and take the name out of what is shown."""
    last = (inline.children or [])[-1]
    given = _HEADING_NAME.search(last.content)
    if given:
        last.content = last.content[: given.start()]
    title = _plain(inline)
    return (given[1] if given else slugify(title)), title


def _plain(inline: Token) -> str:
    shown = ("text", "code_inline")
    return "".join(
        child.content if child.type in shown else " "
        for child in inline.children or []
        if child.type in (*shown, "softbreak")
    )


def _place_pictures(inline: Token) -> None:
    for child in inline.children or []:
        if child.type == "image":
            child.attrSet("src", f"{PICTURES}/{child.attrGet('src')}.png")
            child.attrSet("loading", "lazy")
