"""The Administrator's side of the mirror: Toggl changes, a sync follows, and the tree is one state or the other."""

from __future__ import annotations

import random
import time

from torture import tree
from torture.asking import Answer, Asker
from torture.office import Office

POLL_SECONDS = 0.02
ENDED = ("done", "failed", "needs_confirmation")
STOPPED_TOO_OFTEN = "three times"


class Syncing:
    """Syncs one after the other, and the tree before and after the one that may be under way."""

    def __init__(self, office: Office, chance: random.Random) -> None:
        self._office, self._chance = office, chance
        self._place = office.toggl.workplace
        self.before: tree.Tree = {}
        self.after = tree.wanted(self._place)
        self.version = self.done = self.gave_up = 0
        self._last_done = 0
        self.faults: list[str] = []

    def begin(self, asker: Asker) -> None:
        """Enable the mirror, select every workspace and wait for the first sync."""
        enabled = asker.ask("POST", "/integrations/toggl", {"api_token": self._office.toggl.token})
        assert enabled.status == 201, enabled
        ids = [workspace["id"] for workspace in enabled.body["workspaces"]]
        saved = asker.ask("PUT", "/integrations/toggl/selection", {"workspace_ids": ids})
        assert saved.status == 202, saved
        self._await(asker)
        assert not self.faults, self.faults
        assert (wrong := self.check()) == [], wrong

    def work(self, asker: Asker) -> None:
        """Follow the sync that is under way to its end, then change Toggl and sync again, for ever.

        Raises:
            Unanswered: the server went away.

        """
        while True:
            self._await(asker)
            if self.before == self.after:
                self.version += 1
                tree.stir(self._place, self._chance, self.version)
                self.after = tree.wanted(self._place)
            self._expect(asker.ask("POST", "/integrations/toggl/sync"), 202)

    def check(self) -> list[str]:
        """Hold the tree in the database against the two states it may be in, told apart by the record of the run."""
        runs = self._office.database.rows("SELECT id, status FROM integrations_syncrun ORDER BY id")
        is_after = any(status == "done" and id_ > self._last_done for id_, status in runs)
        asked = self.after if is_after else self.before
        wrong = tree.differences(asked, tree.found(self._office.database)) if asked else []
        state = "after" if is_after else "before"
        faults = self.faults + [
            f"tree is not the one {state} sync {self.version}: {fault}" for fault in wrong[:3]
        ]
        self.faults = []
        return faults

    def _await(self, asker: Asker) -> None:
        while True:
            newest = asker.ask("GET", "/integrations/toggl/syncs?limit=1")
            self._expect(newest, 200)
            run = newest.body["items"][0] if newest.status == 200 and newest.body["items"] else None
            if run is None or run["id"] <= self._last_done:
                return
            if run["status"] in ENDED:
                break
            time.sleep(POLL_SECONDS)
        if run["status"] == "done":
            self._last_done, self.before = run["id"], self.after
            self.done += 1
        elif STOPPED_TOO_OFTEN in run["error"]:
            self.gave_up += 1
        else:
            self.faults.append(f"sync {run['id']} {run['status']}: {run['error']}")

    def _expect(self, answer: Answer, status: int) -> None:
        if answer.status != status:
            self.faults.append(f"a sync was answered {answer.status}: {answer.body}")
