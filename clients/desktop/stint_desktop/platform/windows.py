"""Windows: idleness and shortcuts by user32, the start with the computer by the registry."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import threading
from collections.abc import Callable
from ctypes import Structure, byref, c_uint

from stint_desktop.platform import Shortcut, Unsupported
from stint_desktop.platform.command import NAME, command
from stint_desktop.platform.keys import Combination
from stint_desktop.texts import gettext_ as _

assert sys.platform == "win32"

import winreg  # noqa: E402  (other systems do not have it)
from ctypes import wintypes  # noqa: E402

_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_WM_HOTKEY, _WM_QUIT, _NO_REPEAT = 0x0312, 0x0012, 0x4000
_ALT, _CONTROL, _SHIFT, _WINDOWS = 1, 2, 4, 8
_F1, _SPACE = 0x70, 0x20


class _LastInput(Structure):
    _fields_ = [("size", c_uint), ("ticks", wintypes.DWORD)]


class Windows:
    """Windows 10 and later."""

    def idle_seconds(self) -> float | None:
        """Ask for the tick of the last input; ticks of 32 bits wrap after 49 days."""
        last = _LastInput(ctypes.sizeof(_LastInput), 0)
        if not ctypes.windll.user32.GetLastInputInfo(byref(last)):
            return None
        return float((ctypes.windll.kernel32.GetTickCount() - last.ticks) & 0xFFFFFFFF) / 1000

    def why_not_idle(self) -> str:
        """Windows always tells."""
        return ""

    def starts_with_computer(self) -> bool:
        """Look into the user's Run key."""
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                winreg.QueryValueEx(key, NAME)
        except FileNotFoundError:
            return False
        return True

    def start_with_computer(self, wanted: bool) -> None:
        """Write or delete the value there."""
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            if wanted:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(command()))
            elif self.starts_with_computer():
                winreg.DeleteValue(key, NAME)

    def shortcut(self, keys: Combination, pressed: Callable[[], None]) -> Shortcut:
        """Register the keys in a thread, for its message queue is where they arrive."""
        return _HotKey(keys, pressed)


class _HotKey:
    def __init__(self, keys: Combination, pressed: Callable[[], None]) -> None:
        self._keys, self._pressed = keys, pressed
        self._ready = threading.Event()
        self._registered = False
        self._thread = threading.Thread(target=self._listen, name="shortcut", daemon=True)
        self._thread.start()
        self._ready.wait()
        if not self._registered:
            raise Unsupported(_("Another program has this shortcut; choose another."))

    def release(self) -> None:
        """End the thread, which gives the keys back."""
        ctypes.windll.user32.PostThreadMessageW(self._thread.native_id, _WM_QUIT, 0, 0)
        self._thread.join()

    def _listen(self) -> None:
        user32 = ctypes.windll.user32
        self._registered = bool(
            user32.RegisterHotKey(None, 1, _modifiers(self._keys), _virtual_key(self._keys))
        )
        self._ready.set()
        if not self._registered:
            return
        message = wintypes.MSG()
        while user32.GetMessageW(byref(message), None, 0, 0) > 0:
            if message.message == _WM_HOTKEY:
                self._pressed()
        user32.UnregisterHotKey(None, 1)


def _modifiers(keys: Combination) -> int:
    held = ((keys.alt, _ALT), (keys.ctrl, _CONTROL), (keys.shift, _SHIFT), (keys.meta, _WINDOWS))
    return _NO_REPEAT | sum(mask for wanted, mask in held if wanted)


def _virtual_key(keys: Combination) -> int:
    if keys.key == "Space":
        return _SPACE
    return ord(keys.key) if len(keys.key) == 1 else _F1 + int(keys.key[1:]) - 1
