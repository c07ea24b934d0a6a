"""Write what Stint is made of as CycloneDX 1.6: dist/stint-VERSION.cdx.json, from the lock files alone.

Python packages are those of requirements/base.txt, with the hashes that an installation checks; npm packages those that
clients/package-lock.json installs outside development, since their code is built into the web assets.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import stint

ROOT = Path(__file__).resolve().parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def python_packages(locked: str) -> Iterator[dict[str, Any]]:
    """Yield a component for each package pinned in the text of a requirements file."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", locked):
        if found := _PINNED.match(block):
            name, version = found.groups()
            component = _component(name, version, f"pkg:pypi/{name.lower().replace('_', '-')}@{version}")
            # One for each file that the index offers; the installer takes the one that fits.
            component["hashes"] = [{"alg": "SHA-256", "content": digest} for digest in _HASH.findall(block)]
            yield component


def npm_packages(locked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a component for each package of a package-lock.json that is not for development alone."""
    for place, package in locked["packages"].items():
        if not place.startswith("node_modules/") or package.get("dev") or package.get("link"):
            continue
        name, version = place.rpartition("node_modules/")[2], package["version"]
        component = _component(name, version, f"pkg:npm/{name.replace('@', '%40')}@{version}")
        algorithm, _, digest = package.get("integrity", "").partition("-")
        if algorithm == "sha512":
            component["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
        yield component


def document() -> dict[str, Any]:
    """Return the whole bill of materials; the same lock files give the same document."""
    packages = [
        *python_packages((ROOT / "requirements" / "base.txt").read_text()),
        *npm_packages(json.loads((ROOT / "clients" / "package-lock.json").read_text())),
    ]
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(packages, sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial.urn,
        "version": 1,
        "metadata": {
            "component": _component("stint", stint.__version__, f"pkg:pypi/stint@{stint.__version__}")
            | {"type": "application", "licenses": [{"license": {"id": "Apache-2.0"}}]}
        },
        "components": packages,
    }


def _component(name: str, version: str, purl: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def main() -> None:
    """Write the document and say where."""
    target = ROOT / "dist" / f"stint-{stint.__version__}.cdx.json"
    target.parent.mkdir(exist_ok=True)
    made = document()
    target.write_text(json.dumps(made, indent=1) + "\n")
    print(f"sbom: {len(made['components'])} packages in {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
