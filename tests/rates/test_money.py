"""Rates, amounts in the summary and budgets over a real database, both kinds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
import uuid_utils.compat as uuid7s
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from reports.recording import MONDAY, mirrored, query, record, task

from stint.accounts.models import AuditEntry
from stint.accounts.queries import Caller
from stint.entries.bulk import NewRow, insert
from stint.entries.editing import EntryEdit, edit_entry
from stint.entries.models import Entry
from stint.entries.queries import EntryOut
from stint.errors import DomainError, Invalid, NotAllowed, NotFound
from stint.rates import mail
from stint.rates.budgets import budget, look, remove_budget, set_budget
from stint.rates.models import Budget, BudgetWarning, Rate
from stint.rates.services import rates, remove_rate, set_currency, set_rate
from stint.reports.summary import summary
from stint.server.background import QueueRunner
from stint.tasks.models import Task
from stint.tasks.services import assign, create_task, update_task

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)


def billed(of: Caller, task_: Task | None, seconds: int, day: date = MONDAY) -> None:
    record(of, task_, seconds, day, billable=True)


def amounts(caller: Caller, group_by: str = "project") -> dict[str, Any]:
    answer = summary(caller, query(group_by=group_by), amounts=True)
    return {"": answer.amount} | {item.label: item.amount for item in answer.items}


def test_a_summary_says_what_billable_time_is_worth(ada: Caller, mary: Caller) -> None:
    website = task(ada, "Website")
    design = task(ada, "Design", website)
    set_rate(ada, "90")
    set_rate(ada, "120", task_id=website.pk)
    set_rate(ada, "60", task_id=design.pk, user_id=mary.user_id)
    set_rate(ada, "66", task_id=design.pk, user_id=mary.user_id, first_day=FRIDAY)
    billed(ada, design, 1800)
    billed(mary, design, 3600)
    billed(mary, design, 3600, FRIDAY)
    billed(ada, None, 1)
    record(ada, design, 9999)  # not billable
    assert amounts(ada) == {"": "186.03", "Website": "186.00", "No project": "0.03"}
    assert amounts(ada, "user")["Mary"] == "126.00"
    assert amounts(ada, "day,task")[MONDAY.isoformat()] == "120.03"
    assert summary(ada, query(), amounts=True).currency == "EUR"


def test_members_and_accounts_without_rates_see_no_amounts(ada: Caller, mary: Caller) -> None:
    billed(mary, None, 3600)
    assert amounts(ada) == {"": UNSET, "No project": UNSET}
    set_rate(ada, "90")
    assert amounts(mary) == {"": UNSET, "No project": UNSET}
    assert amounts(ada) == {"": "90.00", "No project": "90.00"}


places_ = st.sampled_from([0, 1, 2, 3, None])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spent=st.lists(st.tuples(places_, st.booleans(), st.integers(0, 20), st.integers(1, 9999)), max_size=12),
    entered=st.lists(
        st.tuples(places_, st.booleans(), st.integers(0, 20), st.integers(0, 99_999)),
        max_size=8,
        unique_by=lambda rate: rate[:3],
    ),
)
def test_amounts_agree_with_each_entry_worked_out_alone(
    ada: Caller,
    mary: Caller,
    spent: list[tuple[int | None, bool, int, int]],
    entered: list[tuple[int | None, bool, int, int]],
) -> None:
    Entry.objects.all().delete()
    Rate.objects.all().delete()
    top = task(ada, "Top")
    below = task(ada, "Below", top)
    trees = [top, below, task(ada, "Deep", below), task(ada, "Beside", top)]
    chains = {None: [], 0: [0], 1: [1, 0], 2: [2, 1, 0], 3: [3, 0]}
    first = date(2026, 11, 1)
    for place, own, start, cents in entered:
        set_rate(
            ada,
            Decimal(cents) / 100,
            task_id=None if place is None else trees[place].pk,
            user_id=ada.user_id if own else None,
            first_day=first + timedelta(days=start),
        )
    total = Decimal(0)
    for place, is_ada, number, seconds in spent:
        whose = ada if is_ada else mary
        billed(whose, None if place is None else trees[place], seconds, first + timedelta(days=number))
        kinds = (True, False) if is_ada else (False,)
        order = [(at, own) for own in kinds for at in chains[place]] + [(None, own) for own in kinds]
        holding = [
            max(begun)[1]
            for at, own in order
            if (begun := [(day, c) for p, o, day, c in entered if (p, o) == (at, own) and day <= number])
        ]
        total += Decimal(holding[0] if holding else 0) / 100 * seconds / 3600
    expected = f"{total.quantize(Decimal('0.01'), ROUND_HALF_UP):f}" if entered else UNSET
    assert amounts(ada)[""] == expected
    if total:
        set_budget(ada, top.pk, "money", "1")
        under = sum(
            Decimal(item.amount or 0)
            for item in summary(ada, query(group_by="level1"), amounts=True).items
            if item.key
        )
        assert Decimal(budget(ada, top.pk).used) == under
        Budget.objects.all().delete()


def test_a_rate_of_the_same_day_is_replaced_and_one_taken_away_is_gone(ada: Caller) -> None:
    first = set_rate(ada, "90")
    assert set_rate(ada, "95").id == first.id
    later = set_rate(ada, "100", first_day=FRIDAY)
    assert [(rate.first_day, rate.amount) for rate in rates(ada).items] == [
        (None, "95.00"),
        (FRIDAY, "100.00"),
    ]
    remove_rate(ada, later.id)
    assert len(rates(ada).items) == 1
    kept = AuditEntry.objects.filter(act="rate").order_by("pk").values_list("before", "after")
    assert list(kept)[:2] == [("", "90.00 EUR"), ("90.00 EUR", "95.00 EUR")]


def test_only_who_manages_sets_rates_and_budgets(
    ada: Caller, grace: Caller, mary: Caller, eve: Caller
) -> None:
    website = task(ada, "Website")
    for act in (
        rates,
        lambda by: set_rate(by, "1"),
        lambda by: set_budget(by, website.pk, "hours", "1"),
        lambda by: budget(by, website.pk),
        lambda by: set_currency(by, "USD"),
    ):
        with pytest.raises(NotAllowed):
            act(mary)
    with pytest.raises(NotAllowed):
        set_currency(grace, "USD")
    set_rate(grace, "1", task_id=website.pk)
    set_budget(grace, website.pk, "hours", "1")
    for foreign in (lambda: budget(eve, website.pk), lambda: remove_budget(eve, website.pk)):
        with pytest.raises(NotFound):
            foreign()
    for fault in (
        lambda: set_rate(eve, "1", task_id=website.pk),
        lambda: set_rate(eve, "1", user_id=mary.user_id),
        lambda: set_budget(ada, website.pk, "hours", "0"),
        lambda: set_budget(ada, website.pk, "days", "1"),
        lambda: set_rate(ada, "1", first_day=date(1900, 1, 1)),
    ):
        with pytest.raises(Invalid):
            fault()


def test_the_currency_gives_amounts_their_decimals(ada: Caller) -> None:
    set_rate(ada, "90.5")
    billed(ada, None, 3600)
    set_currency(ada, "jpy")
    assert (rates(ada).currency, amounts(ada)[""]) == ("JPY", "91")


def test_budgets_count_the_task_and_all_below_from_their_first_day(ada: Caller) -> None:
    website = task(ada, "Website")
    design = task(ada, "Design", website)
    set_rate(ada, "100", task_id=website.pk)
    record(ada, design, 3600, MONDAY)
    billed(ada, website, 5400, FRIDAY)
    billed(ada, task(ada, "Office"), 5400, FRIDAY)
    hours = set_budget(ada, website.pk, "hours", "10")
    assert (hours.amount, hours.used, hours.percent) == ("10.00", "2.50", 25)
    assert set_budget(ada, website.pk, "hours", "10", FRIDAY).used == "1.50"
    money = set_budget(ada, website.pk, "money", "200")
    assert (money.amount, money.used, money.percent, money.currency) == ("200.00", "150.00", 75, "EUR")


def work() -> None:
    """Look as the scheduler does, and send what is due."""
    look()
    mail.send_due()
    QueueRunner()()


@pytest.mark.django_db(transaction=True)
def test_each_warning_goes_out_once_to_each_who_manages(ada: Caller, grace: Caller, mary: Caller) -> None:
    website = Task.objects.get(pk=create_task(ada, "Website"))
    set_budget(ada, website.pk, "hours", "1")
    record(mary, website, 2879)
    work()
    assert outbox.outbox == []
    record(mary, website, 1)
    work()
    work()
    assert sorted(message.to[0] for message in outbox.outbox) == ["ada@example.com", "grace@example.com"]
    assert outbox.outbox[0].subject == "80 % of the budget of “Website” is used"
    assert "have used 0.80 of 1.00 hours (80 %)" in outbox.outbox[0].body
    record(mary, website, 720)
    work()
    work()
    assert [message.subject for message in outbox.outbox[2:]] == ["The budget of “Website” is used up"] * 2
    set_budget(ada, website.pk, "hours", "1")
    work()
    assert len(outbox.outbox) == 4
    set_budget(ada, website.pk, "hours", "1.1")
    work()
    assert len(outbox.outbox) == 6


def told_after(act: Callable[[], object]) -> bool:
    """Tell whether somebody is to be told after an act, if looks before and after it see what changed."""
    look()
    BudgetWarning.objects.all().delete()
    act()
    look()
    return BudgetWarning.objects.exists()


def test_whatever_makes_time_count_more_has_budgets_looked_at(ada: Caller, mary: Caller) -> None:
    website, office = (Task.objects.get(pk=create_task(ada, name)) for name in ("Website", "Office"))
    moved = Task.objects.get(pk=create_task(ada, "Design"))
    for place in (website, office):
        assign(ada, place.pk, mary.user_id)
    set_budget(ada, website.pk, "money", "100")
    entry = record(mary, office, 3600, billable=True)
    record(mary, moved, 3600, billable=True)
    assert not told_after(lambda: set_rate(ada, "80"))
    assert told_after(lambda: edit_entry(mary, entry.pk, EntryEdit(task_id=website.pk)))
    assert told_after(lambda: set_rate(ada, "100"))
    set_budget(ada, website.pk, "hours", "1.9")
    assert told_after(lambda: update_task(ada, moved.pk, parent_id=website.pk))
    set_budget(ada, website.pk, "hours", "10")
    assert not told_after(lambda: record(mary, office, 36000))
    began = datetime(2026, 11, 23, 6, tzinfo=UTC)
    made = EntryOut(
        str(uuid7s.uuid7()), mary.user_id, website.pk, "", [], False, began, began, 360_000, 1, "import"
    )
    assert told_after(lambda: insert(ada.account_id, [NewRow(made, MONDAY, "")]))


def test_a_look_after_which_nothing_changed_reads_marks_alone(ada: Caller) -> None:
    set_budget(ada, create_task(ada, "Website"), "hours", "1")
    look()
    with CaptureQueriesContext(connection) as asked:
        look()
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_warning_waits_while_the_mail_server_is_away(ada: Caller, settings: Any) -> None:
    website = Task.objects.get(pk=create_task(ada, "Website"))
    record(ada, website, 3600)
    set_budget(ada, website.pk, "hours", "1")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 5
    work()
    waiting = BudgetWarning.objects.get()
    assert (waiting.tries, waiting.level) == (1, 100)
    assert waiting.next_try_at > timezone.now()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    BudgetWarning.objects.update(next_try_at=timezone.now())
    work()
    assert len(outbox.outbox) == 1
    assert not BudgetWarning.objects.exists()


def test_mirrored_tasks_have_rates_and_budgets_of_their_own(ada: Caller) -> None:
    tree = mirrored(ada)
    set_rate(ada, "80", task_id=tree["website"].pk)
    set_budget(ada, tree["client"].pk, "money", "100")
    billed(ada, tree["design"], 3600)
    assert budget(ada, tree["client"].pk).percent == 80
    with pytest.raises(DomainError):
        budget(ada, tree["design"].pk)
