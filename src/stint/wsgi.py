"""Pages and API as a WSGI application, for `stint web`. Event streams are served by `stint live`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stint.settings")

application = get_wsgi_application()
