"""Finding tasks by any part of their path."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.accounts.queries import Caller
from stint.tasks.bulk import TaskRow, new_ids, write_rows
from stint.tasks.models import Task
from stint.tasks.search import search
from stint.tasks.services import archive_task, assign, create_task, update_task

pytestmark = pytest.mark.django_db


def grow(caller: Caller, *paths: str) -> dict[str, int]:
    """Return `{path: id}` of new tasks; each path names its ancestors before it, with slashes."""
    ids: dict[str, int] = {}
    for path in paths:
        above, _, name = path.rpartition("/")
        ids[path] = create_task(caller, name, ids.get(above))
    return ids


def hits(caller: Caller, q: str, **wanted: object) -> list[str]:
    return ["/".join(task.path) for task in search(caller, q, **wanted).items]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("website", ["Acme/Website", "Acme/Website/Design", "Acme/Website/Old design"]),
        ("bsit", ["Acme/Website", "Acme/Website/Design", "Acme/Website/Old design"]),
        ("design", ["Acme/Website/Design", "Acme/Website/Old design", "Zeta/Redesign"]),
        ("acme design", ["Acme/Website/Design", "Acme/Website/Old design"]),
        ("design acme", ["Acme/Website/Design", "Acme/Website/Old design"]),
        ("Acme / Website › Design", ["Acme/Website/Design", "Acme/Website/Old design"]),
        ("web old", ["Acme/Website/Old design"]),
        ("DESIGN", ["Acme/Website/Design", "Acme/Website/Old design", "Zeta/Redesign"]),
        ("z", ["Zeta", "Zeta/Redesign"]),
        ("ze", ["Zeta", "Zeta/Redesign"]),
        ("zeta zeta", ["Zeta", "Zeta/Redesign"]),
        ("acme zeta", []),
        ("nothing", []),
        ("", []),
        (" / › ", []),
    ],
)
def test_every_word_stands_somewhere_in_the_path(ada: Caller, q: str, found: list[str]) -> None:
    grow(
        ada, "Acme", "Acme/Website", "Acme/Website/Design", "Acme/Website/Old design", "Zeta", "Zeta/Redesign"
    )
    assert hits(ada, q) == found


def test_questions_about_the_past_find_the_archive_too_marked_and_last(ada: Caller) -> None:
    ids = grow(ada, "Old", "Old/Design", "Zeta", "Zeta/Redesign")
    archive_task(ada, ids["Old"])
    found = search(ada, "design", status="all").items
    assert [(task.name, task.in_archive, task.status) for task in found] == [
        ("Redesign", False, "active"),
        ("Design", True, "active"),
    ]


def test_the_nearest_match_comes_first(ada: Caller) -> None:
    grow(ada, "Undesigned", "Design system", "Our design", "Design", "Design/Below")
    assert hits(ada, "design") == ["Design", "Design system", "Our design", "Undesigned", "Design/Below"]


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("Straße", "straße"),
        ("Straße", "STRASSE"),
        ("Strasse", "straße"),
        ("İstanbul", "İSTAN"),
        ("ΟΔΟΣ", "οδος"),
        ("Οδός", "ΟΔΌΣ"),
        ("ÅNGSTRÖM", "ångström"),
        ("Зимний", "ЗИМ"),
        ("東京オフィス", "京オ"),
        ("東京オフィス", "京オフ"),
        ("اسم المشروع", "المشروع"),
        ("😀😀😀 party", "😀😀😀"),
    ],
)
def test_letters_match_whatever_their_case(ada: Caller, name: str, q: str) -> None:
    grow(ada, name, "Something else")
    assert hits(ada, q) == [name]


@pytest.mark.parametrize(
    "sign", ["%", "_", "!", '"', "'", "*", "\\", "(", "[", "-", "^", ":", "AND", "a%b", '""']
)
def test_signs_stand_for_themselves(ada: Caller, sign: str) -> None:
    grow(ada, f"one{sign}two", "onextwo")
    for q in (sign, f"ne{sign}tw", f"one{sign}two"):
        assert hits(ada, q) == [f"one{sign}two"]
    assert hits(ada, f"{sign}{sign} {sign}zzz") == []


@pytest.mark.parametrize(
    "q", ["\0", "a\0b", "x" * 100_000, "x " * 50_000, "%" * 100_000, '"' * 99, "one\0two", "é" * 70_000]
)
def test_a_strange_question_has_an_answer(ada: Caller, q: str) -> None:
    grow(ada, "Acme")
    assert hits(ada, q) == []


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    names=st.lists(st.text("abß %_\"'!é", min_size=1, max_size=7).filter(str.strip), min_size=1, max_size=5),
    q=st.text("abß %_\"'!é", max_size=5),
)
def test_it_finds_what_looking_at_each_name_finds(ada: Caller, names: list[str], q: str) -> None:
    with transaction.atomic():
        made = [create_task(ada, name) for name in names]
        words = q.casefold().split()
        stored = Task.objects.in_bulk(made)
        wanted = {id_ for id_ in made if words and all(word in stored[id_].name.casefold() for word in words)}
        assert {task.id for task in search(ada, q).items} == wanted
        transaction.set_rollback(True)


def test_a_renamed_task_is_found_by_its_new_name_only(ada: Caller) -> None:
    ids = grow(ada, "Before", "Before/Part")
    update_task(ada, ids["Before"], name="After")
    assert hits(ada, "before") == hits(ada, "before part") == []
    assert hits(ada, "after part") == ["After/Part"]


def test_a_moved_task_is_found_by_its_new_path_only(ada: Caller) -> None:
    ids = grow(ada, "Acme", "Zeta", "Acme/Part")
    update_task(ada, ids["Acme/Part"], parent_id=ids["Zeta"])
    assert hits(ada, "acme part") == []
    assert hits(ada, "zeta part") == ["Zeta/Part"]


def test_a_deleted_task_is_not_found(ada: Caller) -> None:
    ids = grow(ada, "Acme")
    Task.objects.get(pk=ids["Acme"]).delete()
    assert hits(ada, "acme", status="all") == []


def test_the_archive_is_searched_when_asked(ada: Caller) -> None:
    ids = grow(ada, "Acme", "Acme/Part")
    archive_task(ada, ids["Acme"])
    assert hits(ada, "acme") == hits(ada, "part") == []
    assert hits(ada, "acme", status="archived") == ["Acme"]
    assert hits(ada, "part", status="all") == ["Acme/Part"]


def test_the_archive_is_found_by_what_is_above_it(ada: Caller) -> None:
    ids = grow(ada, "Acme", "Acme/Part", "Acme/Other")
    archive_task(ada, ids["Acme/Part"])
    assert hits(ada, "acme", status="archived") == ["Acme/Part"]


def test_a_member_finds_what_they_see(ada: Caller, mary: Caller, eve: Caller) -> None:
    ids = grow(ada, "Acme", "Acme/Part", "Acme/Secret part", "Part")
    grow(eve, "Foreign part")
    assign(ada, ids["Acme/Part"], mary.user_id)
    assert hits(mary, "part") == hits(mary, "acme part") == ["Acme/Part"]
    assert hits(mary, "acme") == ["Acme", "Acme/Part"]
    assert hits(mary, "acme", trackable=True) == ["Acme/Part"]
    assert hits(ada, "acme", trackable=True) == []
    assert hits(eve, "part") == ["Foreign part"]


def test_there_are_no_more_than_asked_for(ada: Caller) -> None:
    grow(ada, "Acme", *(f"Acme/Acme {number}" for number in range(30)))
    assert len(hits(ada, "acme", limit=7)) == 7
    assert hits(ada, "acme", limit=1) == ["Acme"]
    assert len(set(hits(ada, "acme"))) == 31


def test_what_a_sync_writes_is_found(ada: Caller) -> None:
    with transaction.atomic():
        first, second = new_ids(2)
        rows = [
            TaskRow(id_, None, f"{id_}/", name, False, False, True, "toggl", "project", id_)
            for id_, name in ((first, "Straße"), (second, "Other"))
        ]
        write_rows(ada.account_id, rows, [])
    assert hits(ada, "strasse") == ["Straße"]
    rows[0].name = "Gasse"
    with transaction.atomic():
        write_rows(ada.account_id, [], rows)
    assert (hits(ada, "stra"), hits(ada, "gas")) == ([], ["Gasse"])


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its index by itself")
def test_the_index_agrees_with_the_table(ada: Caller) -> None:
    ids = grow(ada, "Acme", "Acme/Part", "Zeta", "ß" * 300)
    update_task(ada, ids["Acme"], name="Renamed")
    update_task(ada, ids["Acme"], name="renamed")
    update_task(ada, ids["Zeta"], parent_id=ids["Acme"])
    archive_task(ada, ids["Acme"])
    Task.objects.get(pk=ids["Acme/Part"]).delete()
    with connection.cursor() as cursor:  # raises when they differ
        cursor.execute("INSERT INTO tasks_task_search(tasks_task_search, rank) VALUES ('integrity-check', 1)")
