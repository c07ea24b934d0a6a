"""An account with an Administrator, a Toggl to mirror, and the acts of a sync."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from stint.accounts.models import Account, Role, User
from stint.accounts.queries import Caller, caller_of
from stint.accounts.services import create_account, create_user
from stint.integrations import runs, services
from stint.integrations.models import SyncRun
from stint.integrations.outcomes import SyncRunOut
from stint.tasks.models import Task
from tests.mirror.toggl import TOKEN, Toggl


@pytest.fixture
def toggl(settings: Any) -> Iterator[Toggl]:
    stand_in = Toggl()
    settings.TOGGL_API_URL = stand_in.url
    settings.TOGGL_REQUESTS_PER_SECOND = 0
    settings.TOGGL_RETRY_SECONDS = 4
    yield stand_in
    stand_in.close()


@dataclass
class Mirror:
    """An Administrator at work."""

    toggl: Toggl
    admin: User
    caller: Caller

    @property
    def account(self) -> Account:
        return self.admin.membership.account

    def enable(self, token: str = TOKEN) -> None:
        services.enable(self.caller, token)

    def save(self, *workspaces: int, confirm: bool = False) -> SyncRunOut:
        return self.finish(services.save(self.caller, list(workspaces), confirm))

    def sync(self) -> SyncRunOut:
        return self.finish(services.sync_now(self.caller))

    def finish(self, run: SyncRunOut) -> SyncRunOut:
        """Carry a run out, after those queued before it, as a worker would."""
        for queued in SyncRun.objects.filter(status="queued", pk__lte=run.id).order_by("pk"):
            runs.run_sync.call(queued.pk)
        return services.run(self.caller, run.id)

    def task(self, kind: str, id_: int) -> Task:
        return Task.objects.get(account=self.account, source_kind=kind, source_id=id_)

    def paths(self, **conditions: Any) -> set[str]:
        """Return the paths of the mirrored tasks, as names joined by slashes."""
        tasks = {task.pk: task for task in Task.objects.filter(account=self.account)}
        return {
            "/".join(tasks[int(part)].name for part in task.path.split("/")[:-1])
            for task in Task.objects.filter(account=self.account, **conditions)
        }

    def member(self, email: str, role: str = Role.MEMBER) -> User:
        return create_user(self.account, email=email, name=email.split("@")[0], role=role)


def caller(user: User) -> Caller:
    found = caller_of(user.pk)
    assert found is not None
    return found


@pytest.fixture
def mirror(db: None, toggl: Toggl) -> Mirror:
    admin = create_account("Agency", email="ada@example.com", name="Ada")
    return Mirror(toggl, admin, caller(admin))


@pytest.fixture
def mirrored(mirror: Mirror) -> Mirror:
    """A mirror of one workspace: two clients, three projects, one of them with two tasks."""
    toggl = mirror.toggl
    toggl.add_workspace(1, "Team")
    toggl.add_client(10, "Acme")
    toggl.add_client(11, "Globex")
    toggl.add_project(100, "Website", 10)
    toggl.add_project(101, "Website", 11)
    toggl.add_project(102, "Internal")
    toggl.add_task(1000, "Design", 100)
    toggl.add_task(1001, "Build", 100)
    toggl.add_person(9, "owner@toggl.example.com")
    toggl.add_person(20, "GRACE@example.com")
    mirror.enable()
    assert mirror.save(1).status == "done"
    return mirror
