"""Search in the articles: the sections whose words begin with all the words asked for, the best first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from stint.help.library import Article, Section, library

MOST = 8
BEFORE, AFTER = 60, 120
IN_TITLE, IN_HEADING, IN_TEXT = 9, 5, 1
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Found:
    """A section that answers; `pieces` are a part of its text, each with whether it is what was asked for."""

    article: Article
    section: Section
    pieces: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class _Entry:
    article: Article
    section: Section
    title: frozenset[str]
    heading: frozenset[str]
    text: frozenset[str]


def search(asked: str, language: str) -> list[Found]:
    """Return up to MOST sections, of each article the one that answers best."""
    words = _words(asked)
    if not words:
        return []
    scored = [(score, entry) for entry in _index(language) if (score := _score(entry, words))]
    scored.sort(key=lambda each: -each[0])
    best: dict[str, _Entry] = {}
    for _score_of, entry in scored:
        best.setdefault(entry.article.slug, entry)
    chosen = list(best.values())[:MOST]
    return [Found(entry.article, entry.section, _pieces(entry.section.text, words)) for entry in chosen]


@cache
def _index(language: str) -> list[_Entry]:
    return [
        _Entry(
            article,
            section,
            frozenset(_words(f"{article.title} {article.summary}")),
            frozenset(_words(section.title)),
            frozenset(_words(section.text)),
        )
        for article in library(language).values()
        for section in article.sections
    ]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _score(entry: _Entry, words: list[str]) -> int:
    """Return how well a section answers; 0 when a word is nowhere in it."""
    total = 0
    for word in words:
        weights = ((entry.title, IN_TITLE), (entry.heading, IN_HEADING), (entry.text, IN_TEXT))
        score = sum(weight for said, weight in weights if any(each.startswith(word) for each in said))
        if not score:
            return 0
        total += score
    return total


def _pieces(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """Return the text around the first word that was asked for, cut at spaces, the words in it marked."""
    asked = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\w*", re.IGNORECASE)
    first = asked.search(text)
    at = first.start() if first else 0
    begin = text.rfind(" ", 0, max(0, at - BEFORE)) + 1 if at > BEFORE else 0
    end = len(text) if len(text) - at < AFTER else text.rfind(" ", at, at + AFTER)
    shown = text[begin : end if end > at else at + AFTER]
    pieces: list[tuple[str, bool]] = []
    done = 0
    for hit in asked.finditer(shown):
        pieces += [(shown[done : hit.start()], False), (hit[0], True)]
        done = hit.end()
    pieces.append((shown[done:], False))
    dots_before, dots_after = "… " if begin else "", " …" if begin + len(shown) < len(text) else ""
    return [(dots_before, False), *pieces, (dots_after, False)]
