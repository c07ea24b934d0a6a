"""What goes to the stores: manifests, words, and the same bytes every time."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stint.web.extension_words import browser_words, extension_words
from tools import extension

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
BROWSERS = ("chrome", "firefox")


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_manifest_asks_for_no_host_and_names_files_that_are_there(built: Path, browser: str) -> None:
    made = extension.manifest(browser)

    assert made["manifest_version"] == 3
    assert "host_permissions" not in made
    assert "content_scripts" not in made
    assert set(made["permissions"]) == {"activeTab", "alarms", "contextMenus", "scripting", "storage"}
    assert re.fullmatch(r"\d+(\.\d+){0,3}", made["version"])
    for named in re.findall(r'"([\w/]+\.(?:html|js|png|css))"', json.dumps(made)):
        assert (built / named).is_file(), named
    for size, icon in made["icons"].items():
        assert struct.unpack(">II", (built / icon).read_bytes()[16:24]) == (int(size), int(size))


def test_each_browser_has_its_own_kind_of_background() -> None:
    chrome, firefox = (extension.manifest(browser) for browser in BROWSERS)

    assert chrome["background"] == {"service_worker": "background.js", "type": "module"}
    assert "browser_specific_settings" not in chrome
    assert firefox["background"] == {"scripts": ["background.js"], "type": "module"}
    gecko = firefox["browser_specific_settings"]["gecko"]
    assert re.fullmatch(r"\{[0-9a-f-]{36}\}", gecko["id"])


@pytest.mark.parametrize("language", extension.LANGUAGES)
def test_words_and_messages_are_there_in_every_language(built: Path, language: str) -> None:
    words: dict[str, str] = json.loads((built / "words" / f"{language}.json").read_text())
    messages: dict[str, Any] = json.loads((built / "_locales" / language / "messages.json").read_text())

    assert words.keys() == extension_words().keys()
    assert messages.keys() == browser_words().keys()
    assert all([*words.values(), *(said["message"] for said in messages.values())])
    for key, text in extension_words().items():
        assert re.findall(r"\{\w+\}|%s|\$\w+", words[key]) == re.findall(r"\{\w+\}|%s|\$\w+", text), key
    if language != "en":
        assert words["disconnect"] != extension_words()["disconnect"]


def test_every_word_that_is_said_exists() -> None:
    said = set()
    for path in (CLIENTS / "extension" / "src").glob("*.ts"):
        text = path.read_text()
        said |= set(re.findall(r'\b(?:word|title|act)\(\s*"(\w+)"', text))
    assert len(said) > 40
    assert said - extension_words().keys() == set()


@pytest.mark.parametrize("browser", BROWSERS)
def test_packing_twice_makes_the_same_bytes(
    built: Path, browser: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extension, "ROOT", tmp_path)
    first = extension.pack(built, browser).read_bytes()
    for path in built.rglob("*"):
        path.touch()

    packed = extension.pack(built, browser)

    assert packed.name == f"stint-extension-{browser}.zip"
    assert packed.read_bytes() == first
    with zipfile.ZipFile(packed) as archive:
        assert json.loads(archive.read("manifest.json")) == extension.manifest(browser)
        assert {"background.js", "popup.html", "options.html", "button.js", "LICENSE"} <= set(
            archive.namelist()
        )


def test_nothing_in_it_loads_code_from_elsewhere(built: Path) -> None:
    for path in [*built.rglob("*.js"), *built.rglob("*.html")]:
        text = path.read_text()
        assert not re.search(r"""\beval\(|new Function\(|\bimport\(["'`]|src="https?:""", text), path.name
