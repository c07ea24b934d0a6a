"""What one person asked of Stint and was told, and whether the database agrees.

A person asks one thing at a time. An answer fixes what must be there from then on; a question that a kill left
unanswered may have been carried out whole or not at all, and is asked again, word by word, when the server is back.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import uuid_utils

from torture.asking import Answer, Asker, Unanswered
from torture.rows import Database, decoded, instant

PROBLEM = "application/problem+json"
REST_SECONDS = 0.05
FIELDS = ("start", "end", "note", "version")
State = dict[str, dict[str, Any]]


class Question(msgspec.Struct):
    """A request that changes something, and the entries it concerns."""

    kind: str
    method: str
    path: str
    body: dict[str, Any] | None
    id: str
    headers: dict[str, str] = {}


@dataclass
class Counts:
    """How much was asked, and how much of it a kill left open."""

    acknowledged: int = 0
    unanswered: int = 0
    carried_out: int = 0
    refused: int = 0


class Ledger:
    """One person's entries as they were last told, and the question that is open.

    `refusals` are the statuses by which a server in trouble may put a question off; it is asked again then.
    """

    def __init__(self, user_id: int, chance: random.Random, refusals: tuple[int, ...] = ()) -> None:
        self.user_id, self._chance, self.refusals = user_id, chance, refusals
        self.known: State = {}
        self.gone: set[str] = set()
        self._left_alone: set[str] = set()
        self.running = ""
        self.open: Question | None = None
        self.faults: list[str] = []
        self.counts = Counts()
        self._hour = datetime(2026, 1, 5, tzinfo=UTC)

    def add(self, entry: dict[str, Any]) -> None:
        """Take an entry with an end into the books that was made past them, and leave it as it is."""
        self.known[entry["id"]] = {name: entry[name] for name in FIELDS}
        self._left_alone.add(entry["id"])

    def step(self, asker: Asker) -> None:
        """Ask again what is open, or else one thing more.

        Raises:
            Unanswered: the server went away.

        """
        again = self.open is not None
        question = self.open = self.open or self._next()
        try:
            answer = asker.ask(question.method, question.path, question.body, **question.headers)
        except Unanswered:
            self.counts.unanswered += not again
            raise
        if (
            answer.status in self.refusals
            and answer.headers["content-type"] == PROBLEM
            and answer.body["detail"]
        ):
            self.counts.refused += 1
            time.sleep(REST_SECONDS)
            return
        self.open = None
        if self._take(question, answer, again):
            self.counts.acknowledged += 1
        else:
            self.faults.append(f"{question.kind} was answered {answer.status}: {str(answer.body)[:300]}")

    def _take(self, question: Question, answer: Answer, again: bool) -> bool:
        """Note what an answer fixes; False where it is none that may come."""
        if question.kind == "delete":
            if answer.status == 204 or (again and answer.status == 404):
                self.known.pop(question.id, None)
                self.gone.add(question.id)
                return True
            return False
        told = answer.body
        if again and answer.status in (409, 412) and "entry" in told:
            told = told["entry"]
            if question.kind == "edit" and told["note"] != (question.body or {})["note"]:
                return False
        elif answer.status not in (200, 201):
            return False
        after = {name: told[name] for name in FIELDS}
        if question.kind == "start":
            self._stop_running(after["start"])
        self.known[told["id"]] = after
        if after["end"] is None:
            self.running = told["id"]
        elif told["id"] == self.running:
            self.running = ""
        return True

    def _stop_running(self, at: str) -> None:
        if self.running:
            self.known[self.running] = _stopped(self.known[self.running], at)
            self.running = ""

    def _next(self) -> Question:
        ended = [id_ for id_ in self.known if id_ != self.running and id_ not in self._left_alone]
        kind = self._chance.choices(("start", "stop", "add", "edit", "delete"), (4, 2, 3, 2, 1))[0]
        if kind == "stop" and self.running:
            return Question(kind, "POST", "/timer/stop", {"id": self.running}, self.running)
        if kind in ("edit", "delete") and ended:
            id_ = self._chance.choice(ended[-50:])
            if kind == "delete":
                return Question(kind, "DELETE", f"/entries/{id_}", None, id_)
            match = {"If_Match": f'"{self.known[id_]["version"]}"'}
            return Question(kind, "PATCH", f"/entries/{id_}", {"note": self._note()}, id_, match)
        id_ = str(uuid_utils.uuid7())
        if kind == "start":
            return Question(kind, "POST", "/timer/start", {"id": id_, "note": self._note()}, id_)
        self._hour += timedelta(minutes=self._chance.randrange(5, 90))
        end = self._hour + timedelta(minutes=30)
        times = {"start": self._hour.isoformat(), "end": end.isoformat()}
        return Question("add", "POST", "/entries", {"id": id_, "note": self._note(), **times}, id_)

    def _note(self) -> str:
        return f"Work {self._chance.randrange(10**9)}"

    def check(self, database: Database) -> list[str]:
        """Hold what stands in the database against what was told; return what does not agree."""
        found = _entries(database, self.user_id)
        told = {id_: _comparable(entry) for id_, entry in self.known.items()}
        faults = [*self.faults, *_history_faults(database, self.user_id, found, self.gone)]
        self.faults = []
        question = self.open
        if question is not None:
            carried_out = self._carried_out(question, found)
            self.counts.carried_out += carried_out
            if carried_out:
                told = self._after(question, told, found)
        for id_ in told.keys() | found.keys():
            if told.get(id_) != found.get(id_):
                told_it, found_it = _shown(told.get(id_)), _shown(found.get(id_))
                faults.append(
                    f"entry {id_}: told {told_it}, found {found_it}, open {question and question.kind}"
                )
        if sum(entry["end"] is None for entry in found.values()) > 1:
            faults.append(f"user {self.user_id} has several running timers")
        return faults

    def _carried_out(self, question: Question, found: State) -> bool:
        if question.kind in ("add", "start"):
            return question.id in found
        if question.kind == "delete":
            return question.id not in found
        return bool(found.get(question.id, {}).get("version") != self.known[question.id]["version"])

    def _after(self, question: Question, told: State, found: State) -> State:
        """Return what must be there when the open question was carried out whole."""
        after = dict(told)
        if question.kind == "delete":
            del after[question.id]
            return after
        present = found[question.id]
        if question.kind == "add":
            after[question.id] = _comparable({**(question.body or {}), "version": 1})
        elif question.kind == "edit":
            after[question.id] = {**told[question.id], "note": (question.body or {})["note"]}
            after[question.id]["version"] += 1
        elif question.kind == "stop":
            after[question.id] = _stopped(told[question.id], present["end"])
        else:
            after[question.id] = {
                "start": present["start"],
                "end": None,
                "note": (question.body or {})["note"],
                "version": 1,
            }
            if self.running:
                after[self.running] = _stopped(told[self.running], present["start"])
        return after


def _stopped(entry: dict[str, Any], at: str | datetime) -> dict[str, Any]:
    """Return an entry that ended at an instant, or where the clock was put back, when it began."""
    ends = [found for found in (instant(entry["start"]), instant(at)) if found is not None]
    return {**entry, "end": max(ends), "version": entry["version"] + 1}


def _comparable(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: entry[name] for name in FIELDS},
        "start": instant(entry["start"]),
        "end": instant(entry["end"]),
    }


def _shown(entry: dict[str, Any] | None) -> str:
    return "nothing" if entry is None else " ".join(str(value) for value in entry.values())


def _entries(database: Database, user_id: int) -> State:
    rows = database.rows(
        'SELECT id, start, "end", note, version, seconds FROM entries_entry WHERE user_id = %s', [user_id]
    )
    found = {}
    for id_, start, end, note, version, seconds in rows:
        text = str(id_) if len(str(id_)) == 36 else _dashed(id_)
        began, ended = instant(start), instant(end)
        found[text] = {"start": began, "end": ended, "note": note, "version": version}
        assert began is not None
        if seconds != (0 if ended is None else int((ended - began).total_seconds())):
            found[text]["seconds"] = seconds
    return found


def _dashed(hexadecimal: str) -> str:
    h = hexadecimal
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def _history_faults(database: Database, user_id: int, found: State, gone: set[str]) -> list[str]:
    """Follow each entry's edits: every version is the one before with one edit, and the last is what stands there."""
    rows = database.rows(
        "SELECT entry_id, action, before, after FROM entries_entrychange WHERE changed_by_id = %s ORDER BY id",
        [user_id],
    )
    edits: dict[str, list[tuple[str, dict[str, Any], dict[str, Any] | None]]] = {}
    for entry_id, action, before, after in rows:
        text = str(entry_id) if len(str(entry_id)) == 36 else _dashed(entry_id)
        edits.setdefault(text, []).append((action, decoded(before), decoded(after)))
    faults = []
    for id_, entry in found.items():
        versions = [after["version"] for _, _, after in edits.get(id_, []) if after is not None]
        if versions != list(range(2, entry["version"] + 1)):
            faults.append(f"entry {id_} has version {entry['version']} and edits to {versions}")
    for id_ in gone:
        if [action for action, _, _ in edits.get(id_, [])].count("delete") != 1:
            faults.append(f"entry {id_} was deleted and its history does not say so once")
    return faults
