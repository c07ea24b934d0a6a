"""Keep the translations in src/stint/locale and the desktop app's true to the texts in the sources.

    tools/translations.py update     take new texts into the .po files, drop those that are gone
    tools/translations.py check      fail when a text is not taken in, not translated, or loses a placeholder
    tools/translations.py compile    make the .mo files that Stint reads

Babel does what Django's makemessages asks of gettext's programs, which few machines have.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
# Where texts stand, each with the name of its catalogue; the translations lie in the folder locale there.
SOURCES = {ROOT / "src" / "stint": "django", ROOT / "clients" / "desktop" / "stint_desktop": "desktop"}
TEMPLATES = (".html", ".txt")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Django's header has dates and names; none of them says anything that git does not say better.
KEPT_HEADERS = {"Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms"}
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)


def extracted(source: Path) -> Catalog:
    """Return every text below a folder with the files that say it."""
    catalog = Catalog(charset="utf-8")
    for path in sorted(source.rglob("*")):
        if path.suffix == ".py":
            text = path.read_text()
        elif path.suffix in TEMPLATES and "templates" in path.parts:
            # Django turns a template into calls of gettext between words of X; flush left it reads as Python.
            blanked = templatize(path.read_text(), origin=str(path))
            text = "\n".join(line.lstrip() for line in blanked.splitlines())
        else:
            continue
        place = (str(path.relative_to(source)), 0)
        for _, said, comments, context in extract(
            "python", io.BytesIO(text.encode()), KEYWORDS, ["Translators:"]
        ):
            catalog.add(said, locations=[place], auto_comments=comments, context=context)
    return catalog


def catalogs(source: Path) -> Iterator[tuple[Path, Catalog]]:
    """Yield each language's file with what it holds."""
    for path in sorted(source.glob(f"locale/*/LC_MESSAGES/{SOURCES[source]}.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=path.parent.parent.name)


def updated(catalog: Catalog, template: Catalog) -> bytes:
    """Return the file with the texts of the sources and the translations known."""
    # A guess at a translation is worse than none: it looks done.
    catalog.update(template, no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(written, catalog, width=110, omit_header=True, ignore_obsolete=True, include_lineno=False)
    headers = [(name, value) for name, value in catalog.mime_headers if name in KEPT_HEADERS]
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in headers)
    return f'msgid ""\nmsgstr ""\n{head}\n'.encode() + written.getvalue()


def faults(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with a language's translations."""
    for message in catalog:
        if not message.id:
            continue
        if not _translated(message):
            yield f"not translated: {message.id!r}"
        elif message.fuzzy:
            yield f"fuzzy: {message.id!r}"
        for fault in message.check(catalog):
            yield f"{fault}: {message.id!r}"


def _translated(message: Message) -> bool:
    said = message.string
    return all(said) if isinstance(said, (tuple, list)) else bool(said)


def update() -> int:
    """Rewrite the .po files."""
    for source in SOURCES:
        template = extracted(source)
        for path, catalog in catalogs(source):
            path.write_bytes(updated(catalog, template))
            missing = sum(1 for message in catalog if message.id and not _translated(message))
            print(f"{path.relative_to(ROOT)}: {len(catalog)} texts, {missing} not translated")
    return 0


def check() -> int:
    """Print what is wrong; return 1 if anything is."""
    count = 0
    for source in SOURCES:
        template = extracted(source)
        for path, catalog in catalogs(source):
            told = list(faults(catalog))
            if catalog.obsolete or updated(catalog, template) != path.read_bytes():
                told.append("differs from the sources: run make translations")
            for fault in told:
                print(f"{path.relative_to(ROOT)}: {fault}")
            count += len(told)
    return 1 if count else 0


def compile_all() -> int:
    """Make the .mo beside each .po."""
    for source in SOURCES:
        for path, catalog in catalogs(source):
            path.with_suffix(".mo").write_bytes(compiled(catalog))
    return 0


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as a .mo file; it has no date of its own, or no two builds were the same."""
    catalog.creation_date = LONG_AGO
    made = io.BytesIO()
    write_mo(made, catalog)
    return made.getvalue()


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    acts = {"update": update, "check": check, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in acts:
        print(__doc__)
        return 2
    settings.configure(USE_I18N=True)
    return acts[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
