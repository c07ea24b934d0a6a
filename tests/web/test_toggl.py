"""The integrations pages: enabling, preview, save, keeping in sync, re-enabling, unlinking."""

from __future__ import annotations

import pytest
from django.test import Client

from stint.accounts.models import User
from stint.integrations import runs, services
from stint.integrations.models import Integration, SyncRun
from stint.sandbox.server import BackgroundSandbox
from stint.tasks.models import Task
from tests.web.conftest import caller

PAGE = "/integrations/toggl"
HTMX = {"HX-Request": "true"}
POSTS = [
    f"{PAGE}/{act}"
    for act in ("enable", "reenable", "preview", "save", "sync", "confirm", "keep-in-sync", "unlink")
]
GETS = ["/integrations", PAGE, f"{PAGE}/run", f"{PAGE}/details", f"{PAGE}/runs/1"]


def carry_out() -> SyncRun:
    """Run the newest queued sync as a worker would."""
    run = SyncRun.objects.get(status="queued")
    runs.run_sync.call(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def connected(ada: User, sandbox: BackgroundSandbox) -> list[int]:
    """Toggl enabled with nothing selected; the ids of the workspaces there are."""
    return [space.id for space in services.enable(caller(ada), sandbox.token).workspaces]


@pytest.mark.parametrize("path", GETS)
def test_anonymous_people_are_sent_to_sign_in(db: None, path: str) -> None:
    answer = Client().get(path)

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["manager", "member"])
@pytest.mark.parametrize("path", GETS)
def test_only_administrators_see_integrations(request: pytest.FixtureRequest, who: str, path: str) -> None:
    client: Client = request.getfixturevalue(who)

    answer = client.get(path)

    assert answer.status_code == 403
    assert b"Only Administrators" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["manager", "member"])
@pytest.mark.parametrize("path", POSTS)
def test_only_administrators_change_integrations(request: pytest.FixtureRequest, who: str, path: str) -> None:
    client: Client = request.getfixturevalue(who)

    assert client.post(path, {"api_token": "x"}).status_code == 403
    assert not Integration.objects.exists()


def test_the_shell_links_integrations_for_administrators_alone(
    administrator: Client, manager: Client
) -> None:
    assert b'href="/integrations"' in administrator.get("/").content
    assert b'href="/integrations"' not in manager.get("/").content


def test_the_catalogue_says_what_is_supported(administrator: Client) -> None:
    page = administrator.get("/integrations").content.decode()

    assert "Only Toggl Track is supported, not Toggl Plan or Toggl Hire" in page


def test_an_empty_token_is_asked_for(administrator: Client) -> None:
    answer = administrator.post(f"{PAGE}/enable", {"api_token": ""})

    assert answer.status_code == 422
    assert "Paste your API token first" in answer.content.decode()


def test_a_wrong_token_is_refused_with_a_remedy_and_never_shown(
    administrator: Client, sandbox: BackgroundSandbox
) -> None:
    wrong = "0123456789abcdef0123456789abcdef"

    answer = administrator.post(f"{PAGE}/enable", {"api_token": wrong})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert wrong not in answer.content.decode()
    assert not Integration.objects.filter(status="on").exists()


def test_an_unreachable_toggl_is_told(administrator: Client, settings: object) -> None:
    settings.TOGGL_API_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    settings.TOGGL_RETRY_SECONDS = 0.2  # type: ignore[attr-defined]

    answer = administrator.post(f"{PAGE}/enable", {"api_token": "0123456789abcdef0123456789abcdef"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_good_token_shows_the_workspaces_and_only_its_end(
    administrator: Client, sandbox: BackgroundSandbox
) -> None:
    page = administrator.post(f"{PAGE}/enable", {"api_token": sandbox.token}, follow=True).content.decode()

    assert "Toggl Track is connected" in page
    assert 'name="workspace_ids"' in page
    assert sandbox.token not in page
    assert f"••••{sandbox.token[-4:]}" in page


def test_a_preview_is_a_tree_with_counts_and_writes_nothing(
    administrator: Client, connected: list[int]
) -> None:
    page = administrator.post(f"{PAGE}/preview", {"workspace_ids": connected}, headers=HTMX).content.decode()

    assert "What Save would do" in page
    assert "New" in page
    assert not Task.objects.exists()


def test_a_big_preview_shows_some_hundred_rows_and_says_how_many_more(
    administrator: Client, connected: list[int]
) -> None:
    page = administrator.post(f"{PAGE}/preview", {"workspace_ids": connected}, headers=HTMX).content.decode()

    assert page.count('class="node') < 700
    assert "more like these" in page


def test_a_preview_that_fails_says_why(
    administrator: Client, connected: list[int], sandbox: BackgroundSandbox
) -> None:
    page = administrator.post(f"{PAGE}/preview", {"workspace_ids": [1]}, headers=HTMX).content.decode()

    assert "No preview" in page


def test_save_queues_a_run_and_shows_its_progress(administrator: Client, connected: list[int]) -> None:
    page = administrator.post(f"{PAGE}/save", {"workspace_ids": connected[:1]}, headers=HTMX).content.decode()

    assert "Starting" in page
    assert 'hx-trigger="every 1s"' in page


def test_an_ended_run_stops_the_polling_and_tells_the_page(
    administrator: Client, connected: list[int]
) -> None:
    administrator.post(f"{PAGE}/save", {"workspace_ids": connected}, headers=HTMX)
    assert carry_out().status == "done"

    answer = administrator.get(f"{PAGE}/run", headers=HTMX)

    assert "Synchronised" in answer.content.decode()
    assert "every 1s" not in answer.content.decode()
    assert "stint-sync-ended" in answer["HX-Trigger"]


def test_the_history_is_shown_after_a_sync(administrator: Client, connected: list[int]) -> None:
    administrator.post(f"{PAGE}/save", {"workspace_ids": connected})
    run = carry_out()

    page = administrator.get(f"{PAGE}/details", headers=HTMX).content.decode()
    changes = administrator.get(f"{PAGE}/runs/{run.pk}", headers=HTMX).content.decode()

    assert "Sync history" in page
    assert "New" in changes


def test_a_waiting_run_says_until_when(administrator: Client, connected: list[int]) -> None:
    administrator.post(f"{PAGE}/save", {"workspace_ids": connected})
    SyncRun.objects.update(status="waiting", resumes_at="2026-11-23T15:30:00Z")

    assert "Waiting until 15:30" in administrator.get(f"{PAGE}/run", headers=HTMX).content.decode()


def test_a_failed_run_offers_to_try_again(administrator: Client, connected: list[int]) -> None:
    administrator.post(f"{PAGE}/save", {"workspace_ids": connected})
    SyncRun.objects.update(status="failed", error="Toggl did not answer.")

    page = administrator.get(PAGE).content.decode()

    assert "Toggl did not answer." in page
    assert "Try again" in page


def test_a_mass_archive_is_confirmed_with_what_the_run_asked_for(
    administrator: Client, connected: list[int]
) -> None:
    administrator.post(f"{PAGE}/save", {"workspace_ids": connected})
    SyncRun.objects.update(status="needs_confirmation", counts={"archive": 321})

    page = administrator.get(PAGE).content.decode()
    administrator.post(f"{PAGE}/confirm", headers=HTMX)

    assert "Confirm: archive 321 items" in page
    run = SyncRun.objects.get(status="queued")
    assert (run.confirmed, sorted(run.selection)) == (True, sorted(connected))


def test_keep_in_sync_is_stored(administrator: Client, connected: list[int]) -> None:
    page = administrator.post(f"{PAGE}/keep-in-sync", {"keep_in_sync": "hourly"}, headers=HTMX)

    assert "Saved" in page.content.decode()
    assert Integration.objects.get().keep_in_sync == "hourly"


def test_a_broken_integration_asks_for_a_fresh_token(
    administrator: Client, connected: list[int], sandbox: BackgroundSandbox
) -> None:
    Integration.objects.update(status="broken")

    page = administrator.get(PAGE).content.decode()
    assert "Toggl refuses the stored API token" in page

    administrator.post(f"{PAGE}/reenable", {"api_token": sandbox.token})
    assert Integration.objects.get().status == "on"


@pytest.mark.parametrize(("imported", "archived"), [("archive", True), ("keep", False)])
def test_unlinking_erases_the_token_and_archives_or_keeps(
    administrator: Client, connected: list[int], imported: str, archived: bool
) -> None:
    administrator.post(f"{PAGE}/save", {"workspace_ids": connected[:1]})
    carry_out()

    page = administrator.post(f"{PAGE}/unlink", {"imported": imported}, follow=True).content.decode()

    assert "unlinked and its API token erased" in page
    assert "was connected before" in page
    root = Task.objects.get(source="toggl", source_kind="root")
    assert (root.archived, root.read_only) == (archived, False)


def test_a_tree_without_a_token_can_be_released_or_connected(
    administrator: Client, manager: Client, member: Client, ada: User
) -> None:
    Task.objects.create(
        account=ada.membership.account,
        name="Toggl",
        source="toggl",
        source_kind="root",
        source_id=0,
        read_only=True,
    )
    page = administrator.get(PAGE).content.decode()
    assert "Release the tasks" in page
    assert "came from a workspace export" in page
    for client in (manager, member):
        assert client.post(f"{PAGE}/unlink", {"imported": "keep"}).status_code == 403

    page = administrator.post(f"{PAGE}/unlink", {"imported": "keep"}, follow=True).content.decode()

    assert "The imported tasks are released" in page
    assert "Release the tasks" not in page
    assert not Task.objects.get().read_only
