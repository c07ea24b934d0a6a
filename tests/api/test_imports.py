"""/api/v1/imports: files as multipart forms, looked at and imported."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from .conftest import ApiClient, problem

pytestmark = pytest.mark.django_db

REPORT = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\r\n"
    "Mary,mary@example.com,,,,Reading,No,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\r\n"
    "Mary,mary@example.com,,,,Broken,No,2024-03-04,09:00:00,2024-03-04,08:00:00,01:00:00,\r\n"
    "Hedy,hedy@old.example,,,,Gone,No,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\r\n"
).encode("utf-8-sig")


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    """Imports are carried out before the call that asks for them returns."""
    backend = "django_tasks.backends.immediate.ImmediateBackend"
    settings.TASKS = {"default": {"BACKEND": backend, "ENQUEUE_ON_COMMIT": False}}


def upload(who: ApiClient, content: bytes | None = REPORT, **fields: Any) -> HttpResponse:
    file = {} if content is None else {"file": SimpleUploadedFile("report.csv", content)}
    headers = {"Authorization": f"Bearer {who.token}"}
    return Client().post("/api/v1/imports", {"kind": "toggl_csv", **fields, **file}, headers=headers)


def zipped(projects: bytes) -> bytes:
    """Return a workspace export with these projects alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("projects.json", projects)
    return out.getvalue()


def test_a_file_is_looked_at_then_imported(administrator: ApiClient, member: ApiClient) -> None:
    started = upload(administrator, dry_run="true")
    assert started.status_code == 202
    shown = administrator.get(f"/imports/{started.json()['id']}").json()
    assert (shown["kind"], shown["status"], shown["dry_run"], shown["file_name"]) == (
        "toggl_csv",
        "done",
        True,
        "report.csv",
    )
    assert shown["counts"] == {"created": 1, "updated": 0, "unchanged": 0, "skipped": 2}
    assert shown["problems"] == [{"line": 3, "message": "The end lies before the start"}]
    assert shown["unmatched_people"] == [{"name": "Hedy", "email": "hedy@old.example", "entries": 1}]
    assert member.get("/entries").json()["items"] == []
    assert administrator.post(f"/imports/{shown['id']}/apply").status_code == 202
    done = administrator.get(f"/imports/{shown['id']}").json()
    assert (done["status"], done["dry_run"], done["done"], done["total"]) == ("done", False, 3, 3)
    (entry,) = member.get("/entries").json()["items"]
    assert (entry["note"], entry["seconds"], entry["made_by"]) == ("Reading", 3600, "import")
    assert administrator.post(f"/imports/{shown['id']}/apply").status_code == 409
    assert [each["id"] for each in administrator.get("/imports").json()["items"]] == [shown["id"]]


def test_people_are_mapped(administrator: ApiClient, member: ApiClient) -> None:
    choice = {"email": "hedy@old.example", "user_id": member.user.pk}
    assert administrator.put("/imports/people", {"people": [choice]}).status_code == 204
    upload(administrator)
    assert {entry["note"] for entry in member.get("/entries").json()["items"]} == {"Reading", "Gone"}
    refused = administrator.put("/imports/people", {"people": [{"email": "a@b.example", "user_id": 9999}]})
    assert refused.json()["errors"] == [
        {"field": "people", "message": "there is no such member of this account"}
    ]


@pytest.mark.parametrize(
    ("fields", "content", "field"),
    [
        ({"kind": "excel"}, REPORT, "kind"),
        ({"dry_run": "perhaps"}, REPORT, "dry_run"),
        ({"dates": "german"}, REPORT, "dates"),
        ({"timezone": "Mars/Base"}, REPORT, "timezone"),
        ({"dry": "true"}, REPORT, "dry"),
        ({}, None, "file"),
        ({}, b"", "file"),
    ],
)
def test_bad_fields_are_named(
    administrator: ApiClient, fields: dict[str, str], content: bytes | None, field: str
) -> None:
    response = upload(administrator, content, **fields)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


def test_a_body_that_is_no_form_is_refused(administrator: ApiClient) -> None:
    response = administrator.post("/imports", {"kind": "toggl_csv"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "kind")


def test_members_are_refused(member: ApiClient) -> None:
    response = upload(member)
    assert (response.status_code, response.json()) == (403, problem(403, "Only Administrators may import."))


def test_a_tree_of_an_export_is_released_by_administrators_alone(
    administrator: ApiClient, manager: ApiClient, member: ApiClient, stranger: ApiClient
) -> None:
    projects = b'[{"id": 5, "workspace_id": 1, "client_id": null, "name": "Website"}]'
    assert upload(administrator, zipped(projects), kind="toggl_zip").status_code == 202
    released = "/integrations/toggl?imported=keep"
    assert administrator.get("/integrations/toggl").json()["imported"] is True
    who = (manager, member, stranger, administrator, administrator)
    assert [each.delete(released).status_code for each in who] == [403, 403, 404, 204, 404]
    assert administrator.get("/integrations/toggl").json()["imported"] is False
    tasks = administrator.get("/tasks?status=all").json()["items"]
    assert {(task["status"], task["read_only"]) for task in tasks} == {("active", False)}
