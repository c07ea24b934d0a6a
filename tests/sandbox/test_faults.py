from __future__ import annotations

import time

import httpx2
import pytest

from stint.sandbox.server import BackgroundSandbox


def _on(sandbox: BackgroundSandbox, **fault: object) -> httpx2.Response:
    return httpx2.post(f"{sandbox.url}/sandbox/faults", json=fault, trust_env=False)


@pytest.mark.parametrize(
    ("kind", "status", "piece"),
    [
        ("401", 401, ""),
        ("402", 402, "hourly limit"),
        ("402plan", 402, "Upgrade your plan"),
        ("403", 403, "Incorrect username"),
        ("429", 429, "Too Many Requests"),
        ("500", 500, "Internal Server Error"),
        ("badjson", 200, '[{"id": 1'),
        ("wrongshape", 200, "unexpected"),
        ("html", 200, "<!doctype html>"),
    ],
)
def test_each_fault_answers_in_its_way(
    sandbox: BackgroundSandbox, admin: httpx2.Client, kind: str, status: int, piece: str
) -> None:
    _on(sandbox, kind=kind)
    answer = admin.get("/api/v9/me")
    assert answer.status_code == status
    assert piece in answer.text
    httpx2.delete(f"{sandbox.url}/sandbox/faults", trust_env=False)
    assert admin.get("/api/v9/me").status_code == 200


def test_a_cut_body_ends_before_its_length(sandbox: BackgroundSandbox, admin: httpx2.Client) -> None:
    _on(sandbox, kind="cut")
    with pytest.raises(httpx2.TransportError):
        admin.get("/api/v9/me")


def test_a_slow_answer_is_right_but_late(sandbox: BackgroundSandbox, admin: httpx2.Client) -> None:
    _on(sandbox, kind="slow", seconds=0.3)
    begun = time.monotonic()
    assert admin.get("/api/v9/me").status_code == 200
    assert time.monotonic() - begun >= 0.3


def test_a_fault_hits_its_path_after_and_for_so_many_requests(
    sandbox: BackgroundSandbox, admin: httpx2.Client, base: str
) -> None:
    _on(sandbox, kind="500", path="/projects", after=1, times=2)
    found = [admin.get(f"{base}/projects").status_code for _ in range(4)]
    assert found == [200, 500, 500, 200]
    assert admin.get(f"{base}/clients").status_code == 200


def test_the_path_may_name_a_page(sandbox: BackgroundSandbox, admin: httpx2.Client, base: str) -> None:
    _on(sandbox, kind="429", path=r"/tasks\?.*&page=2")
    found = [admin.get(f"{base}/tasks?per_page=2&page={page}").status_code for page in (1, 2, 3)]
    assert found == [200, 429, 200]


def test_a_quota_fault_says_when_it_resets(sandbox: BackgroundSandbox, admin: httpx2.Client) -> None:
    _on(sandbox, kind="402", seconds=7)
    answer = admin.get("/api/v9/me")
    assert answer.headers["x-toggl-quota-remaining"] == "0"
    assert answer.headers["x-toggl-quota-resets-in"] == "7"
    assert "reset in 7 seconds" in answer.text


def test_one_fault_can_be_switched_off(sandbox: BackgroundSandbox, admin: httpx2.Client) -> None:
    first = _on(sandbox, kind="500").json()["faults"][0]["id"]
    _on(sandbox, kind="429")
    httpx2.delete(f"{sandbox.url}/sandbox/faults/{first}", trust_env=False)
    assert admin.get("/api/v9/me").status_code == 429


@pytest.mark.parametrize("fault", [{}, {"kind": "418"}, {"kind": "500", "path": "("}, {"kind": 500}])
def test_a_wrong_fault_is_refused(sandbox: BackgroundSandbox, fault: dict[str, object]) -> None:
    assert _on(sandbox, **fault).status_code == 400


def test_faults_leave_the_page_and_the_control_calls_alone(sandbox: BackgroundSandbox) -> None:
    _on(sandbox, kind="500")
    assert httpx2.get(sandbox.url, trust_env=False).status_code == 200
    assert httpx2.get(f"{sandbox.url}/sandbox/state", trust_env=False).status_code == 200
