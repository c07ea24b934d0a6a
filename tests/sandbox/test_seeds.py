from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from stint.sandbox import seeds
from stint.sandbox.workplace import Workplace, alive


@pytest.fixture(scope="module")
def team() -> Workplace:
    return seeds.load("team")


def _sizes(place: Workplace) -> tuple[int, ...]:
    return tuple(len(t) for t in (place.workspaces, place.clients, place.projects, place.tasks, place.people))


def test_the_seeds_have_the_promised_sizes(team: Workplace) -> None:
    assert _sizes(seeds.load("small")) == (1, 3, 6, 8, 4)
    assert _sizes(team) == (3, 40, 300, 2000, 25)
    large = _sizes(seeds.load("large"))
    assert large[1] + large[2] + large[3] == 100_000


def test_a_seed_is_the_same_each_time(team: Workplace) -> None:
    def shown(place: Workplace) -> list[tuple[int, str, object]]:
        tables = (place.clients, place.projects, place.tasks)
        rows = [(r.id, r.name, getattr(r, "client_id", 0)) for t in tables for r in t.values()]
        return rows + [(p.id, p.email, p.api_token) for p in place.people.values()]

    assert shown(seeds.load("team")) == shown(team)


def test_the_team_has_what_is_hard_to_mirror(team: Workplace) -> None:
    projects = list(team.projects.values())
    names = [p.name for p in projects]
    under = Counter(name for name, _ in {(p.name, p.client_id) for p in projects})
    assert max(under.values()) > 1
    assert max(map(len, names)) > 200
    assert any("\u0600" <= letter <= "\u06ff" for name in names for letter in name)
    assert any(letter > "\uffff" for name in names for letter in name)
    assert any(p.client_id is None for p in projects)
    assert any(p.is_private for p in projects)
    assert any(not p.active for p in projects)
    assert any(c.archived for c in team.clients.values())
    assert any(not t.active for t in team.tasks.values())
    assert any(m.inactive for m in team.members.values())
    assert any(not m.active for m in team.members.values())
    assert any(p.email != p.email.lower() for p in team.people.values())


def test_names_are_unique_where_toggl_wants_it(team: Workplace) -> None:
    clients = [(c.wid, c.name) for c in team.clients.values()]
    projects = [(p.workspace_id, p.client_id, p.name) for p in team.projects.values()]
    tasks = [(t.project_id, t.name) for t in team.tasks.values()]
    for keys in (clients, projects, tasks):
        assert len(set(keys)) == len(keys)


def test_rows_name_rows_of_their_own_workspace(team: Workplace) -> None:
    for project in team.projects.values():
        assert project.client_id is None or team.clients[project.client_id].wid == project.workspace_id
    for task in team.tasks.values():
        assert team.projects[task.project_id].workspace_id == task.workspace_id
    for row in team.project_users.values():
        assert any(m.uid == row.user_id and m.wid == row.workspace_id for m in team.members.values())


def test_an_archived_clients_projects_are_archived(team: Workplace) -> None:
    archived = {c.id for c in team.clients.values() if c.archived}
    assert not any(p.active for p in team.projects.values() if p.client_id in archived)


def test_those_who_log_in_to_the_demo_are_in_every_workspace(team: Workplace) -> None:
    for email in ("ada@example.com", "grace@example.com", "linus@example.com"):
        person = team.person_by_email(email)
        assert person
        assert len(team.workspaces_of(person.id)) == 3
    addresses = [p.email.lower() for p in team.people.values()]
    assert len(set(addresses)) == 25
    assert all(address.endswith("@example.com") for address in addresses)


def test_tokens_are_different_and_look_like_toggls(team: Workplace) -> None:
    tokens = [p.api_token for p in team.people.values()]
    assert len(set(tokens)) == 25
    assert all(len(token) == 32 and int(token, 16) for token in tokens)
    assert {seeds.DEMO_TOKEN, seeds.MEMBER_TOKEN, seeds.PARTIAL_TOKEN} <= set(tokens)


def test_a_dump_is_a_seed_file(tmp_path: Path) -> None:
    place = seeds.load("small")
    file = tmp_path / "mine.json"
    file.write_bytes(msgspec.json.encode(seeds.dump(place)))
    again = seeds.load(str(file))
    assert again.owner_token == place.owner_token
    assert seeds.dump(again) == seeds.dump(place)
    assert alive(again.tasks.values()) == alive(place.tasks.values())


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"people": []}', "not json", "\x00"])
def test_what_is_no_seed_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "odd.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ValueError, match=r"odd\.json"):
        seeds.load(str(file))
