"""All surfaces at once want the desktop app's packages too: see tests/desktop/conftest.py."""

from __future__ import annotations

from importlib.util import find_spec

if all(find_spec(name) for name in ("PySide6", "keyring", "jeepney")):
    from tests.desktop.equipment import app, memory, office, until, whole_office  # noqa: F401  (fixtures)
    from tests.extension.conftest import built  # noqa: F401
else:
    collect_ignore_glob = ["test_*.py"]
