"""What stands in deploy/ and what the tools write: names that exist, files that are read, nothing half told."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import yaml
from django.test import Client
from processes import Running, prepared, stint

from tools import sbom
from tools.with_postgres import free_port

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


@pytest.mark.parametrize("program", ["nginx", "caddy"])
def test_each_proxy_passes_pages_and_events_and_keeps_metrics_to_itself(program: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    data = prepared(tmp_path / "data")
    person = ("--email", "ada@example.com", "--name", "Ada", "--account", "Acme")
    made = stint("admin", "create", *person, "--json", data=data)
    signed_in = {"Authorization": f"Bearer {json.loads(made.stdout)['api_token']}"}
    with (
        Running("up", "--port", "0", data=data) as up,
        proxied(program, up.url.rpartition("/")[2], tmp_path) as url,
        httpx2.Client(
            base_url=url, headers=signed_in, transport=httpx2.HTTPTransport(verify=False, retries=8)
        ) as client,
    ):
        assert client.get("/login").status_code == 200
        assert client.get("/metrics").status_code == 403
        with client.stream("GET", "/api/v1/events") as events:
            lines = events.iter_lines()
            assert next(lines).startswith("retry:")
            assert client.post("/api/v1/timer/start", json={"note": "x"}).status_code == 201
            assert next(line for line in lines if line.startswith("event:")) == "event: timer"


@contextmanager
def proxied(program: str, stint_at: str, folder: Path) -> Iterator[str]:
    """Run a proxy as deploy/ sets it up, but for ports and certificate; yields its address."""
    port = free_port()
    made = folder / program
    if program == "nginx":
        command, url = _nginx(made, port, folder), f"https://127.0.0.1:{port}"
        text = "daemon off; master_process off;" + made.read_text()
    else:
        command, url = (
            ["caddy", "run", "--adapter", "caddyfile", "--config", made],
            f"http://127.0.0.1:{port}",
        )
        site = (DEPLOY / "Caddyfile").read_text().replace("stint.example.com {", f"{url} {{")
        text = site.replace("{\n", "{\n\tadmin off\n", 1)
    made.write_text(text.replace("127.0.0.1:8000", stint_at).replace("127.0.0.1:8002", stint_at))
    home = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    process = subprocess.Popen(command, env=os.environ | home, stderr=subprocess.DEVNULL)
    try:
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _nginx(made: Path, port: int, folder: Path) -> list[str | Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    request = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=stint.example.com")
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    site = (DEPLOY / "nginx.conf").read_text()
    for given, ours in (
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("/etc/letsencrypt/live/stint.example.com/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/stint.example.com/privkey.pem", str(key)),
    ):
        assert given in site
        site = site.replace(given, ours)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    made.write_text(f"pid {folder}/pid; events {{}} http {{ access_log off; {folders} {site} }}")
    return ["nginx", "-e", "stderr", "-c", made]


def test_compose_runs_every_part_as_one_image_that_may_do_little() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    ours = {name: service for name, service in services.items() if name != "database"}

    assert {service["command"][1] for service in ours.values()} == {"migrate", "web", "live", "worker"}
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours.values())
    assert "USER 10001" in (DEPLOY / "Containerfile").read_text()


def test_the_bill_of_materials_names_every_locked_package_by_version_and_hash() -> None:
    made = sbom.document()
    purls = {component["purl"] for component in made["components"]}
    locked = (ROOT / "requirements" / "base.txt").read_text()

    pinned = re.findall(r"^([\w.-]+)(?:\[.*?\])?==([\w.]+)", locked, re.MULTILINE)
    assert {f"pkg:pypi/{name}@{version}" for name, version in pinned} <= purls
    assert any(purl.startswith("pkg:npm/lit@") for purl in purls)
    assert all(component["hashes"] for component in made["components"])
    assert json.dumps(made) == json.dumps(sbom.document())
