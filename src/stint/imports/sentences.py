"""What is wrong with one item, as a sentence for the list of problems."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stint.errors import Invalid


def sentence(fault: Invalid) -> str:
    """Return the refusal of a field, with what the field is called."""
    called = {
        "start": _("The start"),
        "end": _("The end"),
        "note": _("The description"),
        "tags": _("The field for tags"),
    }
    return f"{called.get(fault.errors[0].field, fault.errors[0].field)} {fault}"
