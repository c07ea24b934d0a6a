"""Reports over a year of a company: 200 people, 100,000 tasks, 1,000,000 entries."""

from __future__ import annotations

from benchmarks.company import company
from benchmarks.figures import Figure, against, figure
from benchmarks.processes import measured

FLOOR = "the same sums asked of sqlite3 alone, as rows of Python: no names, no groups, no rights"
BUDGETS = {"month": 60, "year": 400}
WHAT = {"month": "a month of everybody by task", "year": "a year by person and day"}
PAGES = {
    "page_month": "Summary of a month, by project",
    "page_year": "Summary of a year, by person",
    "page_days": "Summary of a year, by person and day",
    "page_rates": "Summary of a year, by person, with amounts",
}


def run() -> list[Figure]:
    """Measure the sums that have a budget, their whole answers, and pages as they are sent."""
    with company() as data:
        found = measured("benchmarks.reports_round", data=data)
    figures = [
        figure("reports", f"{WHAT[name]}, read and summed", found[f"{name}_read"], "ms", most=budget)
        for name, budget in BUDGETS.items()
    ]
    figures += [
        against(
            "reports", f"{WHAT[name]}, the whole answer", found[name], "ms", found[f"{name}_floor"], FLOOR
        )
        for name in BUDGETS
    ]
    figures += [
        figure("reports", f"page: {what}", found[name], "ms", most=1000) for name, what in PAGES.items()
    ]
    return figures
