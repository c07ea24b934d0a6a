"""Compile every template of Stint, so that a bad tag is found before a page is opened."""

from __future__ import annotations

import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template


def main() -> int:
    """Print a line for each template that does not compile; return 1 if there is one."""
    django.setup()
    import stint

    house = Path(stint.__file__).parent
    folders = [Path(folder) for folder in engines["django"].template_dirs if house in Path(folder).parents]
    faults = 0
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            try:
                get_template(str(file.relative_to(folder)))
            except (TemplateSyntaxError, UnicodeDecodeError) as fault:
                faults += 1
                print(f"{file.relative_to(house)}: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
