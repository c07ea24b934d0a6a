"""These tests want the desktop app's packages, which `make setup` leaves out: `tools/install-desktop` brings them."""

from __future__ import annotations

from importlib.util import find_spec

if all(find_spec(name) for name in ("PySide6", "keyring", "jeepney")):
    from tests.desktop.equipment import app, memory, office, until, whole_office  # noqa: F401  (fixtures)
else:
    collect_ignore_glob = ["test_*.py"]
