"""What is built for people: the same bytes each time, with all that runs without Node, under one version."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import time_machine
from babel.messages.pofile import read_po

import stint
from tools.translations import compiled

ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).with_name("uv")


def built(folder: Path, *options: str) -> bytes:
    """Build a wheel into `folder` and return it."""
    subprocess.run(
        [UV, "build", "--quiet", "--no-build-isolation", "--out-dir", folder, *options], cwd=ROOT, check=True
    )
    (wheel,) = folder.glob("*.whl")
    return wheel.read_bytes()


def test_the_source_distribution_makes_the_same_wheel_without_node(tmp_path: Path) -> None:
    from_tree, by_way_of_sdist = tmp_path / "tree", tmp_path / "sdist"
    assert built(from_tree, "--wheel") == built(by_way_of_sdist)
    with zipfile.ZipFile(next(from_tree.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert f"stint-{stint.__version__}.dist-info/METADATA" in names
    assert {
        "stint/web/static/dist/manifest.json",
        "stint/web/templates/web/phone.html",
        "stint/help/articles/de/timer.md",
        "stint/locale/de/LC_MESSAGES/django.mo",
        "stint_desktop/locale/de/LC_MESSAGES/desktop.mo",
    } <= names
    assert any(name.endswith(".js.br") for name in names)
    assert {name.split("/")[0] for name in names} == {
        "stint",
        "stint_desktop",
        f"stint-{stint.__version__}.dist-info",
    }


def test_translations_are_compiled_without_the_time_of_day() -> None:
    catalog = ROOT / "src" / "stint" / "locale" / "de" / "LC_MESSAGES" / "django.po"

    def at(year: int) -> bytes:
        with time_machine.travel(f"{year}-01-01T00:00:00Z"), catalog.open("rb") as file:
            return compiled(read_po(file))

    assert at(2026) == at(2027)
