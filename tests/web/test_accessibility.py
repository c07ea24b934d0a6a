"""Every page and its important states by axe, in both themes, on a desk and on a phone: without a violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse
from playwright.sync_api import Browser, Page, expect

from stint.web import urls
from tests.web.conftest import Site, running_site
from tests.web.test_main_job import mirror, set_up
from tools.screenshots import Api

AXE = Path(__file__).resolve().parents[2] / "clients" / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

Act = Callable[[Page], None]


@dataclass(frozen=True)
class State:
    """A page as somebody sees it: what is done there before axe looks, and which addresses it shows."""

    name: str
    path: str
    shows: set[str]
    act: Act | None = None
    signed_in: bool = True
    on: tuple[str, ...] = ("desk", "phone")


def press(name: str, *, within: str = "main") -> Act:
    """Press the first such button, and wait for what it opens."""
    return lambda page: page.locator(within).get_by_role("button", name=name).first.click()


def open_dialog(name: str) -> Act:
    def act(page: Page) -> None:
        press(name)(page)
        expect(page.locator("#dialog h2")).to_be_visible()

    return act


def open_menu(page: Page) -> None:
    page.locator("details[data-menu] summary", has_text="Account menu").locator("visible=true").first.click()


def open_picker(page: Page) -> None:
    page.locator("stint-task-picker button").first.click()
    expect(page.get_by_role("treeitem").first).to_be_visible()


def search_picker(page: Page) -> None:
    open_picker(page)
    page.keyboard.type("website")
    expect(page.get_by_role("option").filter(has_text="Website").first).to_be_visible()


def open_tree(page: Page) -> None:
    page.locator("#tree summary").first.click()
    expect(page.locator("#tree details details").first).to_be_visible()


def sign_out(page: Page) -> None:
    page.evaluate("document.body.dispatchEvent(new CustomEvent('stint-signed-out'))")


STATES = [
    State("timesheet", "/", {"timesheet", "timesheet_days"}),
    State("account menu", "/", set(), open_menu),
    State("task picker", "/", set(), open_picker),
    State("task picker, searched", "/", set(), search_picker),
    State("shortcuts", "/", set(), lambda page: page.keyboard.press("?")),
    State("signed out", "/", set(), sign_out),
    State("calendar", "/timesheet/calendar", {"timesheet_calendar"}),
    State("projects", "/projects", {"projects", "project_tree"}, open_tree),
    State("new project", "/projects", {"create_task"}, open_dialog("New project")),
    State("archived projects", "/projects/archived", {"projects_archived"}),
    State("integrations", "/integrations", {"integrations"}),
    State("toggl", "/integrations/toggl", {"toggl", "toggl_run", "toggl_details", "toggl_changes"}),
    State("sign in", "/login", {"account_login"}, signed_in=False),
    State("spent setup link", "/setup/spent", {"setup"}, signed_in=False),
    State("nothing here", "/no/such/page", set()),
    State("may not", "/projects/new", set(), signed_in=False),
]


@dataclass(frozen=True)
class House:
    """A site with something on every page, and a browser of its Administrator for each size."""

    site: Site
    state: dict[str, object]


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_site(tmp_path_factory.mktemp("house")) as site:
        context = browser.new_context(viewport=DESK, timezone_id="Europe/Lisbon")
        page = context.new_page()
        set_up(page, site)
        site.add_user("linus@example.com", "Linus")
        mirror(page, site)
        fill(Api(context, site.url))
        yield House(site, context.storage_state())
        context.close()


def fill(api: Api) -> None:
    """Add time of two days, a running timer, and something archived."""
    morning = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    for note, words, days in (("Wireframes", "website", 1), ("", "mobile", 1), ("Letters", "", 2)):
        start = morning - timedelta(days=days)
        body = {"start": start.isoformat(), "end": (start + timedelta(minutes=80)).isoformat()}
        api.post("/entries", {"note": note, "task_id": api.task(words) if words else None, **body})
    api.post("/timer/start", {"note": "Prototype", "task_id": api.task("website")})


def violations(page: Page) -> list[str]:
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_page_has_no_violation(browser: Browser, house: House, state: State) -> None:
    faults = []
    for size in state.on:
        context = browser.new_context(
            viewport=DESK if size == "desk" else PHONE,
            bypass_csp=True,
            reduced_motion="reduce",
            storage_state=house.state if state.signed_in else None,  # type: ignore[arg-type]
        )
        page = context.new_page()
        page.goto(f"{house.site.url}{state.path}")
        if state.act:
            state.act(page)
        page.add_script_tag(path=AXE)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            faults += [f"{size}, {theme}: {fault}" for fault in violations(page)]
        context.close()
    assert not faults, "\n".join(faults)


def names() -> Iterator[tuple[str, str]]:
    """Yield the name of each address of the pages, with an address that has it."""
    for pattern in urls.urlpatterns:
        if not isinstance(pattern, URLPattern) or not pattern.name:
            continue
        samples = {"uuid": "0199a0a0-0000-7000-8000-000000000000", "int": 1, "string": "x"}
        kinds = {
            name: type(converter).__name__.removesuffix("Converter").lower()
            for name, converter in pattern.pattern.converters.items()
        }
        try:
            yield (
                pattern.name,
                reverse(pattern.name, kwargs={name: samples[kind] for name, kind in kinds.items()}),
            )
        except (KeyError, NoReverseMatch) as fault:
            pytest.fail(f"give a sample for {pattern.name}: {fault}")


def test_every_page_is_looked_at(administrator: Client) -> None:
    pages = {name for name, path in names() if administrator.get(path).status_code != 405}

    looked_at = set().union(*(state.shows for state in STATES))
    assert pages - looked_at == set()
    assert looked_at - {name for name, _ in names()} == set()


def test_less_motion_is_none(browser: Browser, house: House) -> None:
    context = browser.new_context(reduced_motion="reduce", storage_state=house.state)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{house.site.url}/projects")
    open_picker(page)

    moving = page.evaluate("""() => {
        const inside = root => [...root.querySelectorAll("*")].flatMap(
            element => [element, ...(element.shadowRoot ? inside(element.shadowRoot) : [])]);
        const seconds = text => Math.max(...text.split(",").map(parseFloat));
        return inside(document).filter(element => {
            const style = getComputedStyle(element);
            const moves = style.transitionProperty !== "none" && seconds(style.transitionDuration) > 0;
            return moves || seconds(style.animationDuration) > 0.001;
        }).map(element => element.outerHTML.slice(0, 120));
    }""")

    assert moving == []
    context.close()
