"""Everything drawn: the tray icon in its states, and the signs on buttons. Each size is drawn for itself."""

from __future__ import annotations

import enum
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from stint_desktop.model import Link, State
from stint_desktop.palette import Colors

TRAY_SIZES = (16, 20, 22, 24, 32, 40, 48, 64)
_GRID = 32.0


class Face(enum.Enum):
    """What the tray icon says."""

    IDLE = "idle"
    RUNNING = "running"
    OFFLINE = "offline"
    RUNNING_OFFLINE = "running-offline"


def face(state: State) -> Face:
    """Return the face of a state. Who is not connected at all is offline, too."""
    away = state.link is not Link.ONLINE
    if state.running:
        return Face.RUNNING_OFFLINE if away else Face.RUNNING
    return Face.OFFLINE if away else Face.IDLE


def tray_icon(shown: Face, colors: Colors) -> QIcon:
    """Return the icon in every size that trays use."""
    icon = QIcon()
    for size in TRAY_SIZES:
        icon.addPixmap(tray_pixmap(shown, colors, size))
    return icon


def tray_pixmap(shown: Face, colors: Colors, size: int) -> QPixmap:
    """Return it in one size: a tile that is filled while the timer runs, with a dot when the server is away."""
    running = shown in (Face.RUNNING, Face.RUNNING_OFFLINE)
    away = shown in (Face.OFFLINE, Face.RUNNING_OFFLINE)

    def draw(painter: QPainter) -> None:
        _tile(painter, colors, filled=running, size=size)
        _clock(painter, colors, running=running)
        if away:
            _away_dot(painter, colors)

    return _drawn(size, draw)


def _drawn(size: int, draw: Callable[[QPainter], None]) -> QPixmap:
    """Draw on a grid of 32 by 32."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / _GRID, size / _GRID)
    draw(painter)
    painter.end()
    return pixmap


def _tile(painter: QPainter, colors: Colors, *, filled: bool, size: int) -> None:
    # The rim lies on whole pixels, whatever the size: half a pixel would blur it.
    pixel = _GRID / size
    rim = max(1, round(size / 16)) * pixel
    edge = rim / 2 if not filled else 0
    painter.setPen(QPen(QColor(colors.muted), rim) if not filled else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.primary if filled else colors.paper))
    painter.drawRoundedRect(QRectF(edge, edge, _GRID - 2 * edge, _GRID - 2 * edge), 7, 7)


def _clock(painter: QPainter, colors: Colors, *, running: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = QPen(QColor(colors.on_primary if running else colors.muted), 3)
    ring.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(ring)
    painter.drawArc(QRectF(7, 7, 18, 18), 90 * 16, -270 * 16)
    hand = QPen(QColor(_hand(colors) if running else colors.muted), 3)
    hand.setCapStyle(Qt.PenCapStyle.RoundCap)
    hand.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(hand)
    painter.drawPolyline([QPointF(16, 11), QPointF(16, 16), QPointF(19.5, 18)])


def _hand(colors: Colors) -> str:
    """Amber on the dark pine of the day; on the light pine of the night it would not be seen."""
    return colors.accent if QColor(colors.primary).lightness() < 128 else colors.on_primary


def _away_dot(painter: QPainter, colors: Colors) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.accent))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.drawEllipse(QPointF(25, 25), 8.5, 8.5)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.drawEllipse(QPointF(25, 25), 6.5, 6.5)


def sign(name: str, color: str, size: int, ratio: float = 1) -> QPixmap:
    """Return the sign of a button: play, stop, down, close, dots or search."""
    pixmap = _drawn(round(size * ratio), lambda painter: _SIGNS[name](painter, QColor(color)))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _play(painter: QPainter, color: QColor) -> None:
    path = QPainterPath(QPointF(10, 6.5))
    path.lineTo(26, 16)
    path.lineTo(10, 25.5)
    path.closeSubpath()
    pen = QPen(color, 3)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(color)
    painter.drawPath(path)


def _stop(painter: QPainter, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(7, 7, 18, 18), 3, 3)


def _lines(*strokes: list[tuple[float, float]]) -> Callable[[QPainter, QColor], None]:
    def draw(painter: QPainter, color: QColor) -> None:
        pen = QPen(color, 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for stroke in strokes:
            painter.drawPolyline([QPointF(x, y) for x, y in stroke])

    return draw


def _search(painter: QPainter, color: QColor) -> None:
    _lines([(20.5, 20.5), (27, 27)])(painter, color)
    painter.drawEllipse(QPointF(14, 14), 8.5, 8.5)


def _dots(painter: QPainter, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for x in (6, 16, 26):
        painter.drawEllipse(QPointF(x, 16), 2.6, 2.6)


_SIGNS: dict[str, Callable[[QPainter, QColor], None]] = {
    "play": _play,
    "stop": _stop,
    "down": _lines([(8, 12), (16, 20), (24, 12)]),
    "close": _lines([(8, 8), (24, 24)], [(24, 8), (8, 24)]),
    "dots": _dots,
    "search": _search,
}
