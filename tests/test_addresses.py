"""Nobody can make Stint call an address: it asks for none, and only these files open connections.

A feature that takes an address from a person belongs on both lists, with a guard: resolve it once, refuse private and
link-local networks, connect to what was resolved, follow no redirect. See docs/security.md.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.test import Client

import stint.web.urls  # noqa: F401  (loads every form)

SOURCE = Path(__file__).parent.parent / "src" / "stint"
# What can open a connection to somewhere, and the files that may use it, each with whose address it is.
CALLS_OUT = {"http.client", "urllib.request", "httpx2", "requests", "smtplib", "socket", "ftplib", "aiohttp"}
CALLERS = {
    "integrations/toggl/transport.py": "STINT_TOGGL_API_URL",
    "integrations/toggl/client.py": "only the faults of transport",
    "cli/doctor.py": "STINT_TOGGL_API_URL",
    "accounts/mail.py": "only the faults of mail (EMAIL_URL)",
    "accounts/post.py": "only the faults of mail (EMAIL_URL)",
    "rates/mail.py": "only the faults of mail (EMAIL_URL)",
    "live/local.py": "sockets in the data folder",
    "server/serving.py": "the port that is listened on",
    "cli/servers.py": "the port that is listened on",
    "cli/demo.py": "the port that is listened on",
}
# The client programs call the server that their own person chose; the sandbox is no part of a server.
ELSEWHERE = ("client/", "sandbox/")
ADDRESS = re.compile(r"ur[li]|host|domain|endpoint|callback|hook|server|proxy", re.IGNORECASE)


def callers() -> Iterator[str]:
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(ELSEWHERE) and CALLS_OUT & set(_imported(ast.parse(path.read_text()))):
            yield name


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_only_these_files_can_call_out() -> None:
    assert set(callers()) == set(CALLERS)


def test_no_operation_of_the_api_takes_an_address() -> None:
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    taken = [
        (operation, name)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        for operation in [f"{method} {path}"]
        for name, schema in _fields(told, document["components"]["schemas"])
        if ADDRESS.search(name) or schema.get("format") in ("uri", "uri-reference", "hostname")
    ]
    assert taken == []


def _fields(operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for parameter in operation.get("parameters", []):
        yield parameter["name"], parameter.get("schema", {})
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        while "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
        yield from schema.get("properties", {}).items()


def test_no_form_of_a_page_takes_an_address() -> None:
    def below(kind: type) -> Iterator[type]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    ours = [form for form in below(forms.BaseForm) if form.__module__.startswith("stint.")]
    assert len(ours) > 10
    taken = [
        (form.__name__, name)
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.URLField) or ADDRESS.search(name)
    ]
    assert taken == []
