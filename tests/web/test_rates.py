"""Rates and budgets as the pages set them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from domain import found, hire

from stint.accounts.models import User
from stint.entries.services import NewEntry, add_entry
from stint.rates.budgets import budget, set_budget
from stint.rates.services import rates, set_rate
from stint.tasks import services as tasks

from .conftest import signed_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
HTMX = {"HX-Request": "true"}


def test_a_manager_sets_rates_and_a_budget_and_sees_amounts() -> None:
    ada = found("Analytical Engines", "Ada")
    grace, mary = hire(ada, "Grace", "manager"), hire(ada, "Mary")
    task = tasks.create_task(ada, "Website")
    tasks.assign(ada, task, mary.user_id)
    add_entry(mary, NewEntry(task_id=task, day=date(2026, 11, 23), seconds=3600, billable=True), "web")
    client = signed_in(User.objects.get(pk=grace.user_id))
    address = f"/projects/{task}/money"

    refused = client.post(address, {"act": "rate", "amount": "a lot"}, headers=HTMX).content.decode()
    assert "95.50" in refused
    assert 'value="a lot"' in refused
    client.post(address, {"act": "rate", "amount": "95,50", "user_id": mary.user_id}, headers=HTMX)
    shown = client.post(address, {"act": "budget", "kind": "money", "amount": "100"}, headers=HTMX)
    assert "95.50 / 100.00 EUR · 95 %" in " ".join(shown.content.decode().split())
    other = signed_in(User.objects.get(pk=mary.user_id))
    for view in ("", "/detailed", "/weekly", "/tree"):
        answer = client.get(f"/reports{view}?from=2026-11-23&to=2026-11-29").content.decode()
        assert "95.50 EUR" in answer
        assert ">95.50</" in answer
        assert "95.50" not in other.get(f"/reports{view}?from=2026-11-23&to=2026-11-29").content.decode()

    (rate,) = rates(ada).items
    client.post(address, {"act": "remove", "rate_id": rate.id}, headers=HTMX)
    assert rates(ada).items == []
    assert budget(ada, task).percent == 0


def test_an_administrator_sets_the_currency_and_the_rate_of_the_account() -> None:
    ada = found("Analytical Engines", "Ada")
    client: Client = signed_in(User.objects.get(pk=ada.user_id))
    client.post("/settings/rates", {"act": "currency", "currency": "chf"}, headers=HTMX)
    client.post("/settings/rates", {"act": "rate", "amount": "120", "from": "2026-12-01"}, headers=HTMX)
    assert "120.00 CHF" in client.get("/settings/account").content.decode()
    assert (
        "must be a day"
        in client.post(
            "/settings/rates", {"act": "rate", "amount": "1", "from": "soon"}, headers=HTMX
        ).content.decode()
    )


def test_trees_show_the_progress_of_budgets_to_who_manages_in_one_read() -> None:
    ada = found("Analytical Engines", "Ada")
    mary = hire(ada, "Mary")
    website, shop = (tasks.create_task(ada, name) for name in ("Website", "Shop"))
    tasks.assign(ada, website, mary.user_id)
    set_rate(ada, "100")
    set_budget(ada, website, "hours", "40")
    add_entry(mary, NewEntry(task_id=website, day=DAY, seconds=45000, billable=True), "web")
    client, other = (signed_in(User.objects.get(pk=person.user_id)) for person in (ada, mary))
    trees = ["/projects", "/projects/tree?q=web", f"/reports/tree?from={DAY}&to={DAY}"]
    for tree in trees:
        page = client.get(tree).content.decode()
        assert "12.5 of 40 h" in page, tree
        assert "budget-near" not in page
        assert " of 40 h" not in other.get(tree).content.decode()
    with CaptureQueriesContext(connection) as one:
        client.get("/projects/tree")
    set_budget(ada, shop, "hours", "1.5")
    with CaptureQueriesContext(connection) as two:
        client.get("/projects/tree")
    assert len(two) == len(one)
    set_budget(ada, website, "money", "1000")
    page = client.get("/projects/tree", headers={"Accept-Language": "de"}).content.decode()
    assert "1.250,00 von 1.000,00 EUR" in page
    assert "0 von 1,5 h" in page
    assert page.count("budget-over") == 1


def test_a_manager_sets_the_rate_of_a_person_on_the_people_page() -> None:
    ada = found("Analytical Engines", "Ada")
    grace, mary = hire(ada, "Grace", "manager"), hire(ada, "Mary")
    website = tasks.create_task(ada, "Website")
    set_rate(ada, "120", task_id=website, user_id=mary.user_id)
    client = signed_in(User.objects.get(pk=grace.user_id))
    address = f"/people/{mary.user_id}/rates"

    told = client.post(address, {"act": "rate", "amount": "95,50"}, headers=HTMX)
    assert told.headers["HX-Trigger"] == "stint-people"
    dialog = told.content.decode()
    assert "95.50 EUR" in dialog
    assert "Website" in dialog
    client.post(address, {"act": "rate", "amount": "99", "from": "2999-01-01"}, headers=HTMX)
    assert "Rate of Mary: 95.50 EUR" in client.get("/people").content.decode()
    other = signed_in(User.objects.get(pk=mary.user_id))
    assert "Rate of" not in other.get("/people").content.decode()
    assert client.get("/people/999999/rates", headers=HTMX).status_code == 404


def test_german_pages_write_and_take_numbers_as_germans_do() -> None:
    ada = found("Analytical Engines", "Ada")
    task = tasks.create_task(ada, "Website")
    tasks.assign(ada, task, ada.user_id)
    client = signed_in(User.objects.get(pk=ada.user_id))
    german = {"HX-Request": "true", "Accept-Language": "de"}
    address = f"/projects/{task}/money"

    page = client.post(address, {"act": "rate", "amount": "1.234,50"}, headers=german).content.decode()
    assert "1.234,50 EUR" in page
    page = client.post(address, {"act": "budget", "kind": "hours", "amount": "7,5"}, headers=german)
    assert (
        'name="amount" inputmode="decimal" autocomplete="off" required value="7,50"' in page.content.decode()
    )
    page = client.post(address, {"act": "rate", "amount": "1.234"}, headers=german).content.decode()
    assert "1234 oder 1.2340" in page
    assert rates(ada).items[0].amount == "1234.50"
    add_entry(ada, NewEntry(task_id=task, day=DAY, seconds=5400, billable=True), "web")
    page = client.get(f"/reports?from={DAY}&to={DAY}&format=decimal", headers=german).content.decode()
    assert "1,50" in page
    assert "1.851,75 EUR" in page
