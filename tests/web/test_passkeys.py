"""Settings and signing in by more than a password, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.conftest import PASSWORD, Site
from tests.web.test_settings import code

# A fingerprint reader that always recognises the finger.
READER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="Asia/Kathmandu")
    yield opened
    opened.close()


@pytest.fixture
def faults() -> list[str]:
    """What goes wrong in the page: script errors, and what its policy forbids."""
    return []


@pytest.fixture
def ada(context: BrowserContext, site: Site, faults: list[str]) -> Page:
    """The page of an Administrator who is signed in, at an address with a name: a number can have no passkeys."""
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    page.goto(site.setup_link.replace("127.0.0.1", "localhost"))
    page.get_by_label("Organisation").fill("Analytical Engines")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create and sign in").click()
    expect(page).to_have_url(re.compile("/integrations$"))
    return page


def open_guarded(page: Page, path: str) -> None:
    """Open a page that asks whether it is still the same person, and type the password."""
    page.goto(f"{origin(page)}{path}")
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile(f"{path}$"))


def sign_out(page: Page) -> None:
    page.locator("details[data-menu] > summary").filter(visible=True).first.click()
    page.get_by_role("button", name="Sign out", exact=True).filter(visible=True).click()
    expect(page).to_have_url(re.compile("/login$"))


def type_password(page: Page) -> None:
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def test_a_passkey_is_added_signs_in_alone_and_as_the_second_step_and_is_removed(
    ada: Page, context: BrowserContext, faults: list[str]
) -> None:
    reader = context.new_cdp_session(ada)
    reader.send("WebAuthn.enable")
    key = reader.send("WebAuthn.addVirtualAuthenticator", {"options": READER})["authenticatorId"]

    open_guarded(ada, "/settings/passkeys/add")
    expect(ada.get_by_label("Name")).to_have_value("Chrome on Linux")
    ada.get_by_label("Name").fill("Work laptop")
    ada.get_by_role("button", name="Go on").click()
    expect(ada.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(ada.locator("#codes li")).to_have_count(10)
    kept = reader.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert [made["isResidentCredential"] for made in kept] == [True]

    sign_out(ada)
    ada.goto(f"{origin(ada)}/login?next=/settings/passkeys")
    ada.get_by_role("button", name="Sign in with a passkey").click()
    expect(ada).to_have_url(re.compile("/settings/passkeys$"))
    expect(ada.get_by_text("Work laptop")).to_be_visible()
    expect(ada.get_by_text("last used")).to_be_visible()

    sign_out(ada)
    type_password(ada)
    expect(ada.get_by_role("heading", name="One more step")).to_be_visible()
    ada.get_by_role("button", name="Use a passkey").click()
    expect(ada).to_have_url(f"{origin(ada)}/")

    ada.goto(f"{origin(ada)}/settings/passkeys")
    ada.get_by_role("link", name="Rename Work laptop").click()
    ada.get_by_role("link", name="Use a passkey instead").click()
    ada.get_by_role("button", name="Use a passkey").click()
    ada.get_by_role("textbox", name="Name").fill("Laptop at home")
    ada.get_by_role("button", name="Save").click()
    ada.get_by_role("link", name="Remove Laptop at home").click()
    ada.get_by_role("button", name="Remove").click()
    expect(ada.get_by_text("No passkeys yet.")).to_be_visible()

    sign_out(ada)
    type_password(ada)
    expect(ada).to_have_url(f"{origin(ada)}/")
    assert faults == []


def test_a_passkey_that_is_refused_says_so_and_can_be_tried_again(ada: Page, context: BrowserContext) -> None:
    reader = context.new_cdp_session(ada)
    reader.send("WebAuthn.enable")
    stranger = {**READER, "isUserVerified": False}
    key = reader.send("WebAuthn.addVirtualAuthenticator", {"options": stranger})["authenticatorId"]
    open_guarded(ada, "/settings/passkeys/add")
    ada.get_by_role("button", name="Go on").click()
    expect(ada.get_by_role("alert").filter(visible=True)).to_contain_text("did not work")

    reader.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    ada.get_by_role("button", name="Go on").click()
    expect(ada.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_where_passkeys_cannot_be_the_page_says_why(page: Page, site: Site, ada: Page) -> None:
    page.goto(f"{site.url}/login")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()

    type_password(page)
    expect(page).to_have_url(f"{site.url}/")
    open_guarded(page, "/settings/passkeys/add")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("an address with a name and https")
    expect(page.get_by_role("button", name="Go on")).to_be_disabled()


def test_the_app_is_set_up_by_its_picture_and_a_recovery_code_lets_in(ada: Page, faults: list[str]) -> None:
    open_guarded(ada, "/settings/two-factor/app")
    picture = ada.get_by_alt_text("QR code")
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    ada.get_by_label("Authenticator code").fill(code(ada.locator("#app-secret").inner_text()))
    ada.get_by_role("button", name="Turn on").click()
    expect(ada.get_by_role("heading", name="Recovery codes")).to_be_visible()
    with ada.expect_download() as download:
        ada.get_by_role("link", name="Download").click()
    codes = Path(download.value.path()).read_text().split()
    assert codes == ada.locator("#codes li").all_inner_texts()

    sign_out(ada)
    type_password(ada)
    ada.get_by_label("Code").fill(codes[0])
    ada.get_by_role("button", name="Sign in", exact=True).click()
    expect(ada).to_have_url(f"{origin(ada)}/")
    ada.goto(f"{origin(ada)}/settings/two-factor")
    expect(ada.get_by_text("9 left.")).to_be_visible()
    assert faults == []


def test_a_token_is_copied_once_and_other_windows_list_it(
    ada: Page, context: BrowserContext, faults: list[str]
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    other = context.new_page()
    for page in (ada, other):
        page.goto(f"{origin(ada)}/settings/tokens")
    ada.get_by_label("What is it for?").fill("Laptop")
    ada.get_by_role("button", name="Create token").click()
    token = ada.locator("#made-token").inner_text()
    ada.get_by_role("button", name="Copy").click()
    expect(ada.get_by_role("button", name="Copied")).to_be_visible()
    assert ada.evaluate("navigator.clipboard.readText()") == token
    expect(other.get_by_text("Laptop")).to_be_visible()

    me = {"Authorization": f"Bearer {token}"}
    assert ada.request.get(f"{origin(ada)}/api/v1/me", headers=me).status == 200
    ada.reload()
    expect(ada.get_by_text("ends in")).to_be_visible()
    assert token not in ada.content()
    ada.get_by_role("button", name="Revoke Laptop").click()
    ada.get_by_role("button", name="Yes, go on").click()
    expect(ada.get_by_text("No tokens yet.")).to_be_visible()
    expect(other.get_by_text("No tokens yet.")).to_be_visible()
    assert ada.request.get(f"{origin(ada)}/api/v1/me", headers=me).status == 401
    assert faults == []


def test_a_time_zone_is_found_by_the_keyboard_alone(ada: Page, faults: list[str]) -> None:
    ada.goto(f"{origin(ada)}/settings/time")
    box = ada.get_by_role("combobox", name="Time zone")
    box.focus()
    ada.keyboard.type("new york")
    expect(ada.get_by_role("listbox").get_by_role("option")).to_have_text([re.compile("America/New York")])
    ada.keyboard.press("Enter")
    expect(box).to_have_value("America/New York")
    ada.keyboard.type("nowhere at all")
    expect(ada.get_by_text("No zone is called so")).to_be_visible()
    ada.keyboard.press("Escape")
    expect(box).to_have_value("America/New York")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Saved.")).to_be_visible()
    expect(box).to_have_value("America/New York")

    ada.get_by_role("button", name="Use this browser’s").click()
    expect(box).to_have_value(re.compile("Asia/Kat"))
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Saved.")).to_be_visible()
    expect(box).to_have_value(re.compile("Asia/Kat"))
    assert faults == []


def test_a_device_that_is_ended_is_out_at_once(ada: Page, browser: Browser) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    phone.goto(f"{origin(ada)}/login")
    type_password(phone)
    expect(phone).to_have_url(f"{origin(ada)}/")
    ada.goto(f"{origin(ada)}/settings/devices")
    expect(ada.get_by_text("Chrome on Linux")).to_have_count(2)
    ada.get_by_role("button", name="Sign out everywhere else").click()
    ada.get_by_role("button", name="Yes, go on").click()
    expect(ada.get_by_text("Chrome on Linux")).to_have_count(1)
    phone.goto(f"{origin(ada)}/projects")
    expect(phone).to_have_url(re.compile("/login"))
    phone.context.close()


def test_g_s_leads_to_the_settings(ada: Page) -> None:
    ada.keyboard.press("g")
    ada.keyboard.press("s")
    expect(ada).to_have_url(re.compile("/settings$"))
