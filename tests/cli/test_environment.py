"""A bad variable stops every command with one line that names it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from processes import environment, stint


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://u:sekrit@db/stint"),
        ("DATABASE_URL", "postgres://u:sekrit@127.0.0.1:port/stint"),
        ("DATABASE_URL", "postgres://u:sekrit@127.0.0.1:1/stint"),
        ("STINT_PUBLIC_URL", "stint.example.com"),
        ("STINT_TOGGL_API_URL", "https://api.track.toggl.com/api/v9"),
        ("STINT_TOGGL_REQUESTS_PER_SECOND", "many"),
        ("STINT_TOGGL_REQUESTS_PER_SECOND", "-1"),
        ("STINT_TRUSTED_PROXIES", "proxy.example.com"),
        ("STINT_SECRET_KEY", "sekrit"),
        ("STINT_LOG_LEVEL", "loud"),
        ("STINT_LOG_FORMAT", "yaml"),
        ("STINT_LOG_REQUESTS", "maybe"),
        ("EMAIL_URL", "gopher://sekrit"),
        ("EMAIL_URL", "smtp://host:sekrit"),
        ("STINT_DATA", "/proc/nowhere"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_variable(tmp_path: Path, variable: str, value: str) -> None:
    named = {"data": tmp_path} | ({"data": Path(value)} if variable == "STINT_DATA" else {variable: value})
    refused = stint("up", "--port", "0", **named)  # type: ignore[arg-type]
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"stint: {variable}: ")
    assert refused.stderr.count("\n") == 1
    assert "sekrit" not in refused.stderr


@pytest.mark.parametrize(
    ("public", "secure"), [("https://stint.example.com", True), ("http://10.0.0.5", False)]
)
def test_cookies_are_kept_to_https_where_people_come_by_it(tmp_path: Path, public: str, secure: bool) -> None:
    flags = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0"
    asked = f"from stint import settings as s; print({flags})"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=environment(tmp_path, STINT_PUBLIC_URL=public),
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [str(secure)] * 3


def test_options_of_the_database_follow_its_address_and_count_before_our_own(tmp_path: Path) -> None:
    names = "'sslmode', 'connect_timeout', 'tcp_user_timeout'"
    asked = (
        f"from stint import settings; print(*map(settings.DATABASES['default']['OPTIONS'].get, ({names})))"
    )
    address = "postgres://u:p@127.0.0.1/stint?sslmode=verify-full&connect_timeout=33"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=environment(tmp_path, DATABASE_URL=address),
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["verify-full", "33", "10000"]


def test_the_commands_of_the_server_are_listed_quickly(tmp_path: Path) -> None:
    shown = stint("--help", data=tmp_path)
    for name in (
        "up",
        "web",
        "live",
        "worker",
        "migrate",
        "admin",
        "user",
        "toggl",
        "sandbox",
        "backup",
        "restore",
    ):
        assert name in shown.stdout
    assert stint("--version", data=tmp_path).stdout.startswith("stint ")
    assert list(tmp_path.iterdir()) == []
