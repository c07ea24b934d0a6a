"""What stands in deploy/ and what the tools write: names that exist, files that are read, nothing half told."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.test import Client

from tools import sbom

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
METRIC = re.compile(r"\bstint_[a-z_]+")


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["grafana-dashboard.json", "prometheus-alerts.yaml"])
def test_dashboard_and_alerts_ask_for_metrics_that_exist(client: Client, file: str) -> None:
    read = yaml.safe_load((DEPLOY / file).read_text())  # which reads JSON too
    if "panels" in read:
        asked = " ".join(target["expr"] for panel in read["panels"] for target in panel["targets"])
    else:
        asked = " ".join(rule["expr"] for rule in read["groups"][0]["rules"])
    client.get("/healthz")
    told = set(METRIC.findall(client.get("/metrics").content.decode()))

    assert set(METRIC.findall(asked)) <= told


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_each_unit_runs_a_command_that_exists_and_may_do_little(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text()
    (command,) = re.findall(r"^ExecStart=/opt/stint/bin/stint (\w+)", text, re.MULTILINE)
    assert command in {"up", "web", "live", "worker"}
    for guard in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "User=stint"):
        assert guard in text
    if analyze := shutil.which("systemd-analyze"):
        here = tmp_path / unit.name
        here.write_text(text.replace("/opt/stint/bin/stint", "/bin/true"))
        told = subprocess.run([analyze, "verify", here], capture_output=True, text=True, check=False)
        assert unit.name not in told.stderr


def test_compose_runs_every_part_as_one_image_that_may_do_little() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    ours = {name: service for name, service in services.items() if name != "database"}

    assert {service["command"][1] for service in ours.values()} == {"migrate", "web", "live", "worker"}
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours.values())
    assert "USER stint" in (DEPLOY / "Containerfile").read_text()


def test_the_bill_of_materials_names_every_locked_package_by_version_and_hash() -> None:
    made = sbom.document()
    purls = {component["purl"] for component in made["components"]}
    locked = (ROOT / "requirements" / "base.txt").read_text()

    pinned = re.findall(r"^([\w.-]+)(?:\[.*?\])?==([\w.]+)", locked, re.MULTILINE)
    assert {f"pkg:pypi/{name}@{version}" for name, version in pinned} <= purls
    assert any(purl.startswith("pkg:npm/lit@") for purl in purls)
    assert all(component["hashes"] for component in made["components"])
    assert json.dumps(made) == json.dumps(sbom.document())
