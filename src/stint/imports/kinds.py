"""The kinds of imports there are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stint.imports import toggl_csv, toggl_history, toggl_zip
from stint.imports.jobs import Kind
from stint.transfer import importing

KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "toggl_csv",
            _("Toggl’s detailed report (CSV)"),
            takes_file=True,
            prepare=toggl_csv.prepare,
            in_steps=True,
        ),
        Kind("toggl_zip", _("Toggl’s workspace export (zip)"), takes_file=True, prepare=toggl_zip.prepare),
        Kind(
            "toggl_history",
            _("Time from Toggl’s API"),
            takes_file=False,
            prepare=toggl_history.prepare,
            in_steps=True,
        ),
        Kind("stint", _("An exported Stint account (zip)"), takes_file=True, prepare=importing.prepare),
    )
}
