"""Files to take away."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone

from stint.api.application import api
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import read_query
from stint.reports.questions import Asked, question
from stint.transfer.exporting import export_account, export_name
from stint.transfer.report_files import CONTENT_TYPES, Format, pieces
from stint.transfer.tables import View, table

ZIP = "application/zip"


@api.get("/exports/account", tags=["exports"], **describe({200: None}, errors=(403,), files=(ZIP,)))
def account_export(request: ApiRequest) -> StreamingHttpResponse:
    """Return everything of the account as a zip of JSON Lines and CSV, without secrets. Administrators may.

    It is made while it is sent, so its length is not known beforehand.
    """
    caller = request.caller
    name = export_name(caller.account_name, timezone.localdate(timezone=caller.zone).isoformat())
    return _file(export_account(caller), ZIP, name)


class ExportQuery(Asked, frozen=True, kw_only=True):
    """Which report: the question of a summary, and in which view it is answered.

    `summary` adds up by `group_by`, `detailed` has a row for each entry, `weekly` the days of the first week, `tree`
    the sums of every task with all below it.
    """

    view: View = "summary"


def _report(request: ApiRequest, format_: Format) -> StreamingHttpResponse:
    asked = read_query(request, ExportQuery)
    today = timezone.localdate(timezone=request.caller.zone)
    found = table(request.caller, question(asked, today, request.caller.week_start), asked.view)
    name = f"stint-{asked.view}-{found.about.first}-{found.about.last}.{format_}"
    return _file(pieces(found, format_), CONTENT_TYPES[format_], name)


@api.get(
    "/reports/export.csv",
    tags=["reports"],
    **describe({200: None}, query=ExportQuery, errors=(403, 404), files=(CONTENT_TYPES["csv"],)),
)
def report_csv(request: ApiRequest) -> StreamingHttpResponse:
    """Return a report as CSV. Text that a spreadsheet would take for a formula has an apostrophe in front."""
    return _report(request, "csv")


@api.get(
    "/reports/export.xlsx",
    tags=["reports"],
    **describe({200: None}, query=ExportQuery, errors=(403, 404), files=(CONTENT_TYPES["xlsx"],)),
)
def report_xlsx(request: ApiRequest) -> StreamingHttpResponse:
    """Return a report as a workbook of at most 200,000 rows."""
    return _report(request, "xlsx")


@api.get(
    "/reports/export.pdf",
    tags=["reports"],
    **describe({200: None}, query=ExportQuery, errors=(403, 404), files=(CONTENT_TYPES["pdf"],)),
)
def report_pdf(request: ApiRequest) -> StreamingHttpResponse:
    """Return a report as PDF of at most 5,000 rows."""
    return _report(request, "pdf")


def _file(content: Iterator[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
