"""The catalogue of integrations."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stint.integrations import services
from stint.web.gate import PageRequest, gated


@require_safe
@gated("administrator")
def catalogue(request: PageRequest) -> HttpResponse:
    """Show what can be connected, and whether it is."""
    return render(request, "web/integrations.html", {"integrations": services.catalogue(request.caller)})
