"""The tree of projects in real browsers: making, moving, archiving, colours, people, keys, and two windows at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.web.conftest import Site
from tests.web.test_main_job import mirror, set_up
from tools.screenshots import Api

PHONE = {"width": 390, "height": 844}


@dataclass
class Projects:
    """The page as Ada sees it, and what makes tasks behind its back."""

    page: Page
    api: Api
    site: Site
    faults: list[str]

    def task(self, name: str, parent: int | None = None) -> int:
        """Store a task that Ada may track on."""
        task = int(self.api.send("POST", "/tasks", {"name": name, "parent_id": parent})["id"])
        if parent is None:
            self.api.send("PUT", f"/tasks/{task}/people/{self.api.send('GET', '/me')['id']}")
        return task

    def open(self) -> None:
        self.page.goto(f"{self.site.url}/projects")
        expect(self.page.locator("#tree [role=row][tabindex='0']")).to_have_count(1)

    def row(self, name: str) -> Locator:
        return row_of(self.page, name)

    def choose(self, name: str, act: str) -> None:
        """Open the menu of a row and choose from it."""
        self.row(name).hover()
        self.row(name).locator("[data-act=menu]").click()
        self.page.locator("#node-menu").get_by_role("button", name=act).click()

    def undo(self) -> None:
        self.page.locator("#notices").get_by_role("button", name="Undo").last.click()


def row_of(page: Page, name: str) -> Locator:
    return page.locator("#tree [role=row]").filter(
        has=page.locator("[data-name]").get_by_text(name, exact=True)
    )


@pytest.fixture
def projects(browser: Browser, site: Site) -> Iterator[Projects]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    set_up(page, site)
    yield Projects(page, Api(context, site.url), site, faults)
    assert faults == []
    context.close()


def level_of(row: Locator, level: int) -> None:
    # While the tree is drawn anew what was moved may stand in two places.
    expect(row.and_(row.page.locator(f"[aria-level='{level}']"))).to_have_count(1)
    expect(row).to_have_count(1)


def test_a_form_can_be_sent_the_moment_it_appears(projects: Projects) -> None:
    page = projects.page
    page.goto(f"{projects.site.url}/projects")
    page.evaluate(
        """() => new MutationObserver((_, observer) => {
          const form = document.querySelector("#dialog form");
          if (!form) return;
          observer.disconnect();
          form.querySelector("[name=name]").value = "Quick";
          form.requestSubmit();
        }).observe(document.querySelector("#dialog-body"), { childList: true })"""
    )

    page.get_by_role("button", name="New project").click()

    expect(projects.row("Quick")).to_be_visible()


def test_making_renaming_moving_and_archiving_with_undo(projects: Projects) -> None:
    page = projects.page
    page.goto(f"{projects.site.url}/projects")
    page.get_by_role("button", name="New project").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Website")
    page.get_by_role("button", name="Create").click()
    expect(projects.row("Website")).to_be_visible()

    projects.choose("Website", "New task below")
    page.get_by_role("textbox", name="Name", exact=True).fill("Design")
    page.get_by_role("button", name="Create").click()
    level_of(projects.row("Design"), 2)

    projects.row("Design").focus()
    page.keyboard.press("F2")
    expect(page.locator("#dialog h2")).to_contain_text("Rename")
    page.get_by_role("textbox", name="Name", exact=True).fill("Look")
    page.keyboard.press("Enter")
    expect(projects.row("Look")).to_be_visible()

    projects.choose("Look", "Move")
    dialog = page.locator("#dialog")
    dialog.locator("stint-task-picker button").first.click()
    dialog.get_by_text("Top level", exact=True).last.click()
    dialog.get_by_role("button", name="Move").click()
    level_of(projects.row("Look"), 1)
    projects.undo()
    level_of(projects.row("Look"), 2)

    projects.choose("Look", "Archive")
    expect(projects.row("Look")).to_have_count(0)
    projects.undo()
    expect(projects.row("Look")).to_be_visible()

    projects.row("Look").focus()
    page.keyboard.press("Delete")
    expect(projects.row("Look")).to_have_count(0)
    page.get_by_role("link", name="Archived").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Nothing is archived")).to_be_visible()
    projects.open()
    projects.row("Website").click()
    expect(projects.row("Look")).to_be_visible()


def test_moving_by_drag(projects: Projects) -> None:
    projects.task("Design", projects.task("Website"))
    projects.task("Leaflet", projects.task("Marketing"))
    projects.open()
    projects.row("Website").click()

    projects.row("Design").drag_to(projects.row("Marketing"))
    level_of(projects.row("Design"), 2)
    expect(projects.row("Marketing")).to_have_attribute("aria-expanded", "true")
    expect(projects.row("Leaflet")).to_be_visible()
    projects.undo()
    expect(projects.row("Website")).to_have_attribute("aria-expanded", "true")
    expect(projects.row("Marketing").locator(".node-count")).to_have_text("1")

    drag(projects, "Design", projects.page.locator("#node-drop"))
    level_of(projects.row("Design"), 1)

    drag(projects, "Marketing", projects.row("Leaflet"), drop=False)
    expect(projects.row("Leaflet")).to_have_class(re.compile("drop-refused"))
    projects.page.mouse.up()
    level_of(projects.row("Marketing"), 1)


def test_a_closed_node_opens_when_something_is_held_over_it(projects: Projects) -> None:
    website = projects.task("Website")
    projects.task("Mobile", projects.task("Design", website))
    projects.task("Sketch")
    projects.open()

    drag(projects, "Sketch", projects.row("Website"), drop=False)
    expect(projects.row("Design")).to_be_visible()
    drag_on(projects.page, projects.row("Design"))
    projects.page.mouse.up()

    level_of(projects.row("Sketch"), 3)


def drag(projects: Projects, name: str, to: Locator, *, drop: bool = True) -> None:
    """Drag as a hand does: take, move a little, go there."""
    page = projects.page
    expect(projects.row(name)).to_have_count(
        1
    )  # what was moved stands twice until the whole tree is drawn anew
    projects.row(name).hover()
    page.mouse.down()
    box = projects.row(name).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 90, box["y"] + 24, steps=3)
    expect(page.locator("#node-drop")).to_be_visible()
    drag_on(page, to)
    if drop:
        page.mouse.up()


def drag_on(page: Page, to: Locator) -> None:
    box = to.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 120, box["y"] + box["height"] / 2, steps=4)


def test_favourites_start_and_colours(projects: Projects) -> None:
    projects.task("Design", projects.task("Website"))
    projects.open()
    page, website = projects.page, projects.row("Website")
    star = website.locator("[data-act=favourite]")

    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(star).to_have_attribute("aria-pressed", "true")

    projects.choose("Website", "Colour and billing")
    page.get_by_role("radio", name="Violet").check()
    page.get_by_role("checkbox", name="Billable").check()
    page.get_by_role("button", name="Save").click()
    expect(website.locator("circle").first).to_have_attribute("fill", "#7a5fd0")
    website.click()
    design = projects.row("Design")
    expect(design.locator("circle").first).to_have_attribute("fill", "#7a5fd0")
    expect(design).to_contain_text("Billable")
    projects.choose("Design", "Colour and billing")
    expect(page.get_by_text("because a task above says so")).to_be_visible()
    page.locator("#dialog input[type=color]").fill("#123456")
    expect(page.get_by_role("radio", name="Another colour")).to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(design.locator("circle").first).to_have_attribute("fill", "#123456")

    design.hover()
    design.locator("[data-act=start]").click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(page.locator("stint-timer-bar")).to_contain_text("Design")


def test_people_of_a_node(projects: Projects) -> None:
    projects.task("Design", projects.task("Website"))
    projects.site.add_user("linus@example.com", "Linus")
    projects.site.add_user("grace@example.com", "Grace", "manager")
    projects.open()
    page = projects.page
    projects.row("Website").click()
    projects.choose("Design", "People")
    panel = page.locator("#task-people")
    expect(panel).to_contain_text("from “Website”")

    page.get_by_label("Find or add somebody").fill("lin")
    expect(panel.get_by_role("button", name="Add Grace")).to_have_count(0)
    panel.get_by_role("button", name="Add Linus").click()
    expect(panel.get_by_role("button", name="Remove Linus")).to_be_focused()
    expect(page.get_by_label("Find or add somebody")).to_have_value("lin")
    panel.get_by_role("button", name="Remove Linus").click()
    expect(panel.get_by_role("button", name="Add Linus")).to_be_visible()


def test_keys_walk_the_tree(projects: Projects) -> None:
    website = projects.task("Website")
    projects.task("Copy", website)
    projects.task("Design", website)
    projects.task("Marketing")
    projects.open()
    page = projects.page

    def press(key: str, at: str) -> None:
        page.keyboard.press(key)
        expect(projects.row(at)).to_be_focused()

    projects.row("Marketing").focus()
    press("ArrowDown", "Website")
    press("ArrowRight", "Website")
    expect(projects.row("Copy")).to_be_visible()
    press("ArrowRight", "Copy")
    press("End", "Design")
    press("ArrowLeft", "Website")
    press("ArrowLeft", "Website")
    expect(projects.row("Copy")).to_be_hidden()
    press("Enter", "Website")
    expect(projects.row("Copy")).to_be_visible()
    press("Home", "Marketing")
    page.keyboard.press("Enter")
    expect(page.locator("#node-menu")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(projects.row("Marketing").locator("button").first).to_be_focused()


def test_a_redraw_keeps_what_is_open_in_focus_and_in_sight(projects: Projects) -> None:
    website = projects.task("Website")
    for number in range(60):
        projects.task(f"Task {number:02}", website)
    projects.open()
    page = projects.page
    projects.row("Website").click()
    projects.row("Task 50").focus()
    before = page.evaluate("scrollY")
    assert before > 0
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/projects/tree" in request.url else None)

    projects.api.send("PATCH", f"/tasks/{website}", {"name": "Website 2"})

    expect(projects.row("Website 2")).to_have_count(1)
    expect(projects.row("Task 50")).to_be_focused()
    assert page.evaluate("scrollY") == before
    assert len(asked) == 1


def test_two_windows_show_the_same(projects: Projects) -> None:
    website = projects.task("Website")
    projects.open()
    other = projects.page.context.new_page()
    other.goto(f"{projects.site.url}/projects")

    projects.choose("Website", "New task below")
    projects.page.get_by_role("textbox", name="Name", exact=True).fill("Design")
    projects.page.get_by_role("button", name="Create").click()

    expect(row_of(other, "Website")).to_have_attribute("aria-expanded", "false")
    row_of(other, "Website").click()
    expect(row_of(other, "Design")).to_be_visible()
    projects.api.send("POST", f"/tasks/{website}/archive")
    expect(row_of(other, "Website")).to_have_count(0)
    expect(projects.row("Website")).to_have_count(0)


def test_mirrored_nodes_say_why_they_are_locked(projects: Projects) -> None:
    page = projects.page
    mirror(page, projects.site)
    projects.task("Sketch")
    projects.open()
    toggl = page.locator("#tree [role=row]").filter(has=page.locator(".toggl-badge")).first

    toggl.locator("[data-act=lock]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#node-lock")).to_contain_text("Comes from Toggl Track")
    page.keyboard.press("Escape")
    toggl.locator("[data-act=menu]").click()
    expect(page.locator("#node-menu")).to_contain_text("People can be assigned here")
    expect(page.locator("#node-menu").get_by_role("button", name="Rename")).to_be_hidden()
    page.keyboard.press("Escape")

    drag(projects, "Sketch", toggl, drop=False)
    expect(toggl).to_have_class(re.compile("drop-refused"))
    expect(page.locator("#node-drop")).to_contain_text("nothing can be put below it")
    page.mouse.up()
    level_of(projects.row("Sketch"), 1)


def test_a_search_marks_hits_and_gives_the_tree_back(projects: Projects) -> None:
    projects.task("Design", projects.task("Website"))
    projects.open()
    projects.row("Website").click()
    expect(projects.row("Design")).to_be_visible()
    box = projects.page.get_by_label("Search projects and tasks")

    box.fill("web des")
    expect(projects.page.locator("#tree mark").first).to_have_text("Des")
    box.fill("")

    level_of(projects.row("Design"), 2)


def test_a_phone_has_room_for_all(browser: Browser, projects: Projects) -> None:
    projects.task(
        "A name that is far too long for the screen of a phone, whatever one does", projects.task("Website")
    )
    phone: BrowserContext = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, storage_state=projects.page.context.storage_state()
    )
    page = phone.new_page()
    page.goto(f"{projects.site.url}/projects")
    row_of(page, "Website").tap()
    expect(page.locator("#tree [aria-level='2']")).to_be_visible()
    row_of(page, "Website").locator("[data-act=menu]").tap()
    expect(page.locator("#node-menu").get_by_role("button", name="Move")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for button in page.locator("#tree .icon-button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40 * 15 / 16
    phone.close()
