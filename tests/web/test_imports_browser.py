"""A file is imported by hand, in a real browser: looked at, its people mapped, then taken."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.conftest import SharedSite

REPORT = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    "Hedy,hedy@old.example,,,,Sailing,No,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\n"
    "Hedy,hedy@old.example,,,,Backwards,No,2024-03-04,09:00:00,2024-03-04,08:00:00,01:00:00,\n"
)


def test_a_file_is_looked_at_its_people_mapped_and_imported(page: Page, shared_site: SharedSite) -> None:
    shared_site.move_in(page.context)
    page.goto(f"{shared_site.url}/imports")
    file: Any = {"name": "march.csv", "mimeType": "text/csv", "buffer": REPORT.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload and preview").click()
    expect(page.get_by_role("heading", name="What the import would do")).to_be_visible()
    expect(page.get_by_text("The end lies before the start")).to_be_visible()
    expect(page.get_by_text("There is nothing to import")).to_be_visible()

    page.get_by_label("Hedy").select_option(label="Ada")
    page.get_by_role("button", name="Use these choices").click()
    page.get_by_role("button", name="Import 1 item").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()

    page.goto(f"{shared_site.url}/timesheet/calendar?of=2024-03-04&span=day")
    expect(page.get_by_role("button", name="Sailing")).to_be_visible()
