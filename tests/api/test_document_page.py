"""The page of the OpenAPI document in a real browser, under Stint's content security policy."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from serving import served

from stint.server.front import application


def test_the_page_lists_the_operations(page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with served(application()) as address:
        page.goto(f"{address}/api/v1/docs")
        expect(page.locator("#operations-timer-start_timer")).to_be_visible()
    assert all(url.startswith((address, "data:")) for url in asked)
    assert faults == []
