"""Importing this makes Django ready, so that models may be imported after it."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stint.settings")
django.setup()
