"""The pages of imports: a file is previewed, people are mapped, then it is imported; Toggl's history alike."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stint.accounts.models import Invitation, User
from stint.entries.models import Entry
from stint.imports import runs
from stint.imports.models import Import, MappedPerson
from stint.integrations import runs as syncs
from stint.integrations import services as mirror
from stint.sandbox.server import BackgroundSandbox
from tests.web.conftest import caller

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
REPORT = (
    b"User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    b"Linus,linus@example.com,,,,Reading,No,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\n"
    b"Hedy,hedy@old.example,,,,Sailing,No,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\n"
    b"Linus,linus@example.com,,Nowhere,,Lost,No,2024-03-05,09:00:00,2024-03-05,10:00:00,01:00:00,\n"
)


def carry_out() -> Import:
    """Run the newest queued import as a worker would."""
    run = Import.objects.get(status="queued")
    runs.run_import.call(run.pk)
    run.refresh_from_db()
    return run


def upload(client: Client, content: bytes = REPORT, **fields: str) -> Any:
    file = SimpleUploadedFile("report.csv", content)
    sent = {"kind": "toggl_csv", "dates": "auto", "unknown_tasks": "no_task", "timezone": "", **fields}
    return client.post("/imports", {**sent, "file": file})


def test_a_file_is_previewed_its_people_mapped_and_imported(
    administrator: Client, ada: User, linus: User
) -> None:
    answer = upload(administrator)
    run = carry_out()
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{run.pk}")
    page = administrator.get(answer["Location"]).content.decode()
    assert "What the import would do" in page
    assert "Hedy" in page
    assert "Nowhere" in page
    assert "Import 2 items" in page
    assert not Entry.objects.exists()

    administrator.post(f"/imports/{run.pk}/people", {"person-0": str(ada.pk)}, headers=HTMX)
    assert "Import 3 items" in administrator.get(f"/imports/{carry_out().pk}", headers=HTMX).content.decode()

    administrator.post(f"/imports/{run.pk}/apply", headers=HTMX)
    assert "Imported" in administrator.get(f"/imports/{carry_out().pk}", headers=HTMX).content.decode()
    assert {(entry.user_id, entry.note) for entry in Entry.objects.all()} == {
        (linus.pk, "Reading"),
        (linus.pk, "Lost"),
        (ada.pk, "Sailing"),
    }
    assert "report.csv" in administrator.get("/imports").content.decode()


@pytest.mark.parametrize("choice", ["invite", "out", ""])
def test_people_are_invited_left_out_or_decided_later(
    administrator: Client, linus: User, choice: str
) -> None:
    upload(administrator)
    run = carry_out()
    administrator.post(f"/imports/{run.pk}/people", {"person-0": choice}, headers=HTMX)
    again = carry_out()
    assert Invitation.objects.filter(email="hedy@old.example").exists() == (choice == "invite")
    assert MappedPerson.objects.filter(user=None).exists() == (choice == "out")
    assert bool(again.unmatched) == (choice != "out")


def test_an_import_can_be_cancelled(administrator: Client) -> None:
    upload(administrator)
    run = Import.objects.get()
    page = administrator.post(f"/imports/{run.pk}/cancel", headers=HTMX).content.decode()
    assert "Nothing was imported" in page


@pytest.mark.parametrize(
    ("fields", "content", "told"),
    [
        ({"kind": "excel"}, REPORT, "not one of the available choices"),
        ({}, b"", "This file is empty."),
        ({"dates": "german"}, REPORT, "not one of the available choices"),
    ],
)
def test_what_cannot_be_meant_stands_at_its_field(
    administrator: Client, fields: dict[str, str], content: bytes, told: str
) -> None:
    answer = upload(administrator, content, **fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Import.objects.exists()


def test_the_toggl_page_brings_its_history(
    administrator: Client, ada: User, sandbox: BackgroundSandbox
) -> None:
    spaces = mirror.enable(caller(ada), sandbox.token).workspaces
    page = administrator.get("/integrations/toggl").content.decode()
    assert "Time tracked in Toggl" in page
    days = {"first": "2026-01-01", "last": "2026-01-31"}
    refused = administrator.post("/integrations/toggl/history", days, headers=HTMX)
    assert "No workspace is selected" in refused.content.decode()
    syncs.run_sync.call(mirror.save(caller(ada), [spaces[0].id]).id)
    wrong = administrator.post("/integrations/toggl/history", {**days, "last": "2025-01-01"}, headers=HTMX)
    assert "lies before the first day" in wrong.content.decode().lower()
    administrator.post("/integrations/toggl/history", days, headers=HTMX)
    assert carry_out().status == "done"
    assert "There is nothing to import" in administrator.get("/integrations/toggl").content.decode()


@pytest.mark.parametrize("who", ["manager", "member"])
def test_only_administrators_import(request: pytest.FixtureRequest, who: str) -> None:
    client: Client = request.getfixturevalue(who)
    assert client.get("/imports").status_code == 403
    assert upload(client).status_code == 403
    assert client.post("/integrations/toggl/history", {}).status_code == 403
