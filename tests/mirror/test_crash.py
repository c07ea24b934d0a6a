"""A worker killed in the middle of applying: the tree is as it was, and the run is taken up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from stint.integrations import runs, services
from stint.integrations.models import SyncRun
from stint.tasks.models import Task
from tests.mirror.conftest import Mirror
from tests.mirror.toggl import Toggl

KILLED_BEFORE_COMMIT = """
import os, signal, sys
import django
django.setup()
from stint.integrations import applying, runs
from stint.integrations.models import SyncRun
def kill(*args):
    os.kill(os.getpid(), signal.SIGKILL)
applying._write_assignments = kill
runs.run_sync.call(int(sys.argv[1]))
"""


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    sign_in = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return f"postgres://{sign_in}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_a_kill_before_the_commit_leaves_the_tree_and_the_run_recovers(toggl: Toggl, request: Any) -> None:
    mirror: Mirror = request.getfixturevalue("mirrored")
    before = list(Task.objects.order_by("pk").values())
    for number in range(300):
        toggl.add_project(500 + number, f"Project {number}")
    toggl.remove("tasks", 1000)
    run = services.sync_now(mirror.caller)
    connection.close()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "stint.settings",
        "STINT_DATA": str(settings.DATA_DIR),
        "STINT_TOGGL_API_URL": toggl.url,
        "STINT_TOGGL_REQUESTS_PER_SECOND": "1000",
    }
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE_COMMIT, str(run.id)],
        env=environment,
        timeout=60,
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert list(Task.objects.order_by("pk").values()) == before
    assert SyncRun.objects.get(pk=run.id).status == "running"
    toggl.asked.clear()
    runs.recover()
    after = mirror.finish(run)
    assert (after.status, after.counts.create, after.counts.archive) == ("done", 300, 1)
    assert toggl.asked == []
