"""What every template may ask for."""

from __future__ import annotations

from django.http import HttpRequest

import stint


def page(request: HttpRequest) -> dict[str, object]:
    """Return the version shown in the footer."""
    return {"version": stint.__version__}
