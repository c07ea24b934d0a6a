"""What the desktop app asks of Linux: of a real X server, a real message bus, and the folder of autostart entries."""

from __future__ import annotations

import configparser
import ctypes
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, MessageType, new_method_call, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from stint_desktop.platform import Unsupported, x11
from stint_desktop.platform.keys import Combination
from stint_desktop.platform.linux import Linux

KEYS = Combination("T", ctrl=True, alt=True)
SECONDS = 60


def needed(program: str) -> str:
    return shutil.which(program) or pytest.skip(f"{program} is not installed")


@pytest.fixture
def x_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An X server of its own, with nothing on it."""
    reading, writing = os.pipe()
    with subprocess.Popen(
        [
            needed("Xvfb"),
            "-displayfd",
            str(writing),
            "-nolisten",
            "tcp",
            "-noreset",
            "-screen",
            "0",
            "640x480x24",
        ],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            monkeypatch.setenv("DISPLAY", f":{told.readline().strip()}")
        monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        yield
        server.terminate()


def press(*keys: str) -> None:
    """Press keys and let them go, as a keyboard does."""
    xlib, testing = x11._xlib(), ctypes.CDLL("libXtst.so.6")
    testing.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
    display = xlib.XOpenDisplay(None)
    codes = [xlib.XKeysymToKeycode(display, xlib.XStringToKeysym(key.encode())) for key in keys]
    for down, order in ((1, codes), (0, codes[::-1])):
        for code in order:
            testing.XTestFakeKeyEvent(display, code, down, 0)
    xlib.XSync(display, 0)
    xlib.XCloseDisplay(display)


@pytest.mark.usefixtures("x_server")
def test_the_x_server_tells_how_long_nothing_was_touched() -> None:
    linux = Linux()
    press("a")
    first = linux.idle_seconds()
    threading.Event().wait(0.05)
    second = linux.idle_seconds()
    assert first is not None
    assert second is not None
    assert second > first >= 0
    assert linux.why_not_idle() == ""


@pytest.mark.usefixtures("x_server")
def test_a_shortcut_is_heard_whatever_lock_is_on_until_it_is_released() -> None:
    heard: queue.Queue[str] = queue.Queue()
    held = Linux().shortcut(KEYS, lambda: heard.put("pressed"))
    press("Control_L", "Alt_L", "t")
    press("Num_Lock")
    press("Control_L", "Alt_L", "t")
    assert [heard.get(timeout=SECONDS) for _ in range(2)] == ["pressed"] * 2
    held.release()
    again = Linux().shortcut(KEYS, lambda: heard.put("the next"))
    press("t")
    press("Control_L", "Alt_L", "t")
    assert heard.get(timeout=SECONDS) == "the next"
    again.release()
    assert heard.empty()


@pytest.mark.usefixtures("x_server")
def test_a_shortcut_that_another_program_has_is_refused() -> None:
    held = Linux().shortcut(KEYS, lambda: None)
    with pytest.raises(Unsupported, match="Another program has this shortcut"):
        Linux().shortcut(KEYS, lambda: None)
    held.release()


def test_wayland_says_what_to_do_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    linux = Linux()
    with pytest.raises(Unsupported, match="stint-desktop --pick"):
        linux.shortcut(KEYS, lambda: None)
    assert linux.idle_seconds() is None
    assert "does not tell" in linux.why_not_idle()


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session bus of its own."""
    with subprocess.Popen(
        [needed("dbus-daemon"), "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    ) as daemon:
        assert daemon.stdout is not None
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
        yield
        daemon.terminate()


def serve(name: str, answer: Callable[[], tuple[str, tuple[int, ...]]]) -> threading.Thread:
    """Own a name on the bus and answer one call."""
    connection = open_dbus_connection()
    connection.send_and_get_reply(message_bus.RequestName(name))

    def answer_one() -> None:
        with connection:
            while True:
                call = connection.receive(timeout=SECONDS)
                if call.header.message_type is MessageType.method_call:
                    connection.send(new_method_return(call, *answer()))
                    return

    thread = threading.Thread(target=answer_one, daemon=True)
    thread.start()
    return thread


@pytest.mark.usefixtures("bus")
def test_gnome_tells_under_wayland(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    served = serve("org.gnome.Mutter.IdleMonitor", lambda: ("t", (90_500,)))
    assert Linux().idle_seconds() == 90.5
    served.join(SECONDS)


@pytest.mark.usefixtures("bus")
def test_a_bus_without_gnome_leaves_it_to_the_x_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    ping = new_method_call(DBusAddress("/", "org.freedesktop.DBus", "org.freedesktop.DBus.Peer"), "Ping")
    with open_dbus_connection() as connection:
        assert connection.send_and_get_reply(ping).header.message_type is MessageType.method_return
    assert Linux().idle_seconds() is None


def test_it_starts_with_the_computer_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    linux = Linux()
    assert not linux.starts_with_computer()
    linux.start_with_computer(True)
    linux.start_with_computer(True)
    assert linux.starts_with_computer()
    entry = configparser.RawConfigParser()
    entry.read(tmp_path / "autostart" / "stint-desktop.desktop")
    started = entry["Desktop Entry"]["Exec"]
    assert str(Path(sys.executable).with_name("stint-desktop")) in started
    assert started.endswith('"--quiet"')
    linux.start_with_computer(False)
    linux.start_with_computer(False)
    assert not linux.starts_with_computer()
