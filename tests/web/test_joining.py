"""Asking people to join and joining, in real browsers and by a real mail server."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from smtp import MailServer, mail_server

from tests.web.conftest import PASSWORD, Site, running_site
from tests.web.test_main_job import PHONE, Visit, mirror, set_up, visit

__all__ = ["visit"]
INVITED = "hannah.schmidt@example.com"


@pytest.fixture
def port() -> int:
    """Where the mail server will be: nobody listens there yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def site(tmp_path: Path, port: int) -> Iterator[Site]:
    """All of Stint, with mail by SMTP."""
    with running_site(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{port}") as opened:
        yield opened


def link_in(server: MailServer, site: Site, address: str) -> str:
    """Return the link in the newest mail to somebody, at this site, once there is one."""
    until = time.monotonic() + 30
    while not server.to(address):
        assert time.monotonic() < until, f"no mail came to {address}"
        time.sleep(0.05)
    body = server.to(address)[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"/invitations/[A-Za-z0-9_-]+", body.get_content())
    assert found is not None
    return site.url + found[0]


def invite(page: Page, *addresses: str, role: str = "Member") -> None:
    page.get_by_role("button", name="Invite people").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("E-mail addresses").fill("\n".join(addresses))
    dialog.get_by_role("radio", name=role).check()
    dialog.get_by_role("button", name="Invite", exact=True).click()
    expect(dialog).to_be_hidden()


def row(page: Page, text: str) -> Page:
    return page.locator("#people li").filter(has_text=text)  # type: ignore[return-value]


def join(page: Page, link: str, name: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join and sign in").click()


def test_a_coworker_from_toggl_is_invited_joins_and_has_their_tasks(
    visit: Visit, site: Site, port: int
) -> None:
    admin, faults = visit()
    set_up(admin, site)
    with mail_server(port) as server:
        mirror(admin, site)
        coworkers = admin.locator("#coworkers")
        coworkers.get_by_label("Select all").check()
        coworkers.get_by_label("Select all").uncheck()
        coworkers.get_by_role("checkbox", name="Hannah Schmidt").check()
        coworkers.get_by_role("button", name="Invite", exact=True).click()
        expect(coworkers.locator("li").filter(has_text="Hannah Schmidt")).to_contain_text("Invited")
        admin.goto(f"{site.url}/people")
        expect(row(admin, INVITED)).to_contain_text("sent ", timeout=30_000)
        link = link_in(server, site, INVITED)
    assert len(server.mails) == 1

    hannah, hannah_faults = visit(viewport=PHONE, timezone_id="Europe/Vienna")
    hannah.goto(link)
    expect(hannah.get_by_label("Time zone")).to_have_value("Europe/Vienna")
    assert hannah.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    join(hannah, link, "Hannah Schmidt")
    expect(hannah).to_have_url(f"{site.url}/")
    hannah.locator("stint-task-picker button").first.click()
    hannah.locator("stint-task-picker input[type=search]").fill("website")
    expect(hannah.get_by_role("option").filter(has_text="Website").first).to_be_visible()

    # The page that was open all the time shows it by itself.
    expect(admin.locator("#people")).not_to_contain_text("Invited")
    expect(row(admin, "Hannah Schmidt")).to_be_visible()
    hannah.goto(link)
    expect(hannah.get_by_role("heading", name="does not work any more")).to_be_visible()
    assert (faults, hannah_faults) == ([], [])


def test_while_the_mail_server_is_down_the_link_is_copied_and_resending_voids_it(
    visit: Visit, site: Site, port: int
) -> None:
    admin, faults = visit(permissions=["clipboard-read", "clipboard-write"])
    set_up(admin, site)
    admin.goto(f"{site.url}/people")
    invite(admin, "hedy@example.com", role="Manager")
    asked = row(admin, "hedy@example.com")
    expect(asked).to_contain_text("The mail server cannot be reached", timeout=30_000)
    expect(asked).to_contain_text("Next try")
    asked.get_by_role("button", name="Copy link").click()
    expect(asked.get_by_role("button", name="Copied")).to_be_visible()
    copied = admin.evaluate("navigator.clipboard.readText()")

    with mail_server(port) as server:
        asked.get_by_role("button", name="Resend").click()
        expect(asked).to_contain_text("sent ", timeout=30_000)
        link = link_in(server, site, "hedy@example.com")
    expect(asked).not_to_contain_text("cannot be reached")

    hedy, _ = visit()
    hedy.goto(copied)
    expect(hedy.get_by_role("heading", name="does not work any more")).to_be_visible()
    join(hedy, link, "Hedy")
    expect(hedy).to_have_url(f"{site.url}/")
    expect(row(admin, "Hedy").get_by_label("Role of Hedy")).to_have_value("manager")
    assert faults == []


def test_taking_back_roles_and_disabling_ask_first_and_show_elsewhere(visit: Visit, site: Site) -> None:
    admin, faults = visit()
    set_up(admin, site)
    site.add_user("linus@example.com", "Linus")
    admin.goto(f"{site.url}/people")
    expect(row(admin, "Ada")).to_contain_text("The only Administrator")
    there, _ = visit(admin.context)
    there.goto(f"{site.url}/people")

    invite(admin, "hedy@example.com")
    expect(row(there, "hedy@example.com")).to_be_visible()
    row(admin, "hedy@example.com").get_by_role("button", name="Revoke").click()
    admin.get_by_role("button", name="Yes, go on").click()
    expect(row(there, "hedy@example.com")).to_have_count(0)

    admin.get_by_label("Role of Linus").select_option("administrator")
    own = there.get_by_label("Role of Ada")
    own.select_option("member")
    there.locator("#confirm").get_by_role("button", name="Cancel").click()
    expect(own).to_have_value("administrator")

    row(there, "Linus").get_by_role("button", name="Disable").click()
    there.get_by_role("button", name="Yes, go on").click()
    expect(row(admin, "Linus")).to_contain_text("Disabled")
    expect(row(admin, "Ada")).to_contain_text("The only Administrator")
    assert faults == []
