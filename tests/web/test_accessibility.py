"""Every page and its important states by axe, in both themes, on a desk and on a phone: without a violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse
from playwright.sync_api import Browser, Page, expect

from stint.web import urls
from tests.web.conftest import PASSWORD, running_site
from tests.web.test_main_job import mirror, set_up, sign_in
from tests.web.test_passkeys import READER
from tests.web.test_settings import code
from tools.screenshots import Api

AXE = Path(__file__).resolve().parents[2] / "clients" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}

IMPORT = "h2:has-text('What the import would do')"

Act = Callable[[Page], None]
Who = Literal["ada", "linus", "nobody"]


@dataclass(frozen=True)
class State:
    """A page as somebody sees it: what is done there before axe looks, and which addresses that shows."""

    name: str
    path: str
    shows: tuple[str, ...] = ()
    act: Act | None = None
    who: Who = "ada"


def press(name: str, opens: str, *, role: Literal["button", "link"] = "button") -> Act:
    """Press the first such button of the page, and wait for what it opens."""

    def act(page: Page) -> None:
        page.locator("main").get_by_role(role, name=name).locator("visible=true").first.click()
        expect(page.locator(opens).first).to_be_visible()

    return act


def key(pressed: str, opens: str) -> Act:
    def act(page: Page) -> None:
        page.keyboard.press(pressed)
        expect(page.locator(opens)).to_be_visible()

    return act


def click(place: str, opens: str) -> Act:
    def act(page: Page) -> None:
        page.locator(place).locator("visible=true").first.click()
        expect(page.locator(opens).first).to_be_visible()

    return act


def one_after_another(*acts: Act) -> Act:
    def act(page: Page) -> None:
        for each in acts:
            each(page)

    return act


def of_a_task(name: str) -> Act:
    """Open what the menu of a task of our own offers under `name`."""
    return one_after_another(
        click("#tree [data-own] [data-act=menu]", "#node-menu"),
        click(f"#node-menu button:has-text('{name}')", DIALOG),
    )


def choose_an_entry(page: Page) -> None:
    select = page.get_by_role("button", name="Select", exact=True)
    if select.is_visible():
        select.click()
    page.locator(".entry").first.hover()
    page.locator(".entry-choose input").first.check()
    expect(page.locator("#many")).to_be_visible()


def preview_file(page: Page) -> None:
    report = (
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
        "Ada,ada@example.com,,Nowhere,,Reading,No,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\n"
        "Hedy,hedy@old.example,,,,Sailing,No,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\n"
    )
    file: Any = {"name": "report.csv", "mimeType": "text/csv", "buffer": report.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)
    press("Upload and preview", IMPORT)(page)


def find_nodes(page: Page) -> None:
    page.get_by_label("Search projects and tasks").fill("website")
    expect(page.locator("#tree mark").first).to_be_visible()


def search_picker(page: Page) -> None:
    open_picker(page)
    page.keyboard.type("website")
    expect(page.get_by_role("option").filter(has_text="Website").first).to_be_visible()


def open_picker(page: Page) -> None:
    page.locator("stint-task-picker button").first.click()
    expect(page.get_by_role("treeitem").first).to_be_visible()


def sign_in_first_step(page: Page) -> None:
    page.get_by_label("Email").fill("linus@example.com")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()


def sign_in_wrongly(page: Page) -> None:
    page.get_by_label("Email").fill("nobody@example.com")
    page.locator("input[type=password]").fill("wrong wrong wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def prove(page: Page) -> None:
    """Type the password where the page asks whether it is still the same person."""
    if not page.get_by_role("heading", name="Is it you?").is_visible():
        return
    if page.get_by_role("link", name="Use your password instead").is_visible():
        page.get_by_role("link", name="Use your password instead").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_hidden()


def signed_out(page: Page) -> None:
    page.evaluate("document.body.dispatchEvent(new CustomEvent('stint-signed-out'))")
    expect(page.locator("#signed-out")).to_be_visible()


def wait_for_an_answer(page: Page) -> None:
    """Have a program ask to be connected, and open the page that it names."""
    body = {"client": "extension", "name": "Stint in Firefox on Linux"}
    origin = page.url.split("/connect")[0]
    begun = page.request.post(f"{origin}/api/v1/connections", data=body).json()
    page.goto(f"{origin}/connect?code={begun['code']}")
    expect(page.get_by_role("button", name="Allow")).to_be_visible()


def there(place: str) -> Act:
    def act(page: Page) -> None:
        expect(page.locator(place).first).to_be_visible()

    return act


def away(page: Page) -> None:
    """Have no answer any more from the server."""
    page.route("**/api/v1/**", lambda route: route.abort())


DIALOG = "#dialog h2"
OWN_TASK = "#tree li:has(:text-is('Lighthouse')) "

TIMESHEET = [
    State("timesheet", "/", ("timesheet", "timesheet_days", "entry_row")),
    State(
        "account menu",
        "/",
        act=click("details[data-menu] summary:has-text('Account menu')", "[open] > div > fieldset"),
    ),
    State("task picker", "/", act=open_picker),
    State("task picker, searched", "/", act=search_picker),
    State("shortcuts", "/", act=key("?", "#shortcuts")),
    State("signed out", "/", act=signed_out),
    State("new time", "/", ("add_entry", "entry_times"), press("Add time", "#add input[type=text]")),
    State(
        "a note edited in its row",
        "/",
        ("edit_entry",),
        click(".entry-note", "[data-editing]"),
    ),
    State("entry menu", "/", act=click(".entry summary", ".entry .dropdown-content")),
    State(
        "split",
        "/",
        ("split_entry",),
        one_after_another(
            click(".entry summary", ".entry .dropdown-content"), click(".entry a:has-text('Split')", DIALOG)
        ),
    ),
    State("several entries", "/", act=choose_an_entry),
    State("week", "/timesheet/week", ("timesheet_week", "week_grid", "week_cell")),
    State("calendar", "/timesheet/calendar", ("timesheet_calendar",)),
    State("calendar of a day", "/timesheet/calendar?span=day"),
    State(
        "entry in the calendar",
        "/timesheet/calendar",
        act=click("stint-calendar .block", "stint-calendar dialog, dialog"),
    ),
]
PHONE = [
    State("phone app", "/m", ("phone",), there(".entry-line")),
    State("phone app, start", "/m", act=click(".acts button:has-text('Start')", ".offers button")),
    State("phone app, add", "/m", act=click(".acts button:has-text('Add')", ".sheet input[type=time]")),
    State(
        "phone app, task picker",
        "/m",
        act=one_after_another(
            click(".acts button:has-text('Start')", ".sheet"),
            click(".sheet stint-task-picker button", "stint-task-picker [role=treeitem]"),
        ),
    ),
    State("phone app, entry", "/m", act=click(".running .what", ".sheet")),
    State("phone app, tasks", "/m#tasks", act=there(".task-line")),
    State("phone app, settings", "/m#settings", act=there(".themes")),
    State(
        "phone app, away",
        "/m",
        act=one_after_another(
            there(".entry-line"), away, click(".running .stop", ".told .note:has-text('Not sent yet')")
        ),
    ),
]
PROJECTS = [
    State(
        "projects",
        "/projects",
        ("projects", "project_tree"),
        click("#tree [aria-expanded]", "#tree [aria-level='2']"),
    ),
    State("new project", "/projects", ("create_task",), press("New project", DIALOG)),
    State("rename a task", "/projects", ("rename_task",), of_a_task("Rename")),
    State("move a task", "/projects", ("move_task",), of_a_task("Move")),
    State("a node's menu", "/projects", act=click("#tree [data-act=menu]", "#node-menu")),
    State(
        "why a node is locked",
        "/projects",
        act=click("#tree [role=row]:not([data-own]) [data-act=menu]", "#node-menu"),
    ),
    State("found nodes", "/projects", act=find_nodes),
    State("colour and billing", "/projects", ("task_look",), of_a_task("Colour and billing")),
    State("rates and budget", "/projects", ("task_money",), of_a_task("Rates and budget")),
    State("people of a task", "/projects", ("task_people",), of_a_task("People")),
    State("archived projects", "/projects/archived", ("projects_archived",)),
]
PEOPLE = [
    State("people", "/people", ("people",)),
    State("invite", "/people", ("invite",), press("Invite people", DIALOG)),
    State("rates of a person", "/people", ("person_rates",), click("[id^=rates-]", DIALOG)),
    State("spent invitation", "/invitations/spent", ("accept_invitation",), who="nobody"),
]
SETTINGS = [
    State("settings", "/settings", ("settings", "account_email")),
    State("zone and language", "/settings/time", ("settings_time",)),
    State("tokens", "/settings/tokens", ("settings_tokens", "settings_token_list")),
    State("account", "/settings/account", ("settings_account", "settings_rates")),
    State("help", "/help", ("help",)),
    State("help, searched", "/help?q=quota"),
    State("help, signed out", "/help", who="nobody"),
    State("article", "/help/timesheet", ("help_article",)),
    State("audit", "/settings/audit", ("settings_audit",)),
    State("calendar link", "/settings/calendar", ("settings_calendar",)),
    State("code of a program", "/connect?code=XXXX", ("connect",)),
    State("a program asks", "/connect", act=wait_for_an_answer),
    State("devices", "/settings/devices", ("usersessions_list",)),
    State("password", "/settings/password", ("account_change_password", "account_set_password")),
    State("two-factor, off", "/settings/two-factor"),
    State("two-factor, on", "/settings/two-factor", ("mfa_index",), who="linus"),
    State("is it you?", "/accounts/reauthenticate/"),
    State("authenticator app", "/settings/two-factor/app", ("mfa_activate_totp",), prove),
    State("app off", "/settings/two-factor/app/remove", ("mfa_deactivate_totp",), prove, "linus"),
    State("codes", "/settings/two-factor/codes", ("mfa_view_recovery_codes",), prove, "linus"),
    State("new codes", "/settings/two-factor/codes/new", ("mfa_generate_recovery_codes",), prove, "linus"),
    State("passkeys, none", "/settings/passkeys"),
    State("passkeys", "/settings/passkeys", ("mfa_list_webauthn",), prove, "linus"),
    State("new passkey", "/settings/passkeys/add", ("mfa_add_webauthn",), prove),
    State(
        "rename a passkey",
        "/settings/passkeys",
        ("mfa_edit_webauthn",),
        press("Rename", "main form", role="link"),
        "linus",
    ),
    State(
        "remove a passkey",
        "/settings/passkeys",
        ("mfa_remove_webauthn",),
        press("Remove", "main form", role="link"),
        "linus",
    ),
]
INTEGRATIONS = [
    State("integrations", "/integrations", ("integrations",)),
    State("imports", "/imports", ("imports",), click("main .fold > summary", "#id_dates")),
    State("imports preview", "/imports", ("import",), preview_file),
    State("toggl history", "/integrations/toggl", act=press("Show this time", "[data-import] section")),
    State(
        "toggl",
        "/integrations/toggl",
        ("toggl", "toggl_run", "toggl_details", "toggl_changes", "toggl_people"),
    ),
    State("toggl preview", "/integrations/toggl", act=press("Preview", "h2:has-text('What Save would do')")),
]
REPORTS = [
    State("dashboard", "/dashboard", ("dashboard", "dashboard_running")),
    State("own dashboard", "/dashboard", who="linus"),
    State("report", "/reports?range=this_year&group_by=project,user&compare=true", ("report_summary",)),
    State("report without time", "/reports?from=2020-01-01&to=2020-01-31"),
    State(
        "chart as a table",
        "/reports?range=this_year",
        act=click("summary:has-text('Show as a table')", ".plain-table"),
    ),
    State("report of entries", "/reports/detailed?range=this_year&rounding=up", ("report_detailed",)),
    State("weekly report", "/reports/weekly?range=last_week", ("report_weekly",)),
    State(
        "report as a tree",
        "/reports/tree?range=this_year",
        ("report_tree", "report_branch"),
        click("summary.fold-name", ".fold-below .fold-row"),
    ),
    State(
        "filters by tag",
        "/reports?range=this_year",
        ("report_tags",),
        click("summary:has-text('Tags')", "details[open] .filter-list"),
    ),
    State("display of reports", "/reports", act=click("summary:has-text('Display')", "#filter-format")),
    State(
        "download a report",
        "/reports",
        act=click("#report-bar summary:has-text('Download')", "#report-bar a:has-text('CSV')"),
    ),
    State("save a report", "/reports", ("report_save",), press("Save report", DIALOG)),
    State(
        "saved reports",
        "/reports",
        ("report_saved",),
        click("summary:has-text('Saved reports')", "#report-bar .dropdown-content p"),
    ),
]
BEFORE = [
    State("sign in", "/login", ("account_login",), who="nobody"),
    State("sign in, refused", "/login", act=sign_in_wrongly, who="nobody"),
    State("second step", "/login", act=sign_in_first_step, who="nobody"),
    State("forgotten password", "/accounts/password/reset/", who="nobody"),
    State("mail on its way", "/accounts/password/reset/done/", who="nobody"),
    State("spent reset link", "/accounts/password/reset/key/1-x/", who="nobody"),
    State("by invitation", "/accounts/signup/", who="nobody"),
    State("spent setup link", "/setup/spent", ("setup",), who="nobody"),
    State("nothing here", "/no/such/page"),
    State("not for you", "/settings/account", who="linus"),
]
STATES = TIMESHEET + PHONE + PROJECTS + PEOPLE + SETTINGS + INTEGRATIONS + REPORTS + BEFORE
NO_PAGES = {
    "calendar_file": "read by calendar programs",
    "mfa_download_recovery_codes": "a file of plain text",
    "phone_shell": "the phone app's page again, for its service worker",
    "manifest": "read by phones",
    "service_worker": "a script",
}


@dataclass(frozen=True)
class House:
    """A site with something on every page, and the cookies of its people."""

    url: str
    cookies: dict[Who, Any]


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_site(tmp_path_factory.mktemp("house")) as site:
        # Passkeys need an address with a name.
        site.url, site.setup_link = (
            text.replace("127.0.0.1", "localhost") for text in (site.url, site.setup_link)
        )
        ada, linus = browser.new_context(), browser.new_context()
        set_up(ada.new_page(), site)
        site.add_user("linus@example.com", "Linus")
        mirror(ada.pages[0], site)
        sign_in(linus.new_page(), site, "linus@example.com")
        guard(linus.pages[0], site.url)
        fill(Api(ada, site.url))
        yield House(site.url, {"ada": ada.storage_state(), "linus": linus.storage_state(), "nobody": None})
        ada.close()
        linus.close()


def guard(page: Page, url: str) -> None:
    """Turn on an authenticator app, and add a passkey."""
    page.goto(f"{url}/settings/two-factor/app")
    prove(page)
    page.get_by_label("Code").fill(code(page.locator("#app-secret").inner_text()))
    page.get_by_role("button", name="Turn on").click()
    expect(page).to_have_url(f"{url}/settings/two-factor/codes")
    reader = page.context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": READER})
    page.goto(f"{url}/settings/passkeys/add")
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(f"{url}/settings/passkeys")


def fill(api: Api) -> None:
    """Add time of two days, a running timer, a task of our own, an archived one and an invitation."""
    morning = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    for note, words, days in (("Wireframes", "website", 1), ("", "mobile", 1), ("Letters", "", 2)):
        start = morning - timedelta(days=days)
        body = {"start": start.isoformat(), "end": (start + timedelta(minutes=80)).isoformat()}
        api.send("POST", "/entries", {"note": note, "task_id": api.task(words) if words else None, **body})
    api.send("POST", "/timer/start", {"note": "Prototype", "task_id": api.task("website"), "tags": ["draft"]})
    _lighthouse, mill = (api.send("POST", "/tasks", {"name": name}) for name in ("Lighthouse", "Old mill"))
    api.send("POST", f"/tasks/{mill['id']}/archive")
    api.send("POST", "/invitations", {"emails": ["grace@example.com"], "role": "manager"})


def violations(page: Page, **options: Any) -> list[str]:
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **options})
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_page_has_no_violation(browser: Browser, house: House, state: State) -> None:
    faults = []
    for size, viewport in SIZES.items():
        context = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            bypass_csp=True,
            color_scheme="light",
            reduced_motion="reduce",
            storage_state=house.cookies[state.who],
        )
        page = context.new_page()
        page.goto(f"{house.url}{state.path}")
        if state.act:
            state.act(page)
        page.add_script_tag(path=AXE)
        faults += [f"{size}, light: {fault}" for fault in violations(page)]
        page.emulate_media(color_scheme="dark")  # colours are all that differs
        faults += [f"{size}, dark: {fault}" for fault in violations(page, runOnly=["color-contrast"])]
        context.close()
    assert not faults, "\n".join(faults)


def names() -> Iterator[tuple[str, str]]:
    """Yield the name of each address of the pages, with an address that has it."""
    for pattern in urls.urlpatterns:
        if not isinstance(pattern, URLPattern) or not pattern.name:
            continue
        samples = {"uuid": "0199a0a0-0000-7000-8000-000000000000", "int": 1, "string": "x", "slug": "timer"}
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
    assert pages - looked_at - set(NO_PAGES) == set()
    assert looked_at - {name for name, _ in names()} == set()


def test_less_motion_is_none(browser: Browser, house: House) -> None:
    context = browser.new_context(reduced_motion="reduce", storage_state=house.cookies["ada"])
    page = context.new_page()
    page.goto(f"{house.url}/projects")
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
