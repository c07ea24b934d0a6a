"""Files to take away."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils import timezone

from stint.api.application import api
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.transfer.exporting import export_account, export_name

ZIP = "application/zip"


@api.get("/exports/account", tags=["exports"], **describe({200: None}, errors=(403,), files=(ZIP,)))
def account_export(request: ApiRequest) -> StreamingHttpResponse:
    """Return everything of the account as a zip of JSON Lines and CSV, without secrets. Administrators may.

    It is made while it is sent, so its length is not known beforehand.
    """
    caller = request.caller
    response = StreamingHttpResponse(export_account(caller), content_type=ZIP)
    name = export_name(caller.account_name, timezone.localdate(timezone=caller.zone).isoformat())
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
