"""What the server gives the phone app: its page, its manifest and its service worker."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from stint.accounts.models import User
from stint.tasks import services
from stint.web import phone
from tests.web.conftest import caller

GERMAN = {"Accept-Language": "de"}


def kept(script: str) -> dict[str, object]:
    """Return what the service worker is told to keep."""
    told = re.match(r"self\.KEPT = (.+);\n", script)
    assert told
    found: dict[str, object] = json.loads(told[1])
    return found


def worker(client: Client, **headers: str) -> str:
    return client.get("/sw.js", headers=headers).content.decode()


def test_the_page_is_nobody_s_own(member: Client, administrator: Client) -> None:
    pages = {client.get("/m/shell").content for client in (Client(), member, administrator)}

    assert len(pages) == 1
    assert member.get("/m").content in pages


def test_who_is_not_signed_in_goes_to_sign_in_and_back(db: None) -> None:
    assert Client().get("/m")["Location"] == "/login?next=%2Fm"


def test_the_page_brings_the_token_that_its_writes_need(db: None) -> None:
    assert "stint_csrf" in Client().get("/m/shell").cookies


def test_the_page_carries_nothing_that_its_policy_forbids(member: Client) -> None:
    answer = member.get("/m")
    page = answer.content.decode()

    assert answer["Content-Security-Policy"].startswith("default-src 'self'")
    assert not re.search(r"<style| style=| on\w+=|<script>", page)


def test_the_manifest_says_how_to_install_it(db: None) -> None:
    answer = Client().get("/manifest.webmanifest")

    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/m", "/", "standalone")
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= {
        (icon["sizes"], icon["purpose"]) for icon in told["icons"]
    }
    assert [(shortcut["name"], shortcut["url"]) for shortcut in told["shortcuts"]] == [
        ("Start", "/m?do=start"),
        ("Stop", "/m?do=stop"),
    ]


def test_every_picture_of_the_manifest_is_there(db: None) -> None:
    told = phone.manifest()
    icons = [*told["icons"], *(icon for shortcut in told["shortcuts"] for icon in shortcut["icons"])]

    missing = [icon["src"] for icon in icons if not finders.find(icon["src"].removeprefix("/static/"))]
    assert missing == []


def test_the_manifest_speaks_the_reader_s_language(db: None) -> None:
    told = Client().get("/manifest.webmanifest", headers=GERMAN).json()

    assert (told["lang"], [shortcut["name"] for shortcut in told["shortcuts"]]) == ("de", ["Start", "Stopp"])


def test_the_worker_is_a_script_that_browsers_ask_for_anew(db: None) -> None:
    answer = Client().get("/sw.js")

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert (answer["Cache-Control"], answer["Service-Worker-Allowed"]) == ("no-cache", "/")


def test_the_worker_keeps_all_that_the_app_is_made_of(db: None) -> None:
    told = kept(worker(Client()))
    files = told["files"]
    assert isinstance(files, list)

    missing = [file for file in files if not finders.find(file.removeprefix("/static/"))]
    assert missing == []
    page = Client().get(str(told["shell"])).content.decode()
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"', page)
    assert loaded
    assert set(loaded) <= set(files)
    assert any("tags-input" in file for file in files), "what is loaded later is kept as well"


def test_the_worker_is_another_when_the_app_is(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept(worker(Client()))["version"]

    assert kept(worker(Client()))["version"] == before
    assert kept(worker(Client(), **GERMAN))["version"] != before
    monkeypatch.setattr(phone, "kept_files", lambda: ["/static/dist/assets/main-new.js"])
    assert kept(worker(Client()))["version"] != before


@pytest.mark.parametrize("path", ["/m/shell", "/manifest.webmanifest", "/sw.js", "/m"])
def test_the_app_s_files_are_only_read(member: Client, path: str) -> None:
    assert member.post(path).status_code == 405


def test_a_long_list_is_sent_compressed(ada: User, administrator: Client) -> None:
    asked = {"Accept-Encoding": "gzip"}
    short = administrator.get("/api/v1/tasks", headers=asked)
    for number in range(80):
        services.create_task(caller(ada), f"Website of the client with the number {number}")
    long = administrator.get("/api/v1/tasks", {"limit": 1000}, headers=asked)

    assert "Content-Encoding" not in short.headers
    assert long["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(long.content))["items"]) == 80
