"""The OpenAPI document: ninja collects the routes, msgspec describes what goes in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stint.api.problems import CONTENT_TYPE, Problem

if TYPE_CHECKING:
    from ninja import NinjaAPI

ROOT = "/api/v1"
CLIENT_HEADER = {
    "X-Stint-Client": "The surface: web, mobile, desktop, extension or cli. Else api, or web by cookie.",
    "X-Stint-User": "Whose request this is, by id: the answer is 401 when somebody else is signed in by now.",
}
_REFERENCE = "#/components/schemas/{name}"
_components: dict[str, Any] = {}


def describe(
    returns: Mapping[int, Any],
    *,
    body: Any = None,  # noqa: ANN401  (types, not values)
    form: type[msgspec.Struct] | None = None,
    query: type[msgspec.Struct] | None = None,
    errors: tuple[int, ...] = (),
    headers: Mapping[str, str] | None = None,
    public: bool = False,
    files: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the arguments by which ninja documents an operation.

    Args:
        returns: the type of the body by status; None for an empty one.
        body: the type of the request's JSON body.
        form: the type of the fields that come with an uploaded `file`, as multipart/form-data.
        query: the parameters of the query string.
        errors: statuses of refusals beyond those that follow from the rest.
        headers: request headers with what they do.
        public: whether it is answered without signing in.
        files: the content types of a file that it may answer with.

    """
    refusals = set(errors) | (set() if public else {401})
    extra: dict[str, Any] = {"responses": {}, "parameters": []}
    if body is not None:
        refusals |= {400, 413, 422}
        extra["requestBody"] = {
            "content": {"application/json": {"schema": _schema(body)}},
            "required": _required(body),
        }
    if form is not None:
        refusals |= {400, 413, 422}
        extra["requestBody"] = {
            "content": {"multipart/form-data": {"schema": _upload(form)}},
            "required": True,
        }
    if query is not None:
        refusals.add(422)
        extra["parameters"] += _parameters(query)
    for name, meaning in (headers or {}).items():
        extra["parameters"].append(
            {
                "in": "header",
                "name": name,
                "required": False,
                "description": meaning,
                "schema": {"type": "string"},
            }
        )
    if public:
        extra["security"] = []
    for status, kind in returns.items():
        if kind is not None:
            extra["responses"][status] = {"content": {"application/json": {"schema": _schema(kind)}}}
    if files:
        binary = {"schema": {"type": "string", "format": "binary"}}
        extra["responses"][200] = {"content": dict.fromkeys(files, binary)}
    for status in refusals:
        extra["responses"][status] = {"content": {CONTENT_TYPE: {"schema": _schema(Problem)}}}
    return {"response": dict.fromkeys([*returns, *sorted(refusals)]), "openapi_extra": extra}


def _schema(kind: Any) -> dict[str, Any]:  # noqa: ANN401
    (schema,), components = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
    _components.update(components)
    return schema


def _upload(form: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the schema of a form with a file: binary, which msgspec has no type for."""
    _schema(form)
    fields = _components.pop(form.__name__)
    file = {"type": "string", "format": "binary"}
    return {
        **fields,
        "properties": {"file": file, **fields["properties"]},
        "required": ["file", *fields["required"]],
    }


def _required(body: Any) -> bool:  # noqa: ANN401
    return not isinstance(body, type) or bool(_components.get(body.__name__, {}).get("required"))


def _parameters(query: type[msgspec.Struct]) -> list[dict[str, Any]]:
    (_,), components = msgspec.json.schema_components([query], ref_template=_REFERENCE)
    schema = components[query.__name__]
    return [
        {
            "in": "query",
            "name": name,
            "required": name in schema.get("required", []),
            "schema": details,
        }
        for name, details in schema["properties"].items()
    ]


@lru_cache(maxsize=1)
def document(api: NinjaAPI) -> bytes:
    """Return the whole document, as JSON."""
    schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=f"{ROOT}/"))
    schema["components"] = {
        "schemas": dict(sorted(_components.items())),
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "stint_session"},
        },
    }
    schema["security"] = [{"bearer": []}, {"session": []}]
    schema["paths"][f"{ROOT}/events"] = {"get": _EVENTS}
    return msgspec.json.encode(schema)


_EVENTS: dict[str, Any] = {
    "operationId": "events",
    "summary": "Events",
    "description": (
        "What happens in the account, as it happens. Each event is named `timer`, `entry`, `tasks` or `sync`; its "
        "data is JSON {kind, id, at}. Comments keep the connection alive. A client that comes back with "
        "Last-Event-ID gets what it missed, or is told to read everything anew; so does a first stream with the "
        "instant `since` which it has read everything."
    ),
    "tags": ["events"],
    "parameters": [
        {"in": "header", "name": "Last-Event-ID", "required": False, "schema": {"type": "string"}},
        {"in": "query", "name": "since", "required": False, "schema": {"type": "string"}},
    ],
    "responses": {
        200: {
            "description": HTTPStatus.OK.phrase,
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        401: {
            "description": HTTPStatus.UNAUTHORIZED.phrase,
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        },
    },
}


def docs_page(request: HttpRequest) -> HttpResponse:
    """Show the document as a page to read and try, with ninja's own copy of Swagger UI."""
    swagger = {"url": f"{ROOT}/openapi.json", "layout": "BaseLayout", "deepLinking": True}
    context = {
        "swagger_settings": msgspec.json.encode(swagger).decode(),
        "api": {"title": "Stint API"},
        "add_csrf": True,
    }
    return render(request, "ninja/swagger.html", context)
