"""Webhooks: subscribing with a ping, signed events of each change, limits, retries, rights."""

from __future__ import annotations

import httpx2
import pytest

from stint.sandbox import edits
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace

from .conftest import SECRET, Receiver

EVERYTHING = [{"entity": "*", "action": "*"}]


@pytest.fixture
def hooks(place: Workplace) -> str:
    return f"/webhooks/api/v1/subscriptions/{next(iter(place.workspaces))}"


def body(receiver: Receiver, **changes: object) -> dict[str, object]:
    return {
        "description": "a test",
        "url_callback": receiver.url,
        "secret": SECRET,
        "event_filters": EVERYTHING,
        "enabled": True,
    } | changes


def test_subscribing_pings_and_validates(admin: httpx2.Client, hooks: str, receiver: Receiver) -> None:
    answer = admin.post(hooks, json=body(receiver))
    assert answer.status_code == 200, answer.text
    ping = receiver.next()
    assert ping["payload"] == "ping"
    assert ping["validation_code"] in ping["validation_code_url"]
    made = answer.json()
    assert made["validated_at"]
    assert (made["url_callback"], made["event_filters"], made["enabled"]) == (receiver.url, EVERYTHING, True)
    assert admin.get(hooks).json() == [made]
    assert "x-toggl-quota-remaining" in answer.headers


def test_a_later_validation_needs_no_sign_in(
    admin: httpx2.Client, hooks: str, receiver: Receiver, base: str, place: Workplace
) -> None:
    receiver.validates = False
    assert admin.post(hooks, json=body(receiver)).json()["validated_at"] is None
    url = receiver.next()["validation_code_url"]
    edits.rename_workspace(place, next(iter(place.workspaces)), "Not told")
    assert httpx2.get(url[:-4] + "0000", trust_env=False).status_code == 404
    assert httpx2.get(url, trust_env=False).text == "OK"
    assert admin.get(hooks).json()[0]["validated_at"]
    admin.post(f"{base}/clients", json={"name": "Told"})
    assert receiver.next()["payload"]["name"] == "Told"


def test_each_change_is_told_with_what_it_is_now(
    admin: httpx2.Client, hooks: str, receiver: Receiver, base: str, place: Workplace
) -> None:
    made = admin.post(hooks, json=body(receiver)).json()
    receiver.next()
    project = next(iter(place.projects))
    admin.put(f"{base}/projects/{project}", json={"name": "Told of 🦄"})
    event = receiver.next()
    assert event["payload"]["name"] == "Told of 🦄"
    assert event["subscription_id"] == made["subscription_id"]
    assert event["event_id"] > 2**31
    told = event["metadata"]
    assert (told["action"], told["model"], told["project_id"]) == ("updated", "project", str(project))
    assert (told["request_type"], told["workspace_id"]) == ("PUT", base.rsplit("/", 1)[1])
    edits.delete_task(place, next(iter(place.tasks)))
    event = receiver.next()
    assert (event["metadata"]["action"], event["metadata"]["model"]) == ("deleted", "task")
    assert event["payload"]["server_deleted_at"]


def test_a_failed_call_is_tried_again(
    admin: httpx2.Client, hooks: str, receiver: Receiver, place: Workplace
) -> None:
    admin.post(hooks, json=body(receiver))
    receiver.next()
    receiver.answers = [500, 200]
    edits.create_client(place, next(iter(place.workspaces)), "Twice")
    assert receiver.next() == receiver.next()


def test_only_what_was_asked_for_is_told(
    admin: httpx2.Client, hooks: str, receiver: Receiver, base: str, place: Workplace
) -> None:
    only = [{"entity": "client", "action": "deleted"}]
    made = admin.post(hooks, json=body(receiver, event_filters=only)).json()
    receiver.next()
    row = admin.post(f"{base}/clients", json={"name": "Short-lived"}).json()
    admin.delete(f"{base}/clients/{row['id']}")
    assert receiver.next()["metadata"] | {"action": "deleted"} == receiver_metadata(row["id"], base)
    admin.patch(f"{hooks}/{made['subscription_id']}", json={"enabled": False})
    admin.delete(f"{base}/clients/{next(iter(place.clients))}")
    admin.patch(f"{hooks}/{made['subscription_id']}", json={"enabled": True})
    last = list(place.clients)[1]
    admin.delete(f"{base}/clients/{last}")
    assert receiver.next()["metadata"]["client_id"] == str(last)


def receiver_metadata(client_id: int, base: str) -> dict[str, str]:
    wid = base.rsplit("/", 1)[1]
    return {
        "action": "deleted",
        "model": "client",
        "event_user_id": "2166261",
        "path": f"/workspaces/{wid}/clients/{client_id}",
        "request_body": "",
        "request_type": "DELETE",
        "client_id": str(client_id),
        "workspace_id": wid,
    }


def test_a_member_is_not_told_of_hidden_projects(
    member: httpx2.Client, hooks: str, receiver: Receiver, place: Workplace
) -> None:
    assert member.post(hooks, json=body(receiver)).status_code == 200
    receiver.next()
    wid = next(iter(place.workspaces))
    edits.create_project(place, wid, "Hidden", is_private=True)
    edits.create_project(place, wid, "Open")
    assert receiver.next()["payload"]["name"] == "Open"


def test_an_address_that_does_not_answer_is_refused(
    admin: httpx2.Client, hooks: str, receiver: Receiver
) -> None:
    receiver.answers = [404]
    answer = admin.post(hooks, json=body(receiver))
    assert answer.status_code == 400
    assert "responded with status 404 instead of 200" in answer.json()
    assert admin.get(hooks).json() is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"description": ""},
        {"url_callback": "ftp://127.0.0.1/x"},
        {"url_callback": "not an address"},
        {"event_filters": []},
        {"event_filters": EVERYTHING * 2},
        {"event_filters": [{"entity": "cat", "action": "*"}]},
        {"event_filters": "all"},
        {"secret": 5},
    ],
)
def test_a_wrong_subscription_is_refused(
    admin: httpx2.Client, hooks: str, receiver: Receiver, wrong: dict[str, object]
) -> None:
    assert admin.post(hooks, json=body(receiver, **wrong)).status_code == 400


def test_the_plan_limits_webhooks_and_filters(
    admin: httpx2.Client, hooks: str, receiver: Receiver, place: Workplace
) -> None:
    wid = next(iter(place.workspaces))
    told = admin.get(f"/webhooks/api/v1/limits/{wid}").json()
    assert told == {"max_webhooks": 2, "max_events_per_webhook": 6}
    kinds = ("client", "project", "tag", "task", "time_entry", "workspace", "workspace_user")
    many = [{"entity": kind, "action": "*"} for kind in kinds]
    assert admin.post(hooks, json=body(receiver, event_filters=many)).status_code == 400
    for name in ("one", "two"):
        assert admin.post(hooks, json=body(receiver, description=name)).status_code == 200
    assert "already reached the limit" in admin.post(hooks, json=body(receiver, description="three")).json()


def test_only_api_tokens_sign_in_and_each_sees_their_own(
    sandbox: BackgroundSandbox, admin: httpx2.Client, member: httpx2.Client, hooks: str, receiver: Receiver
) -> None:
    made = admin.post(hooks, json=body(receiver)).json()
    login = ("ada@example.com", "sandbox")
    assert httpx2.get(sandbox.url + hooks, auth=login, trust_env=False).status_code == 403
    assert member.get(hooks).json() is None
    one = f"{hooks}/{made['subscription_id']}"
    assert member.delete(one).status_code == 404
    assert admin.delete(one).status_code == 200
    assert admin.get(hooks).json() is None


def test_what_can_be_subscribed_to_needs_no_sign_in(sandbox: BackgroundSandbox) -> None:
    found = httpx2.get(f"{sandbox.url}/webhooks/api/v1/event_filters", trust_env=False).json()
    assert found["project"] == ["created", "updated", "deleted"]
