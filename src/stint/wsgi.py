"""Pages and API as a WSGI application, for `stint web`. Event streams are served by `stint live`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stint.settings")
django.setup(set_prefix=False)

from stint.server.serving import settle  # noqa: E402  (Django must be set up first)
from stint.server.worker import WorkerHandler  # noqa: E402

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

_direct = WorkerHandler()
_forwarded = wrap_wsgi_with_proxy_headers(_direct, settings.TRUSTED_PROXIES)


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request."""
    # Whether the sender is a trusted proxy matters only where it speaks for somebody: it is 8 us to find out.
    answer = _forwarded if "HTTP_X_FORWARDED_FOR" in environ else _direct
    return answer(environ, start_response)


settle()
