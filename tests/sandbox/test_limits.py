from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from stint.sandbox.limits import Burst
from stint.sandbox.seeds import DEMO_TOKEN, MEMBER_TOKEN
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace


def _remaining(answer: httpx2.Response) -> int:
    return int(answer.headers["x-toggl-quota-remaining"])


def test_every_answer_tells_the_quota_of_its_organization_or_user(admin: httpx2.Client, base: str) -> None:
    own = [_remaining(admin.get("/api/v9/me")), _remaining(admin.get("/api/v9/me/workspaces"))]
    theirs = admin.get(base)
    assert (own, _remaining(theirs)) == ([29, 28], 239)
    assert 3590 < int(theirs.headers["x-toggl-quota-resets-in"]) <= 3600


def test_each_user_has_a_quota_of_their_own(admin: httpx2.Client, member: httpx2.Client, base: str) -> None:
    admin.get(base)
    assert _remaining(member.get(base)) == 239


def test_asking_for_the_quota_costs_nothing(admin: httpx2.Client, base: str, place: Workplace) -> None:
    admin.get(base)
    organization = next(iter(place.organizations))
    for _ in range(2):
        own, theirs = admin.get("/api/v9/me/quota").json()
        assert (own["organization_id"], own["remaining"], own["total"]) == (None, 30, 30)
        assert (theirs["organization_id"], theirs["remaining"], theirs["total"]) == (organization, 239, 240)


def test_a_spent_quota_is_402_with_toggls_words(
    sandbox: BackgroundSandbox, admin: httpx2.Client, base: str
) -> None:
    sandbox.limits.leave(1)
    assert admin.get(base).status_code == 200
    spent = admin.get(base)
    seconds = spent.headers["x-toggl-quota-resets-in"]
    told = f"You have hit your hourly limit for API calls. Your quota will reset in {seconds} seconds."
    assert (spent.status_code, spent.text, _remaining(spent)) == (402, told, 0)
    assert admin.get("/api/v9/me").status_code == 200


def test_the_window_slides(sandbox: BackgroundSandbox, admin: httpx2.Client, base: str) -> None:
    sandbox.limits.leave(0)
    assert admin.get(base).status_code == 402
    # Once the window is shorter than the age of the counted requests, they are forgotten.
    sandbox.limits.window = 0.001
    assert admin.get(base).status_code == 200


@pytest.mark.parametrize(("plan", "figure"), [("free", 30), ("starter", 240), ("premium", 600)])
def test_the_plan_decides_the_quota(
    admin: httpx2.Client, base: str, place: Workplace, plan: str, figure: int
) -> None:
    next(iter(place.organizations.values())).plan = plan  # type: ignore[assignment]
    assert _remaining(admin.get(base)) == figure - 1


def test_the_demo_has_room_in_its_quotas() -> None:
    with BackgroundSandbox("team") as running:
        auth = (running.token, "api_token")
        found = httpx2.get(f"{running.url}/api/v9/me/quota", auth=auth, trust_env=False).json()
    assert [row["total"] for row in found] == [600, 600]


@pytest.fixture
def hasty() -> Iterator[str]:
    with BackgroundSandbox("small", burst=Burst(rate=0.001, capacity=3), quota=0) as running:
        yield f"{running.url}/api/v9/me"


def test_too_many_at_once_is_429_for_that_token_only(hasty: str) -> None:
    def ask(token: str) -> int:
        return httpx2.get(hasty, auth=(token, "api_token"), trust_env=False).status_code

    assert [ask(DEMO_TOKEN) for _ in range(5)] == [200, 200, 200, 429, 429]
    assert ask(MEMBER_TOKEN) == 200


def test_what_the_plan_has_not_is_402_without_a_spent_quota(
    admin: httpx2.Client, base: str, place: Workplace
) -> None:
    next(iter(place.organizations.values())).plan = "free"
    project = next(iter(place.projects))
    client = next(iter(place.clients))
    for path, body in (
        (f"{base}/projects/{project}/tasks", {"name": "More"}),
        (f"{base}/clients/{client}/archive", {}),
    ):
        refused = admin.post(path, json=body)
        assert refused.status_code == 402
        assert "hourly limit" not in refused.text
        assert _remaining(refused) > 0
    assert admin.get(f"{base}/tasks").json()["data"] is None
