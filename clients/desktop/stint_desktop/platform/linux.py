"""Linux: X11 and GNOME tell idleness, X11 lets keys be held; elsewhere it is said that they do not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from stint_desktop.platform import Shortcut, Unsupported, x11
from stint_desktop.platform.command import NAME, command
from stint_desktop.platform.keys import Combination
from stint_desktop.texts import gettext_ as _

_ENTRY = """[Desktop Entry]
Type=Application
Name=Stint
Comment=Time tracker
Exec={command}
Terminal=false
X-GNOME-Autostart-enabled=true
"""
# What the Desktop Entry Specification wants escaped inside a quoted argument.
_ESCAPES = str.maketrans({"\\": "\\\\\\\\", '"': '\\\\"', "`": "\\\\`", "$": "\\\\$", "%": "%%"})


class Linux:
    """A Linux desktop, under X11 or Wayland."""

    def __init__(self) -> None:
        self._x11 = bool(os.environ.get("DISPLAY")) and os.environ.get("XDG_SESSION_TYPE") != "wayland"

    def idle_seconds(self) -> float | None:
        """Ask GNOME, which knows under Wayland too; else the X server."""
        told = _mutter_idle_seconds()
        if told is None and self._x11:
            told = x11.idle_seconds()
        return told

    def why_not_idle(self) -> str:
        """Say that Wayland keeps it to the desktop."""
        if self.idle_seconds() is not None:
            return ""
        return _(
            "This desktop does not tell programs how long nothing was touched; GNOME and X11 sessions do."
        )

    def starts_with_computer(self) -> bool:
        """Look for the entry in the folder that all desktops read."""
        return _entry().is_file()

    def start_with_computer(self, wanted: bool) -> None:
        """Write or remove the entry."""
        entry = _entry()
        if not wanted:
            entry.unlink(missing_ok=True)
            return
        entry.parent.mkdir(parents=True, exist_ok=True)
        words = " ".join(f'"{word.translate(_ESCAPES)}"' for word in command())
        entry.write_text(_ENTRY.format(command=words))

    def shortcut(self, keys: Combination, pressed: Callable[[], None]) -> Shortcut:
        """Hold the keys at the X server."""
        if not self._x11:
            raise Unsupported(
                _(
                    "Under Wayland only the desktop gives out shortcuts: "
                    "in its keyboard settings, let one run %(command)s."
                )
                % {"command": f"{NAME} --pick"}
            )
        return x11.hold(keys, pressed)


def _entry() -> Path:
    settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(settings) / "autostart" / f"{NAME}.desktop"


def _mutter_idle_seconds() -> float | None:
    # Loaded where it is asked: half a second of start that only GNOME has use for.
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    monitor = DBusAddress(
        "/org/gnome/Mutter/IdleMonitor/Core", "org.gnome.Mutter.IdleMonitor", "org.gnome.Mutter.IdleMonitor"
    )
    try:
        with open_dbus_connection() as bus:
            reply = bus.send_and_get_reply(new_method_call(monitor, "GetIdletime"), timeout=1.0)
    except (OSError, KeyError, ValueError):
        return None
    if reply.header.message_type is not MessageType.method_return:
        return None
    milliseconds: int = reply.body[0]
    return milliseconds / 1000
