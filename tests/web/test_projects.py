"""The task tree: paging, search, people, and what Managers do to it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stint.accounts.models import Account, User
from stint.accounts.services import create_user
from stint.entries import queries as entries
from stint.errors import NotFound
from stint.tasks import queries, services
from stint.tasks.models import Task
from tests.web.conftest import PASSWORD, caller

HTMX = {"HX-Request": "true"}


@pytest.fixture
def website(ada: User) -> int:
    return services.create_task(caller(ada), "Website")


def mirrored(account_id: int, name: str = "Toggl") -> Task:
    """Store a root as a sync does."""
    task = Task.objects.create(
        account_id=account_id,
        name=name,
        sort_name=name.lower(),
        read_only=True,
        source="toggl",
        source_kind="root",
        source_id=1,
    )
    Task.objects.filter(pk=task.pk).update(path=f"{task.pk}/")
    return task


def test_an_empty_tree_says_what_to_do_next(administrator: Client, manager: Client, member: Client) -> None:
    assert b"Connect Toggl Track" in administrator.get("/projects").content
    assert b"Create the first one" in manager.get("/projects").content
    assert b"Ask a Manager to assign you" in member.get("/projects").content


def test_a_node_loads_its_children_when_it_opens(ada: User, administrator: Client, website: int) -> None:
    services.create_task(caller(ada), "Design", website)

    assert b"Design" not in administrator.get("/projects").content
    assert b"Design" in administrator.get(f"/projects/tree?parent={website}").content


def test_many_children_come_in_pages(ada: User, administrator: Client, website: int) -> None:
    for number in range(203):
        services.create_task(caller(ada), f"Task {number:03}", website)

    first = administrator.get(f"/projects/tree?parent={website}").content.decode()
    more = re.search(r'hx-get="([^"]*cursor=[^"]*)"', first)
    assert more is not None
    rest = administrator.get(more.group(1).replace("&amp;", "&")).content.decode()

    assert "Task 199" in first
    assert "Task 200" not in first
    assert "Task 202" in rest
    assert "cursor=" not in rest


def test_search_finds_by_any_part_of_the_path(ada: User, administrator: Client, website: int) -> None:
    services.create_task(caller(ada), "Design", website)

    assert b"Design" in administrator.get("/projects/tree?q=web+des").content
    assert b"Nothing matches" in administrator.get("/projects/tree?q=zebra").content


def test_a_member_sees_what_is_assigned_and_the_way_to_it(
    ada: User, linus: User, member: Client, website: int
) -> None:
    services.create_task(caller(ada), "Secret")
    design = services.create_task(caller(ada), "Design", website)
    services.assign(caller(ada), design, linus.pk)

    page = member.get("/projects").content

    assert b"Website" in page
    assert b"Secret" not in page


def test_creating_below_a_task(ada: User, manager: Client, website: int) -> None:
    answer = manager.post(f"/projects/new?parent={website}", {"name": "Design"}, headers=HTMX)

    assert "stint-close-dialog" in answer["HX-Trigger"]
    assert [task.name for task in queries.tasks(caller(ada), parent_id=website).items] == ["Design"]


def test_an_empty_name_is_told_in_the_dialog(manager: Client) -> None:
    answer = manager.post("/projects/new", {"name": "  "}, headers=HTMX)

    assert b"Give the task a name." in answer.content
    assert "HX-Trigger" not in answer


def test_renaming_moving_archiving_and_restoring(ada: User, manager: Client, website: int) -> None:
    other = services.create_task(caller(ada), "Marketing")

    manager.post(f"/projects/{website}/rename", {"name": "Site"}, headers=HTMX)
    manager.post(f"/projects/{website}/move", {"parent_id": other}, headers=HTMX)
    assert queries.task(caller(ada), website).path == ["Marketing", "Site"]

    manager.post(f"/projects/{website}/archive", headers=HTMX)
    assert b"Site" in manager.get("/projects/archived").content
    manager.post(f"/projects/{website}/restore", headers=HTMX)
    assert b"Site" not in manager.get("/projects/archived").content
    manager.post(f"/projects/{website}/move", {"parent_id": ""}, headers=HTMX)
    assert queries.task(caller(ada), website).path == ["Site"]


def test_moving_into_itself_is_told_in_the_dialog(manager: Client, website: int) -> None:
    answer = manager.post(f"/projects/{website}/move", {"parent_id": website}, headers=HTMX)

    assert b"the task itself or lies below it" in answer.content


def test_mirrored_tasks_are_locked_and_can_still_be_assigned(
    ada: User, linus: User, administrator: Client
) -> None:
    task = mirrored(caller(ada).account_id)

    page = administrator.get("/projects").content.decode()
    row = re.search(rf'<div class="node"[^>]*data-node="{task.pk}".*?data-act="menu"', page, re.DOTALL)
    assert row is not None
    assert 'data-act="lock"' in row[0]
    assert "data-own" not in row[0]
    for act in ("look", "archive", "move?to="):
        assert administrator.post(f"/projects/{task.pk}/{act}", headers=HTMX).status_code in {200, 403}
    kept = Task.objects.get(pk=task.pk)
    assert (kept.color, kept.archived, kept.parent_id) == ("", False, None)
    refused = administrator.post(f"/projects/{task.pk}/rename", {"name": "Mine"}, headers=HTMX)
    assert "change it there, then sync" in refused.content.decode()

    shown = administrator.post(f"/projects/{task.pk}/people", {"user_id": linus.pk}, headers=HTMX)
    assert b"Linus" in shown.content
    assert queries.task(caller(linus), task.pk).trackable


def test_the_people_of_a_task_say_where_they_come_from(
    ada: User, linus: User, manager: Client, website: int
) -> None:
    design = services.create_task(caller(ada), "Design", website)
    services.assign(caller(ada), website, linus.pk)
    services.assign(caller(ada), design, ada.pk)

    page = manager.get(f"/projects/{design}/people").content.decode()

    assert "from “Website”" in page
    assert "by hand" in page
    assert f"/projects/{design}/people/{linus.pk}/remove" not in page


def test_removing_somebody_takes_the_task_from_them(
    ada: User, linus: User, manager: Client, website: int
) -> None:
    services.assign(caller(ada), website, linus.pk)

    manager.post(f"/projects/{website}/people/{linus.pk}/remove", headers=HTMX)

    with pytest.raises(NotFound):
        queries.task(caller(linus), website)


def test_names_are_text_and_never_markup(ada: User, administrator: Client) -> None:
    services.create_task(caller(ada), "<img src=x onerror=alert(1)>")

    for path in ("/projects", "/projects/tree?q=img"):
        assert b"<img src=x" not in administrator.get(path).content


def row_of(page: str, task_id: int) -> str:
    found = re.search(rf'<div class="node"[^>]*data-node="{task_id}".*?data-act="menu"', page, re.DOTALL)
    assert found is not None
    return found[0]


def told(answer: Any) -> dict[str, Any]:
    notice: dict[str, Any] = json.loads(answer["HX-Trigger"])["stint-notice"]
    return notice


def test_a_row_shows_colour_billable_star_and_start_to_who_may_use_them(
    ada: User, linus: User, member: Client, administrator: Client, website: int
) -> None:
    services.update_task(caller(ada), website, color="#d3543f", billable=True)
    services.assign(caller(ada), website, linus.pk)
    services.mark_favourite(caller(linus), website, favourite=True)

    row = row_of(member.get("/projects").content.decode(), website)
    assert 'fill="#d3543f"' in row
    assert "Billable" in row
    assert 'data-act="start"' in row
    assert 'aria-pressed="true"' in row

    seen_by_ada = row_of(administrator.get("/projects").content.decode(), website)
    assert 'data-act="start"' not in seen_by_ada
    assert 'data-act="favourite"' not in seen_by_ada


def test_starting_from_the_tree(ada: User, linus: User, member: Client, website: int) -> None:
    refused = member.post(f"/projects/{website}/start", headers=HTMX)
    assert refused.status_code == 422

    services.assign(caller(ada), website, linus.pk)
    answer = member.post(f"/projects/{website}/start", headers=HTMX)

    assert "stint-timer" in answer["HX-Trigger"]
    running = entries.running(caller(linus))
    assert running is not None
    assert running.task_id == website


def test_one_answer_draws_all_open_nodes(ada: User, administrator: Client, website: int) -> None:
    design = services.create_task(caller(ada), "Design", website)
    services.create_task(caller(ada), "Wireframes", design)
    services.create_task(caller(ada), "Hidden", services.create_task(caller(ada), "Closed"))

    with CaptureQueriesContext(connection) as captured:
        page = administrator.get(f"/projects/tree?open={website},{design},999,nonsense").content.decode()

    assert page.index("Website") < page.index("Design") < page.index("Wireframes")
    assert "Closed" in page
    assert "Hidden" not in page
    assert row_of(page, website).count('aria-expanded="true"') == 1
    assert len([query for query in captured if "ORDER BY t.sort_name" in query["sql"]]) == 1


def test_a_long_open_level_is_drawn_as_long_as_it_was(ada: User, administrator: Client, website: int) -> None:
    for number in range(260):
        services.create_task(caller(ada), f"Task {number:03}", website)

    short = administrator.get(f"/projects/tree?open={website}").content
    long = administrator.get(f"/projects/tree?open={website}.260").content

    assert b"Task 199" in short
    assert b"Task 200" not in short
    assert b"Task 259" in long


def test_an_open_node_shows_a_member_no_more_than_a_closed_one(
    ada: User, linus: User, member: Client, website: int
) -> None:
    design = services.create_task(caller(ada), "Design", website)
    services.create_task(caller(ada), "Secret", website)
    services.assign(caller(ada), design, linus.pk)

    page = member.get(f"/projects/tree?open={website}").content

    assert b"Design" in page
    assert b"Secret" not in page


def test_a_search_marks_what_it_found(ada: User, administrator: Client, website: int) -> None:
    services.create_task(caller(ada), "Web & <Design>", website)

    page = administrator.get("/projects/tree?q=des+web").content.decode()

    assert "<mark>Web</mark> &amp; &lt;<mark>Des</mark>ign&gt;" in page
    assert "<mark>Web</mark>site" in page


def test_archiving_tells_how_to_take_it_back(ada: User, manager: Client, website: int) -> None:
    notice = told(manager.post(f"/projects/{website}/archive", headers=HTMX))
    assert "Website" in notice["message"]

    manager.post(notice["undo"], headers=HTMX)

    assert queries.task(caller(ada), website).status == "active"


def test_moving_tells_how_to_take_it_back(ada: User, manager: Client, website: int) -> None:
    other = services.create_task(caller(ada), "Marketing")
    design = services.create_task(caller(ada), "Design", website)

    notice = told(manager.post(f"/projects/{design}/move?to={other}", headers=HTMX))
    assert queries.task(caller(ada), design).path == ["Marketing", "Design"]

    top = told(manager.post(f"/projects/{other}/move?to=", headers=HTMX))
    assert "top level" in top["message"]
    manager.post(notice["undo"], headers=HTMX)
    assert queries.task(caller(ada), design).path == ["Website", "Design"]


def test_a_drop_where_nothing_can_go_is_refused(ada: User, administrator: Client, website: int) -> None:
    task = mirrored(caller(ada).account_id)
    design = services.create_task(caller(ada), "Design", website)

    for moved, to in ((design, task.pk), (website, design)):
        answer = administrator.post(f"/projects/{moved}/move?to={to}", headers=HTMX)
        assert answer.status_code in {403, 422}
        assert told(answer)["kind"] == "error"

    assert queries.task(caller(ada), design).path == ["Website", "Design"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"color": "#7a5fd0", "billing": "1", "billable": "on"}, ("#7a5fd0", True)),
        ({"color": "own", "own": "#123456", "billing": "1"}, ("#123456", False)),
        ({"color": "", "billing": "1"}, ("", False)),
        ({"color": "#7a5fd0"}, ("#7a5fd0", True)),  # billing is a task above's, and was not asked
    ],
)
def test_choosing_colour_and_billing(
    ada: User, manager: Client, website: int, typed: dict[str, str], stored: tuple[str, bool]
) -> None:
    services.update_task(caller(ada), website, color="#d3543f", billable=True)

    answer = manager.post(f"/projects/{website}/look", typed, headers=HTMX)

    assert "stint-close-dialog" in answer["HX-Trigger"]
    assert queries.own_look(website) == stored


def test_a_colour_that_is_none_is_told_in_the_dialog(ada: User, manager: Client, website: int) -> None:
    answer = manager.post(f"/projects/{website}/look", {"color": "own", "own": "pink"}, headers=HTMX)

    assert b"Must look like #2f7fd3" in answer.content
    assert queries.own_look(website)[0] == ""


def test_billing_from_above_is_said_and_not_offered(ada: User, manager: Client, website: int) -> None:
    design = services.create_task(caller(ada), "Design", website)
    services.update_task(caller(ada), website, billable=True)

    assert b"a task above says so" in manager.get(f"/projects/{design}/look").content
    assert b'name="billable"' not in manager.get(f"/projects/{design}/look").content
    assert b'name="billable"' in manager.get(f"/projects/{website}/look").content


def test_members_change_nothing(ada: User, linus: User, member: Client, website: int) -> None:
    services.assign(caller(ada), website, linus.pk)

    for act in ("look", "archive", "move?to=", "rename"):
        assert member.post(f"/projects/{website}/{act}", headers=HTMX).status_code == 403
    assert "data-own" not in row_of(member.get("/projects").content.decode(), website)


def test_people_are_searched_and_offered_by_name(
    account: Account, ada: User, linus: User, manager: Client, website: int
) -> None:
    services.assign(caller(ada), website, linus.pk)
    for number in range(40):
        create_user(account, email=f"p{number}@example.com", name=f"Person {number:02}", password=PASSWORD)

    whole = manager.get(f"/projects/{website}/people", headers=HTMX).content.decode()
    found = manager.get(f"/projects/{website}/people?q=person+31", headers=HTMX).content.decode()

    assert whole.count("hx-vals") == 30
    assert "12 more people" in whole
    assert found.count("hx-vals") == 1
    assert "Person 31" in found
    assert "Linus" not in found
    assert (
        "Nobody is called" in manager.get(f"/projects/{website}/people?q=zz", headers=HTMX).content.decode()
    )
