"""The task tree: paging, search, people, and what Managers do to it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from stint.accounts.models import User
from stint.errors import NotFound
from stint.tasks import queries, services
from stint.tasks.models import Task
from tests.web.conftest import caller

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
    assert "Read-only: comes from Toggl Track" in page
    assert f"/projects/{task.pk}/rename" not in page
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
