"""The two things that an X server is asked: how long nobody touched anything, and to hold keys."""

from __future__ import annotations

import ctypes
import os
import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from ctypes.util import find_library
from functools import cache

from stint_desktop.platform import Unsupported
from stint_desktop.platform.keys import Combination
from stint_desktop.texts import gettext_ as _

_SHIFT, _LOCK, _CONTROL, _ALT, _NUM_LOCK, _META = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 6
# The keys count whatever lock is on.
_LOCKS = (0, _LOCK, _NUM_LOCK, _LOCK | _NUM_LOCK)
_KEY_PRESS, _GRAB_ASYNC = 2, 1
_ERROR_HANDLER = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)


class _ScreenSaverInfo(Structure):
    _fields_ = [
        ("window", c_ulong),
        ("state", c_int),
        ("kind", c_int),
        ("til_or_since", c_ulong),
        ("idle", c_ulong),
        ("event_mask", c_ulong),
    ]


class _Event(ctypes.Union):
    _fields_ = [("type", c_int), ("pad", c_long * 24)]


@cache
def _xlib() -> ctypes.CDLL:
    """Load the library; raises OSError where it is not."""
    xlib = ctypes.CDLL(find_library("X11") or "libX11.so.6")
    xlib.XInitThreads()
    xlib.XOpenDisplay.restype, xlib.XOpenDisplay.argtypes = c_void_p, [c_char_p]
    xlib.XDefaultRootWindow.restype, xlib.XDefaultRootWindow.argtypes = c_ulong, [c_void_p]
    xlib.XStringToKeysym.restype, xlib.XStringToKeysym.argtypes = c_ulong, [c_char_p]
    xlib.XKeysymToKeycode.restype, xlib.XKeysymToKeycode.argtypes = ctypes.c_ubyte, [c_void_p, c_ulong]
    xlib.XSetErrorHandler.restype, xlib.XSetErrorHandler.argtypes = c_void_p, [c_void_p]
    xlib.XGrabKey.argtypes = [c_void_p, c_int, c_uint, c_ulong, c_int, c_int, c_int]
    xlib.XNextEvent.argtypes = [c_void_p, POINTER(_Event)]
    xlib.XSync.argtypes = [c_void_p, c_int]
    for name in ("XCloseDisplay", "XConnectionNumber", "XPending"):
        getattr(xlib, name).argtypes = [c_void_p]
    return xlib


@cache
def _screen_saver() -> ctypes.CDLL:
    library = ctypes.CDLL(find_library("Xss") or "libXss.so.1")
    library.XScreenSaverQueryInfo.argtypes = [c_void_p, c_ulong, POINTER(_ScreenSaverInfo)]
    return library


def idle_seconds() -> float | None:
    """Return how long nothing was touched; None without an X server or its screen saver extension."""
    try:
        xlib, saver = _xlib(), _screen_saver()
    except OSError:
        return None
    display = xlib.XOpenDisplay(None)
    if not display:
        return None
    info = _ScreenSaverInfo()
    told = saver.XScreenSaverQueryInfo(display, xlib.XDefaultRootWindow(display), byref(info))
    xlib.XCloseDisplay(display)
    return float(info.idle) / 1000 if told else None


class _Held:
    """Keys held on a connection of its own, which a thread listens to."""

    def __init__(self, xlib: ctypes.CDLL, display: int, pressed: Callable[[], None]) -> None:
        self._xlib, self._display, self._pressed = xlib, display, pressed
        self._wake, self._awake = os.pipe()
        self._thread = threading.Thread(target=self._listen, name="shortcut", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Close the connection, which gives the keys back."""
        os.close(self._awake)
        self._thread.join()

    def _listen(self) -> None:
        connection, event = self._xlib.XConnectionNumber(self._display), _Event()
        while True:
            while self._xlib.XPending(self._display):
                self._xlib.XNextEvent(self._display, byref(event))
                if event.type == _KEY_PRESS:
                    self._pressed()
            if self._wake in select.select([connection, self._wake], [], [])[0]:
                break
        self._xlib.XCloseDisplay(self._display)
        os.close(self._wake)


def hold(keys: Combination, pressed: Callable[[], None]) -> _Held:
    """Hold the keys.

    Raises:
        Unsupported: there is no X server, it has no such key, or another program holds them.

    """
    try:
        xlib = _xlib()
    except OSError as missing:
        raise Unsupported(_("The library libX11 is missing; please install it.")) from missing
    display = xlib.XOpenDisplay(None)
    if not display:
        raise Unsupported(_("The X server does not answer."))
    code = xlib.XKeysymToKeycode(display, xlib.XStringToKeysym(_keysym_name(keys)))
    root = xlib.XDefaultRootWindow(display)
    with _errors(xlib) as refused:
        if code:
            for lock in _LOCKS:
                xlib.XGrabKey(display, code, _mask(keys) | lock, root, 1, _GRAB_ASYNC, _GRAB_ASYNC)
        xlib.XSync(display, 0)
    if refused or not code:
        xlib.XCloseDisplay(display)
        raise Unsupported(
            _("Another program has this shortcut, or the keyboard lacks the key; choose another.")
        )
    return _Held(xlib, display, pressed)


def _keysym_name(keys: Combination) -> bytes:
    return (keys.key if keys.key.startswith("F") and len(keys.key) > 1 else keys.key.lower()).encode()


def _mask(keys: Combination) -> int:
    held = ((keys.shift, _SHIFT), (keys.ctrl, _CONTROL), (keys.alt, _ALT), (keys.meta, _META))
    return sum(mask for wanted, mask in held if wanted)


@contextmanager
def _errors(xlib: ctypes.CDLL) -> Iterator[list[int]]:
    """Collect the errors of the X server, which else end the process."""
    seen: list[int] = []

    def note(_display: int, _error: int) -> int:
        seen.append(1)
        return 0

    handler = _ERROR_HANDLER(note)
    before = xlib.XSetErrorHandler(ctypes.cast(handler, c_void_p))
    try:
        yield seen
    finally:
        xlib.XSetErrorHandler(before)
