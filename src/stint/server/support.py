"""What a helper wants to know of an installation, in one zip that names nobody and holds no secret.

READ_ME.txt       what is in it
about.json        versions of Stint, Python, the system, the database and every package
settings.json     the variables that are set, secrets and sign-ins left out
doctor.json       what `stint doctor` found
database.json     size, rows of each table, the newest migration of each package
jobs.json         jobs by kind and state, and the kinds of faults of the last ones that failed
runs.json         the last syncs and imports, without what they were about
log.txt           the end of a log, where one is given
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import zipfile
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Min
from django_tasks_db.models import DBTaskResult

import stint
from stint.accounts.models import Account, User
from stint.database import size
from stint.imports.models import Import
from stint.integrations.models import SourceWorkspace, SyncRun
from stint.server.logs import MASK, masked

LAST_RUNS = 20
LAST_LINES = 1000
READ_ME = """What a helper wants to know of this Stint. Look through it before you give it away: it is all text.

Names, notes, e-mail addresses, tokens, keys and passwords are left out or masked as ***. Host names, addresses of
computers and counts are in it.
"""
# What may be told as it stands; addresses are told without their sign-in, all else only as "set".
PLAIN = frozenset(
    {
        "STINT_DATA",
        "STINT_LOG_FORMAT",
        "STINT_LOG_LEVEL",
        "STINT_LOG_REQUESTS",
        "STINT_PUBLIC_URL",
        "STINT_TOGGL_API_URL",
        "STINT_TOGGL_REQUESTS_PER_SECOND",
        "STINT_TRUSTED_PROXIES",
    }
)
ADDRESSES = frozenset({"DATABASE_URL", "EMAIL_URL"})
_EMAIL = re.compile(r"[^\s@\"'<>,;:=(]+@[\w-]+(?:\.[\w-]+)+")
_QUOTED = re.compile(r"“[^”]*”|„[^“]*“")
# PostgreSQL quotes the row that a statement failed on.
_ROW = re.compile(r"(DETAIL:|Failing row contains)[^\n\\]*")
# Toggl's tokens are 32 hexadecimal digits; Stint's own, its links and keys, and what is encrypted are longer.
_TOKEN = re.compile(r"\b(?:[0-9a-f]{32}|[\w-]{40,})(?![\w-])=*")


class Scrubber:
    """Masks what names somebody: addresses, what stands in quotes, and the names that this database knows."""

    def __init__(self) -> None:
        self._names = _names()

    def __call__(self, text: str) -> str:
        """Return `text` without them."""
        text = _TOKEN.sub(MASK, _ROW.sub(rf"\1 {MASK}", masked(text)))
        text = _QUOTED.sub(f"“{MASK}”", _EMAIL.sub(MASK, text))
        return self._names.sub(MASK, text) if self._names else text

    def each(self, told: Any) -> Any:  # noqa: ANN401  (JSON)
        """Return a JSON value with each text in it masked."""
        if isinstance(told, dict):
            return {name: self.each(value) for name, value in told.items()}
        if isinstance(told, list):
            return [self.each(value) for value in told]
        return self(told) if isinstance(told, str) else told


def bundle(target: Path, findings: dict[str, dict[str, str]], log: Path | None) -> None:
    """Write the zip to `target`, which must not exist; `findings` are the doctor's by part.

    Raises:
        OSError: the file exists or cannot be written, or the log cannot be read.

    """
    scrub = Scrubber()
    last = _last_lines(log) if log else ""
    parts = {name: _answered(read) for name, read in READS.items()} | {"doctor": findings}
    with (
        os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        packed.writestr("READ_ME.txt", READ_ME)
        for name, told in parts.items():
            text = json.dumps(scrub.each(told), indent=1, ensure_ascii=False, default=str)
            packed.writestr(f"{name}.json", text)
        if last:
            packed.writestr("log.txt", scrub(last))


def settings_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that Stint reads, as they may be told."""
    told = {}
    for name, value in sorted(environment.items()):
        if name in PLAIN:
            told[name] = value.replace(str(Path.home()), "~") if name == "STINT_DATA" else value
        elif name in ADDRESSES:
            told[name] = _without_sign_in(value)
        elif name.startswith("STINT_"):
            told[name] = "set"
    return told


def _without_sign_in(address: str) -> str:
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    options = ",".join(name for name, _value in parse_qsl(parts.query))
    return f"{parts.scheme}://{host}{parts.path}" + (f"?{options}" if options else "")


def _answered(read: Callable[[], Any]) -> Any:  # noqa: ANN401  (JSON)
    try:
        return read()
    except DatabaseError as fault:
        return {"unknown": f"the database does not answer: {type(fault).__name__}"}


def _about() -> dict[str, Any]:
    return {
        "stint": stint.__version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": sys.version,
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "database": connection.vendor,
        "packages": dict(sorted((each.name, each.version) for each in distributions())),
    }


def _database() -> dict[str, Any]:
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return {
        "version": ".".join(map(str, connection.get_database_version())),
        "bytes": size(),
        "rows": {model._meta.db_table: model._base_manager.count() for model in apps.get_models()},
        "migrations": dict(applied),  # of each package the last
    }


def _jobs() -> dict[str, Any]:
    kinds = DBTaskResult.objects.order_by().values("task_path", "status")
    failed = DBTaskResult.objects.failed().order_by("-finished_at")
    return {
        "by_kind": list(kinds.annotate(jobs=Count("pk"), oldest=Min("enqueued_at"))),
        "failed": list(failed.values("task_path", "finished_at", "exception_class_path")[:LAST_RUNS]),
    }


def _runs() -> dict[str, Any]:
    times = ("queued_at", "started_at", "heartbeat_at", "resumes_at", "finished_at")
    common = ("pk", "status", "attempts", "deaths", "requests", "done", "total", "counts", "error", *times)
    imports = Import.objects.order_by("-pk")[:LAST_RUNS]
    return {
        "syncs": list(SyncRun.objects.order_by("-pk").values(*common, "trigger")[:LAST_RUNS]),
        "imports": list(imports.values(*common, "kind", "dry_run", "more_problems")),
    }


def _last_lines(log: Path) -> str:
    with log.open(errors="replace") as lines:
        return "".join(deque(lines, LAST_LINES))


def _names() -> re.Pattern[str] | None:
    """Return what matches the names of accounts, people and workspaces."""
    tables = (Account, User, SourceWorkspace)
    try:
        found = {
            name.strip() for table in tables for name in table._base_manager.values_list("name", flat=True)
        }
    except DatabaseError:
        return None
    words = sorted((name for name in found if len(name) > 1), key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words)) if words else None


READS: dict[str, Callable[[], Any]] = {
    "about": _about,
    "settings": lambda: settings_of(os.environ),
    "database": _database,
    "jobs": _jobs,
    "runs": _runs,
}
