"""All of Stint as one ASGI application, for a server other than `stint up`. It runs no background work."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stint.settings")
django.setup()

from stint.server import front  # noqa: E402  (Django must be set up first)

application = front.application()
