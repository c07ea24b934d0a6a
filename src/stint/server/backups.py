"""Backups: the database as it is at one instant, and the secret key that reads its encrypted tokens.

    stint.sqlite3 or stint.dump      SQLite's online copy, or pg_dump's custom format
    secret_key                       absent when STINT_SECRET_KEY gives it: then keep that variable safe too
    manifest.json                    {"format": 1, "stint": version, "made_at": instant, "database": vendor}

One tar file readable by its owner alone.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

import stint
from stint.server.data_lock import hold
from stint.server.scratch import scratch_folder

FORMAT = 1
NOTE_NAME = "last_backup"
SQLITE_NAME, DUMP_NAME, KEY_NAME, MANIFEST_NAME = "stint.sqlite3", "stint.dump", "secret_key", "manifest.json"


class BackupError(Exception):
    """A backup cannot be made or restored; `str()` is a sentence that says why."""


def back_up(target: Path, *, replace: bool = False) -> bool:
    """Write a backup to `target`, while Stint may be running, and tell whether the secret key is in it.

    With `replace` an older file there makes way, once the new one is whole.

    Raises:
        BackupError: the file exists or cannot be written, or pg_dump is missing or fails.

    """
    if target.exists() and not replace:
        raise BackupError(f"{target} exists already; name another file")
    with _folder_beside(target) as folder:
        if connection.vendor == "sqlite":
            _copy_sqlite(Path(settings.DATABASES["default"]["NAME"]), folder / SQLITE_NAME)
        else:
            _run_postgres("pg_dump", "--format=custom", "--no-owner", f"--file={folder / DUMP_NAME}")
        has_key = not os.environ.get("STINT_SECRET_KEY")
        if has_key:
            shutil.copyfile(settings.DATA_DIR / KEY_NAME, folder / KEY_NAME)
        manifest = {
            "format": FORMAT,
            "stint": stint.__version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": connection.vendor,
        }
        (folder / MANIFEST_NAME).write_text(json.dumps(manifest))
        # Under another name until it is whole: one cut short would pass for a backup.
        arriving = target.with_name(f"{target.name}.arriving")
        arriving.unlink(missing_ok=True)
        _pack(folder, arriving)
        arriving.replace(target)
    return has_key


def note_backup() -> None:
    """Remember that a backup was made now, for `last_backup`."""
    (settings.DATA_DIR / NOTE_NAME).write_text(datetime.now(UTC).isoformat(timespec="seconds"))


def last_backup() -> datetime | None:
    """Return when `stint backup` last worked on this data folder; None where it never did."""
    try:
        return datetime.fromisoformat((settings.DATA_DIR / NOTE_NAME).read_text())
    except (OSError, ValueError):
        return None


def restore(source: Path, *, force: bool = False) -> str:
    """Put the backup in `source` in place of the present data and return when it was made.

    A SQLite database that is replaced stays beside the new one as `stint.sqlite3.replaced`.

    Raises:
        BackupError: not a whole backup of this version or an older one, or of another kind of database, or
            there are data already and `force` is false.
        DataFolderInUse: Stint is running on the data folder.

    """
    with tempfile.TemporaryDirectory(prefix="stint-restore-") as name:
        folder = Path(name)
        manifest = _unpack(source, folder)
        if manifest["database"] != connection.vendor:
            raise BackupError(
                f"the backup is of a {manifest['database']} database, but DATABASE_URL names {connection.vendor}"
            )
        if connection.vendor == "sqlite":
            _restore_sqlite(folder / SQLITE_NAME, force)
        else:
            _restore_postgres(folder / DUMP_NAME, force)
        if (folder / KEY_NAME).exists():
            _place(folder / KEY_NAME, settings.DATA_DIR / KEY_NAME)
    return str(manifest["made_at"])


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """Make a folder for the parts where there has to be room for the whole anyway; /tmp may be small."""
    with ExitStack() as made:
        try:
            folder = made.enter_context(scratch_folder(".stint-backup-", target.parent))
        except OSError as fault:
            raise BackupError(f"{target} cannot be written ({fault.strerror})") from None
        yield folder


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupError("there are no data yet: the database does not exist")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=20)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as fault:
        raise BackupError(f"the database cannot be copied ({fault})") from None


def _pack(folder: Path, target: Path) -> None:
    try:
        opened = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as fault:
        raise BackupError(f"{target} cannot be written ({fault.strerror})") from None
    try:
        with os.fdopen(opened, "wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar:
            for part in sorted(folder.iterdir()):
                tar.add(part, arcname=part.name)
            tar.close()
            os.fsync(file.fileno())
    except OSError as fault:
        target.unlink(missing_ok=True)
        raise BackupError(f"{target} cannot be written ({fault.strerror})") from None


def _unpack(source: Path, folder: Path) -> dict[str, object]:
    """Extract the known files only, whatever else a forged archive may hold."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            for member in tar:
                known = member.name in (SQLITE_NAME, DUMP_NAME, KEY_NAME, MANIFEST_NAME)
                content = tar.extractfile(member) if known and member.isfile() else None
                if content is not None:
                    with (folder / member.name).open("wb") as file:
                        shutil.copyfileobj(content, file)
        manifest = json.loads((folder / MANIFEST_NAME).read_text())
        if manifest["format"] != FORMAT:
            raise BackupError("the backup was made by a newer Stint; update this one first")
        part = folder / (SQLITE_NAME if manifest["database"] == "sqlite" else DUMP_NAME)
        if not part.exists() or "made_at" not in manifest:
            raise BackupError(f"{source} is not a whole backup of Stint")
    except FileNotFoundError as fault:
        missing = source if fault.filename == str(source) else None
        raise BackupError(
            f"{source} does not exist" if missing else f"{source} is no backup of Stint"
        ) from None
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"{source} is not a whole backup of Stint") from None
    return dict(manifest)


def _restore_sqlite(copy: Path, force: bool) -> None:
    _check_sqlite(copy)
    target = Path(settings.DATABASES["default"]["NAME"])
    hold(settings.DATA_DIR)
    connection.close()
    if target.exists():
        if not force:
            raise BackupError(
                f"{target} holds data already; --force replaces it and keeps it as a .replaced file"
            )
        _set_aside(target)
    _place(copy, target)


def _check_sqlite(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            applied = set(database.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error:
        sound, applied = False, set()
    if not sound or not applied:
        raise BackupError("the database in the backup is damaged; use another backup")
    known = set(MigrationLoader(None).disk_migrations)
    if applied - known:
        raise BackupError("the backup was made by a newer Stint; update this one first")


def _set_aside(database: Path) -> None:
    # Closing the last connection moves the write-ahead log into the file itself.
    with closing(sqlite3.connect(database, timeout=20)) as present:
        present.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.replace(database.with_name(f"{database.name}.replaced"))
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _place(source: Path, target: Path) -> None:
    """Copy beside the target, then rename: a restore cut short leaves the old file or the new one."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    arriving = target.with_name(f"{target.name}.arriving")
    arriving.unlink(missing_ok=True)
    with (
        source.open("rb") as content,
        os.fdopen(os.open(arriving, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file,
    ):
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())
    arriving.replace(target)


def _restore_postgres(dump: Path, force: bool) -> None:
    if connection.introspection.table_names() and not force:
        raise BackupError("the database holds tables already; --force replaces them")
    _run_postgres(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        "--exit-on-error",
        str(dump),
    )


def _run_postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database, reached as Stint does; no secret is among the arguments."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not installed; it comes with PostgreSQL's client package")
    into = f"--dbname={settings.DATABASES['default']['NAME']}"
    done = subprocess.run(  # noqa: S603  (a fixed program with arguments of our own)
        [found, into, *arguments],
        env=os.environ | _postgres_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(
            f"{program} failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
        )


def _postgres_environment() -> dict[str, str]:
    """Return the connection's parameters, TLS and all, under the names by which libpq reads them."""
    from psycopg import pq

    names = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    return {
        variable.decode(): str(value)
        for keyword, value in connection.get_connection_params().items()
        if value is not None and (variable := names.get(keyword))
    }
