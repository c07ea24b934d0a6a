"""The OpenAPI document and the page that shows it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from .conftest import ApiClient

ROOT = "/api/v1"


def document() -> dict[str, Any]:
    response = Client().get(f"{ROOT}/openapi.json")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    loaded: dict[str, Any] = json.loads(response.content)
    return loaded


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(document())
    named = set(re.findall(r"#/components/schemas/([^\"]+)\"", text))
    assert named <= set(document()["components"]["schemas"])


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for path in document()["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_events_are_documented() -> None:
    assert "text/event-stream" in json.dumps(document()["paths"][f"{ROOT}/events"])


def test_the_document_names_how_to_sign_in() -> None:
    assert set(document()["components"]["securitySchemes"]) == {"bearer", "session"}


def test_the_page_loads_nothing_from_elsewhere() -> None:
    response = Client().get(f"{ROOT}/docs")
    page = response.content.decode()
    assert response.status_code == 200
    assert "http" not in re.sub(r"<!--.*?-->", "", page)
    for asset in re.findall(r"(?:src|href)=\"(/static/[^\"]+)\"", page):
        assert Client().get(asset).status_code == 200, asset


@pytest.mark.django_db
def test_the_document_needs_no_sign_in_and_ignores_a_wrong_one(member: ApiClient) -> None:
    headers = {"Authorization": "Bearer wrong"}
    assert Client().get(f"{ROOT}/openapi.json", headers=headers).status_code == 200
    assert member.get("/openapi.json").status_code == 200
