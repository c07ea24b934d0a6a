"""The Administrator's side of the mirror: Toggl changes, a sync follows, and the tree is one state or the other."""

from __future__ import annotations

import random
import time

from torture import tree
from torture.asking import Answer, Asker
from torture.office import Office

POLL_SECONDS = 0.02
# What died without a word is taken up after 90 s of silence.
LONGEST_SECONDS = 240.0
ENDED = ("done", "failed", "needs_confirmation")
STOPPED_TOO_OFTEN = "three times"


class Syncing:
    """Syncs one after the other, and the tree before and after the one that may be under way.

    One may fail with an error that says `may_fail`; the next takes its work over.
    """

    def __init__(self, office: Office, chance: random.Random, may_fail: str = "") -> None:
        self._office, self._chance, self._may_fail = office, chance, may_fail
        self._place = office.toggl.workplace
        self.before: tree.Tree = {}
        self.after = tree.wanted(self._place)
        self.version = self.done = 0
        self.failed: list[str] = []
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

    def step(self, asker: Asker) -> None:
        """Follow the sync that is under way to its end, then change Toggl and sync again.

        Raises:
            Unanswered: the server went away.

        """
        self._await(asker)
        self.begin_one(asker)

    def begin_one(self, asker: Asker) -> None:
        """Change Toggl, unless the last change is still to be taken over, and ask for a sync."""
        if self.before == self.after:
            self.version += 1
            tree.stir(self._place, self._chance, self.version)
            self.after = tree.wanted(self._place)
        self._expect(asker.ask("POST", "/integrations/toggl/sync"), 202)

    def finish(self, asker: Asker) -> None:
        """Return once what was asked for is taken over, with another sync if the first one failed."""
        self._await(asker)
        while self.before != self.after and not self.faults:
            self.begin_one(asker)
            self._await(asker)

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
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            newest = asker.ask("GET", "/integrations/toggl/syncs?limit=1")
            self._expect(newest, 200)
            run = newest.body["items"][0] if newest.status == 200 and newest.body["items"] else None
            if run is None or run["id"] <= self._last_done:
                return
            if run["status"] in ENDED:
                break
            time.sleep(POLL_SECONDS)
        else:
            self.faults.append(f"a sync did not end for {LONGEST_SECONDS:.0f} s")
            return
        if run["status"] == "done":
            self._last_done, self.before = run["id"], self.after
            self.done += 1
        elif run["error"] and self._may_fail in run["error"]:
            self.failed.append(run["error"])
        else:
            self.faults.append(f"sync {run['id']} {run['status']}: {run['error']}")

    def _expect(self, answer: Answer, status: int) -> None:
        if answer.status != status:
            self.faults.append(f"a sync was answered {answer.status}: {answer.body}")
