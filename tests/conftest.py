"""What every test may use: a real Chromium and the recorded Toggl bodies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from tools.chromium import FLAGS, chromium

ROOT = Path(__file__).parent.parent
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_configure() -> None:
    """Hash passwords fast: the sound way, a third of a second for each person of each test, tests nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database (it also runs on PostgreSQL) and what drives a browser, which goes last.

    Playwright may leave its event loop running in the thread of the tests, where Django then refuses to
    touch the database.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
        if fixtures & {"browser", "page"}:
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def toggl_fixtures() -> Path:
    """The folder of bodies recorded from Toggl's documentation, which is kept beside the repository."""
    folder = ROOT.parent / "shared" / "fixtures" / "toggl"
    if not folder.is_dir():
        pytest.skip("the recorded Toggl bodies are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for each process of the run; each test gets a `page` of its own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with its own cookies and storage."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
