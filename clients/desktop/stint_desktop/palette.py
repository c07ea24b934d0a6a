"""The colours of Stint, by day and by night: those of the web pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

_SIGNS = Path(__file__).parent / "signs"


@dataclass(frozen=True)
class Colors:
    """Names say what a colour is for; each text colour holds 4.5 to 1 on paper and on raised."""

    paper: str
    raised: str
    line: str
    ink: str
    muted: str
    primary: str
    on_primary: str
    accent: str
    danger: str


DAY = Colors(
    "#fdfcf9", "#f5f3ed", "#d9d6cb", "#15272c", "#536266", "#00615d", "#f2fdfc", "#f2a548", "#b02b27"
)
NIGHT = Colors(
    "#142024", "#1b292e", "#35454b", "#eae8df", "#a9b0ad", "#5ed0c7", "#002020", "#f4b261", "#f69088"
)


_worn = DAY


def colors() -> Colors:
    """Return those that are worn."""
    return _worn


def wear(app: QApplication, chosen: Colors) -> None:
    """Show every window in these colours from now on."""
    global _worn
    _worn = chosen
    app.setPalette(qt_palette(chosen))
    app.setStyleSheet(style_sheet(chosen))


def qt_palette(chosen: Colors) -> QPalette:
    """Return Qt's own palette in these colours, for everything that is not styled further."""
    made = QPalette(QColor(chosen.raised), QColor(chosen.raised))
    group, role = QPalette.ColorGroup, QPalette.ColorRole
    for role_, color in {
        role.WindowText: chosen.ink,
        role.Text: chosen.ink,
        role.ButtonText: chosen.ink,
        role.ToolTipText: chosen.ink,
        role.Base: chosen.paper,
        role.AlternateBase: chosen.raised,
        role.ToolTipBase: chosen.paper,
        role.PlaceholderText: chosen.muted,
        role.Highlight: chosen.primary,
        role.HighlightedText: chosen.on_primary,
        role.Link: chosen.primary,
        role.Accent: chosen.primary,
    }.items():
        made.setColor(role_, QColor(color))
    for role_ in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, role_, QColor(chosen.muted))
    return made


def style_sheet(chosen: Colors) -> str:
    """Return the style of all windows."""
    check = (_SIGNS / f"check-{'day' if chosen is DAY else 'night'}.svg").as_posix()
    return f"""
        QLineEdit {{
            background: {chosen.paper}; color: {chosen.ink}; border: 1px solid {chosen.line};
            border-radius: 6px; padding: 5px 8px; selection-background-color: {chosen.primary};
            selection-color: {chosen.on_primary};
        }}
        QLineEdit:focus {{ border: 1px solid {chosen.primary}; }}
        QAbstractSpinBox > QLineEdit, QAbstractSpinBox > QLineEdit:focus {{
            border: 0; padding: 0 2px; background: transparent;
        }}
        QCheckBox::indicator {{
            width: 14px; height: 14px; border: 1px solid {chosen.muted}; border-radius: 4px;
            background: {chosen.paper};
        }}
        QCheckBox::indicator:checked {{
            background: {chosen.primary}; border-color: {chosen.primary}; image: url({check});
        }}
        QCheckBox::indicator:disabled {{ background: {chosen.line}; border-color: {chosen.line}; }}
        QCheckBox:disabled {{ color: {chosen.muted}; }}
        QLineEdit#note {{ background: transparent; border: 1px solid transparent; padding: 3px 4px; }}
        QLineEdit#note:hover {{ border-color: {chosen.line}; }}
        QLineEdit#note:focus {{ border-color: {chosen.primary}; }}
        QPushButton {{
            background: {chosen.paper}; color: {chosen.ink}; border: 1px solid {chosen.line};
            border-radius: 6px; padding: 6px 14px;
        }}
        QPushButton:hover {{ border-color: {chosen.muted}; }}
        QPushButton:focus {{ border-color: {chosen.primary}; }}
        QPushButton:disabled {{ color: {chosen.muted}; }}
        QPushButton:default {{
            background: {chosen.primary}; color: {chosen.on_primary}; border-color: {chosen.primary};
        }}
        QPushButton#choice {{ text-align: left; padding: 9px 14px; }}
        QWidget#rule {{ background: {chosen.line}; }}
        QFrame#card {{ background: {chosen.paper}; border: 1px solid {chosen.line}; border-radius: 8px; }}
        QLabel#muted {{ color: {chosen.muted}; }}
        QLabel#trouble {{ color: {chosen.danger}; }}
        QLabel#heading {{ font-size: 15pt; font-weight: 600; }}
        QMenu {{ background: {chosen.paper}; color: {chosen.ink}; border: 1px solid {chosen.line}; padding: 4px; }}
        QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 5px; }}
        QMenu::item:selected {{ background: {chosen.primary}; color: {chosen.on_primary}; }}
        QMenu::item:disabled {{ color: {chosen.muted}; background: transparent; }}
        QMenu::separator {{ height: 1px; background: {chosen.line}; margin: 4px 8px; }}
        QTreeWidget {{ background: transparent; border: 0; outline: 0; }}
        QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
        QScrollBar::handle:vertical {{ background: {chosen.line}; border-radius: 4px; min-height: 32px; }}
        QScrollBar::handle:vertical:hover {{ background: {chosen.muted}; }}
        QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical {{ height: 0; }}
        QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical {{ background: transparent; }}
        QToolTip {{ background: {chosen.paper}; color: {chosen.ink}; border: 1px solid {chosen.line}; }}
    """
