"""The kinds of imports there are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stint.imports import toggl_csv
from stint.imports.jobs import Kind

KINDS = {
    kind.key: kind
    for kind in (
        Kind("toggl_csv", _("Toggl’s detailed report (CSV)"), takes_file=True, prepare=toggl_csv.prepare),
    )
}
