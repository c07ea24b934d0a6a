"""The house keeps its order: imports run one way, and SQL stands where one looks for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "stint"
FLOORS = [
    {"web", "api", "cli", "live", "server"},
    {"transfer", "imports", "help"},
    {"reports", "integrations"},
    {"rates"},
    {"entries"},
    {"tasks"},
    {"accounts"},
]
GROUND = {"database", "events", "errors", "paging", "runs", "spreadsheets"}
WITHOUT_DJANGO = [
    "errors",
    "bodies",
    "client",
    "reading",
    "rows",
    "paging",
    "transport",
    "refusals",
    "webhooks",
    "tables",
    "moments",
    "detailed",
    "history",
    "exported",
]
WITH_SQL = {
    "database.py",
    "accounts/queries.py",
    "tasks/queries.py",
    "tasks/search.py",
    "tasks/scope.py",
    "tasks/bulk.py",
    "entries/queries.py",
    "entries/bulk.py",
    "rates/queries.py",
    "reports/queries.py",
    "transfer/writes.py",
    "live/postgres.py",
    "server/health.py",
    "server/migrations.py",
    "cli/doctor.py",
}
RUNS_SQL = {"execute", "executemany", "copy", "executescript", "raw", "extra"}
PLAIN_SQL = {"stint.database.fetch_all", "stint.database.fetch_one", "stint.database.run"}


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names a module imports, wherever in it."""
    here = ["stint", *path.relative_to(SOURCE).with_suffix("").parts]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def packages(path: Path) -> set[str]:
    """Return the packages and modules of stint that a module imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("stint.")}


def roots(path: Path) -> set[str]:
    """Return the outermost packages that a module imports."""
    return {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("floor", range(1, len(FLOORS)), ids=lambda floor: "+".join(sorted(FLOORS[floor])))
def test_a_floor_imports_nothing_from_above(floor: int) -> None:
    above = set().union(*FLOORS[:floor]) | {"settings", "urls", "asgi", "wsgi", "sandbox"}
    wrong = {
        place(path): sorted(packages(path) & above)
        for name in FLOORS[floor]
        for path in modules()
        if path.is_relative_to(SOURCE / name) and packages(path) & above
    }
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(GROUND))
def test_what_all_stand_on_imports_no_package(name: str) -> None:
    assert packages(SOURCE / f"{name}.py") <= GROUND


def test_the_sandbox_stands_alone() -> None:
    inside = [path for path in modules() if path.is_relative_to(SOURCE / "sandbox")]
    assert inside
    assert {
        place(path): packages(path) - {"sandbox"} for path in inside if packages(path) - {"sandbox"}
    } == {}


def test_the_client_stands_alone_and_is_light() -> None:
    inside = [path for path in modules() if path.is_relative_to(SOURCE / "client")]
    assert inside
    heavy = {"django", "httpx2", "msgspec", "rich", "typer"}
    wrong = {
        place(path): sorted(found)
        for path in inside
        if (found := (packages(path) - {"client", "__version__"}) | (roots(path) & heavy))
    }
    assert wrong == {}


@pytest.mark.parametrize("name", WITHOUT_DJANGO)
def test_the_toggl_client_needs_no_django(name: str) -> None:
    path = SOURCE / "integrations" / "toggl" / f"{name}.py"
    assert not [module for module in imported(path) if module.split(".")[0] == "django"]
    own = ("stint.integrations.toggl", "stint.__version__")
    assert not [
        module for module in imported(path) if module.startswith("stint.") and not module.startswith(own)
    ]


def test_sql_stands_where_one_looks_for_it() -> None:
    found = {place(path) for path in modules() if PLAIN_SQL & set(imported(path))}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                on = ast.unparse(node.func.value)
                if node.func.attr in RUNS_SQL and ("cursor" in on.lower() or on.endswith("objects")):
                    found.add(place(path))
    assert found - WITH_SQL == set()


def test_every_package_of_the_house_is_on_a_floor() -> None:
    known = set().union(*FLOORS) | {"sandbox", "client"}
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert folders <= known
