"""Reports: four views of one question, which stands in the address."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec import UnsetType

from stint.accounts.queries import people
from stint.entries.queries import EntryOut
from stint.errors import DomainError
from stint.rates.budgets import budgets
from stint.reports import queries, saving
from stint.reports.charts import chart
from stint.reports.detailed import detailed as entries_of
from stint.reports.folding import Item
from stint.reports.periods import before
from stint.reports.prices import prices_for
from stint.reports.questions import MOST_AXES, ROUNDING_MINUTES, Grouping, ReportQuery
from stint.reports.summary import Summary
from stint.reports.summary import summary as answer
from stint.reports.tree import branches
from stint.tasks.queries import looks
from stint.web import drawing
from stint.web.days import lines_of
from stint.web.gate import PageRequest, gated, is_partial, notice, put_on_form
from stint.web.report_forms import SaveForm
from stint.web.report_pages import Question, asked_by, axes, ranges, rows_of, surfaces, week_shown

PAGE = 50
HEAT_FROM, HEAT_DAYS = 80, 371


@require_safe
@gated()
def summary(request: PageRequest) -> HttpResponse:
    """Show time by one or two groupings, with its charts."""
    asked = asked_by(request, request.caller, "summary")
    found = answer(request.caller, asked.query, amounts=True)
    drawn = chart(request.caller, asked.query, _projects(request, asked.query, found))
    first, last = asked.query.period
    long = HEAT_FROM <= asked.query.period.days <= HEAT_DAYS
    seen = {
        "answer": found,
        "table": rows_of(asked, found.items, _earlier(request, asked)),
        "before": _total_before(request, asked.query),
        "average": found.total_seconds // len(drawn.days) if drawn.days else 0,
        "bars": drawing.bars(drawn),
        "ring": drawing.ring(drawn.series),
        "heat": drawing.heat(drawn.days, first, last, request.caller.week_start) if long else None,
    }
    return _page(request, asked, seen)


@require_safe
@gated()
def detailed(request: PageRequest) -> HttpResponse:
    """Show the entries, to be edited where they stand."""
    asked = asked_by(request, request.caller, "detailed")
    page = entries_of(request.caller, asked.query, PAGE, asked.asked.cursor)
    days = queries.days_of(page.items)
    lines = lines_of(request.caller, page.items, _amounts(request, page.items, days))
    seen = {
        "days": [(day, list(of_day)) for day, of_day in groupby(lines, lambda line: days[line.entry.id])],
        "more": asked.address(cursor=page.next) if page.next else "",
        "again": asked.address(cursor=asked.asked.cursor),
    }
    if is_partial(request) and "stretch" in request.GET:
        template = "stretch" if request.GET["stretch"] == "more" else "days"
        return render(request, f"web/reports/{template}.html", {**seen, "asked": asked})
    return _page(request, asked, {**seen, "total": _whole(request, asked.query, amounts=True)})


@require_safe
@gated()
def weekly(request: PageRequest) -> HttpResponse:
    """Show a week: what, by the days on which."""
    asked = asked_by(request, request.caller, "weekly")
    week = week_shown(asked, request.caller.week_start)
    outer = Grouping("project") if asked.query.groupings[0].axis in _DATES else asked.query.groupings[0]
    query = msgspec.structs.replace(asked.query, period=week, groupings=(outer, Grouping("day")))
    asked = Question(asked.view, asked.asked, query, asked.today)
    found = answer(request.caller, query, amounts=True)
    columns = [week.first + timedelta(days=number) for number in range(7)]
    by_day = answer(request.caller, msgspec.structs.replace(query, groupings=(Grouping("day"),)))
    table = rows_of(asked, found.items)
    cells = [_of_days(item.items, columns) for item in found.items]
    seen = {
        "answer": found,
        "columns": columns,
        "table": table,
        "lines": list(zip(table.rows, cells, strict=False)),
        "sums": _of_days(by_day.items, columns),
    }
    return _page(request, asked, seen)


@require_safe
@gated()
def tree(request: PageRequest) -> HttpResponse:
    """Show time folded up the tree, the first level of it."""
    asked = asked_by(request, request.caller, "tree")
    total = _whole(request, asked.query, amounts=True)
    return _page(request, asked, {"branches": _branches(request, asked, None), "total": total})


@require_safe
@gated()
def branch(request: PageRequest, task_id: int) -> HttpResponse:
    """Return the level of the tree below a task."""
    asked = asked_by(request, request.caller, "tree")
    seen = {
        "asked": asked,
        "branches": _branches(request, asked, task_id),
        "total": _whole(request, asked.query),
    }
    return render(request, "web/reports/branches.html", seen)


@require_safe
@gated()
def tags(request: PageRequest) -> HttpResponse:
    """Return the tags to choose from: those of the days asked about."""
    asked = asked_by(request, request.caller, "summary")
    query = msgspec.structs.replace(asked.query, groupings=(Grouping("tag"),), tags=())
    found = [str(item.key) for item in answer(request.caller, query).items if item.key is not None]
    offered = dict.fromkeys([*asked.query.tags, *found])
    return render(request, "web/reports/tags.html", {"asked": asked, "tags": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def save(request: PageRequest) -> HttpResponse:
    """Ask for a name, and keep the question under it."""
    form = SaveForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            kept = saving.save(request.caller, **form.cleaned_data)
        except DomainError as fault:
            put_on_form(form, fault)
        else:
            events = ("stint-close-dialog", "stint-saved-reports")
            return notice(_("Saved as “%(name)s”.") % {"name": kept.name}, kind="success", events=events)
    return render(request, "web/reports/save.html", {"form": form})


@require_safe
@gated()
def saved(request: PageRequest) -> HttpResponse:
    """Return the saved reports that the person sees."""
    return render(request, "web/reports/saved.html", {"saved": saving.saved_reports(request.caller)})


@require_POST
@gated()
def forget(request: PageRequest, report_id: int) -> HttpResponse:
    """Delete a saved report."""
    saving.forget(request.caller, report_id)
    if not is_partial(request):
        return redirect("report_summary")
    return notice(_("The saved report was deleted."), kind="success", events=("stint-saved-reports",))


_DATES = ("day", "week", "month")


def _page(request: PageRequest, asked: Question, seen: dict[str, Any]) -> HttpResponse:
    """Show a view whole, or what of it follows from the question."""
    seen |= {"asked": asked, "view": asked.view, "body": f"web/reports/{asked.view}.html"}
    if is_partial(request):
        response = render(request, "web/reports/answer.html", seen)
        response.headers["HX-Push-Url"] = asked.address(everything=asked.asked.everything)
        return response
    return render(request, "web/reports/page.html", {**seen, **_choices(request, asked)})


def _choices(request: PageRequest, asked: Question) -> dict[str, Any]:
    """Return what the filters offer."""
    caller = request.caller
    task_id = asked.query.task_id
    return {
        "ranges": ranges(),
        "axes": axes(),
        "chosen_axes": [str(grouping) for grouping in asked.query.groupings] + [""] * MOST_AXES,
        "people": people(caller) if caller.manages else [],
        "look": looks([task_id]).get(task_id) if task_id else None,
        "surfaces": surfaces(),
        "minutes": ROUNDING_MINUTES,
    }


def _projects(request: PageRequest, query: ReportQuery, found: Summary) -> list[Item]:
    """Return the answer by project, which is at hand where the table is by project."""
    if query.groupings[0].axis == "project":
        return found.items
    by_project = msgspec.structs.replace(query, groupings=(Grouping("project"),))
    return answer(request.caller, by_project).items


def _earlier(request: PageRequest, asked: Question) -> list[Item] | None:
    """Return the groups of the days before where the reader compares; days and months have none to compare with."""
    outer = asked.query.groupings[0]
    if not asked.asked.compare or outer.axis in _DATES:
        return None
    query = msgspec.structs.replace(asked.query, period=before(asked.query.period), groupings=(outer,))
    return answer(request.caller, query).items


def _whole(request: PageRequest, query: ReportQuery, *, amounts: bool = False) -> Summary:
    """Return the answer without groups."""
    return answer(request.caller, msgspec.structs.replace(query, groupings=()), amounts=amounts)


def _total_before(request: PageRequest, query: ReportQuery) -> int:
    return _whole(request, msgspec.structs.replace(query, period=before(query.period))).total_seconds


def _amounts(request: PageRequest, entries: list[EntryOut], days: dict[str, date]) -> dict[str, str]:
    """Return `{id: amount}` of the entries that are worth something, where the person sees amounts."""
    prices = prices_for(request.caller)
    if prices is None:
        return {}
    worth = prices.worth(entries, [days[entry.id] for entry in entries])
    return {entry.id: its.amount for entry, its in zip(entries, worth, strict=True) if its}


def _branches(request: PageRequest, asked: Question, within: int | None) -> list[dict[str, Any]]:
    found = branches(request.caller, asked.query, within)
    ids = {one.task_id for one in found if one.task_id is not None}
    seen, kept = looks(ids), budgets(request.caller, ids)
    return [
        {
            "branch": one,
            "budget": kept.get(one.task_id or 0),
            "color": seen[one.task_id].color if one.task_id else "",
            "entries": asked.address("detailed", task_id=one.task_id, without_task=one.task_id is None),
        }
        for one in found
    ]


def _of_days(items: list[Item] | UnsetType, columns: list[date]) -> list[int]:
    by_day = {item.key: item.seconds for item in items} if isinstance(items, list) else {}
    return [by_day.get(day.isoformat(), 0) for day in columns]
