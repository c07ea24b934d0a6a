"""Faults that can be switched on: refusals, failures, slowness and broken bodies."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Literal, get_args

from starlette.responses import Response

from .model import Refused

Kind = Literal["401", "402", "402plan", "403", "429", "500", "slow", "cut", "badjson", "wrongshape", "html"]
KINDS: tuple[str, ...] = get_args(Kind)
QUOTA_TEXT = "You have hit your hourly limit for API calls. Your quota will reset in {} seconds."
PLAN_TEXT = "Workspace needs to have this feature enabled. Upgrade your plan to use it."
WRONG_CREDENTIALS = "Incorrect username and/or password"
_PAGE = (
    "<!doctype html><html><head><title>Maintenance</title></head><body><h1>We will be back</h1></body></html>"
)
_ids = itertools.count(1)


@dataclass
class Fault:
    """A fault on the API.

    Attributes:
        path: a regular expression that the path (with its query) must contain; empty for every request.
        times: how many requests it hits; None until it is switched off.
        after: how many matching requests go well first.
        seconds: how slow, or until when the quota of a `402` is said to reset.

    """

    kind: Kind
    path: str = ""
    times: int | None = None
    after: int = 0
    seconds: float | None = None
    id: int = field(default_factory=lambda: next(_ids))


class Faults:
    """The faults that are on, in the order they were switched on; the first that matches hits."""

    def __init__(self) -> None:
        self.on: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on.

        Raises:
            Refused: 400, its kind is unknown or its path no regular expression.

        """
        if fault.kind not in KINDS:
            raise Refused(400, f"kind must be one of {', '.join(KINDS)}")
        try:
            re.compile(fault.path)
        except re.error as error:
            raise Refused(400, f"path is not a regular expression: {error}") from error
        self.on.append(fault)
        return fault

    def remove(self, id_: int) -> None:
        """Switch one fault off."""
        self.on = [fault for fault in self.on if fault.id != id_]

    def clear(self) -> None:
        """Switch all faults off."""
        self.on = []

    def hit(self, path: str) -> Fault | None:
        """Return the fault that hits this request, which is then counted."""
        for fault in self.on:
            if not re.search(fault.path, path):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.remove(fault.id)
            return fault
        return None


def answer_of(fault: Fault) -> Response | None:
    """Return what is sent instead of the real answer; None for faults of the real one (slow, cut)."""
    seconds = int(fault.seconds if fault.seconds is not None else 1838)
    spent = {"X-Toggl-Quota-Remaining": "0", "X-Toggl-Quota-Resets-In": str(seconds)}
    answers = {
        "401": Response(status_code=401, headers={"X-Authorization-Missing": "true"}),
        "402": Response(QUOTA_TEXT.format(seconds), 402, spent, "text/plain"),
        "402plan": Response(PLAN_TEXT, 402, media_type="text/plain"),
        "403": Response(WRONG_CREDENTIALS, 403, media_type="text/plain"),
        "429": Response("Too Many Requests", 429, media_type="text/plain"),
        "500": Response('"Internal Server Error"', 500, media_type="application/json"),
        "badjson": Response('[{"id": 1, "name": "Half a na', 200, media_type="application/json"),
        "wrongshape": Response('{"unexpected": [true]}', 200, media_type="application/json"),
        "html": Response(_PAGE, 200, media_type="text/html"),
    }
    return answers.get(fault.kind)
