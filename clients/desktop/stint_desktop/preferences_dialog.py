"""The preferences, as a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import msgspec
from PySide6.QtCore import QLocale, Qt, QTime
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLayout,
    QSpinBox,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from stint import __version__
from stint_desktop.parts import label
from stint_desktop.preferences import Preferences
from stint_desktop.texts import gettext_ as _

_WIDTH, _FIELD = 600, (90, 28)
Apply = Callable[[Preferences, bool], str]
"""Takes the preferences, and whether to start with the computer; returns what stands in the way, or nothing."""


class PreferencesDialog(QDialog):
    """Shows the preferences and has them applied; stays open with the reason where that does not succeed."""

    def __init__(self, preferences: Preferences, *, autostart: bool, why_not_idle: str, apply: Apply) -> None:
        super().__init__(None)
        self._preferences, self._apply = preferences, apply
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(_("Preferences"))
        self.setMinimumWidth(_WIDTH)
        self.autostart = _box(self, _("Start Stint with the computer"), autostart)
        self._build_idle(why_not_idle)
        self._build_reminder()
        self.shortcut = QKeySequenceEdit(QKeySequence(preferences.shortcut), self)
        self.shortcut.setMaximumSequenceLength(1)
        self.shortcut.setClearButtonEnabled(True)
        self.trouble = label(self, "trouble", wrap=True)
        self.trouble.hide()
        self._lay_out()

    def _build_idle(self, why_not: str) -> None:
        self.idle_on = _box(self, _("Ask about idle time"), self._preferences.idle_on)
        self.idle_minutes = _minutes(self, self._preferences.idle_minutes)
        self.idle_why_not = label(self, "muted", why_not, wrap=True)
        self.idle_why_not.setVisible(bool(why_not))
        self.idle_on.setEnabled(not why_not)
        _follow(self.idle_on, self.idle_minutes)

    def _build_reminder(self) -> None:
        set_ = self._preferences
        self.remind = _box(self, _("Remind me when nothing runs"), set_.remind)
        self.remind_minutes = _minutes(self, set_.remind_minutes)
        names = QLocale()
        self.days = [
            _box(self, names.dayName(day + 1, QLocale.FormatType.ShortFormat), day in set_.work_days)
            for day in range(7)
        ]
        self.work_from = QTimeEdit(QTime(set_.work_from.hour, set_.work_from.minute), self)
        self.work_until = QTimeEdit(QTime(set_.work_until.hour, set_.work_until.minute), self)
        for field, name in (
            (self.work_from, _("Working hours begin")),
            (self.work_until, _("Working hours end")),
        ):
            field.setDisplayFormat("HH:mm")
            field.setFixedSize(*_FIELD)
            field.setAccessibleName(name)
        _follow(self.remind, self.remind_minutes, self.work_from, self.work_until, *self.days)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.autostart)
        form.addRow(_rule(self))
        form.addRow(self.idle_on)
        form.addRow(_("After"), self.idle_minutes)
        form.addRow(self.idle_why_not)
        form.addRow(_rule(self))
        form.addRow(self.remind)
        form.addRow(_("After"), self.remind_minutes)
        form.addRow(_("On"), _line(*self.days))
        form.addRow(_("From, until"), _line(self.work_from, label(self, text="–"), self.work_until))
        form.addRow(_rule(self))
        form.addRow(_("Shortcut to start a task"), self.shortcut)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        buttons.button(QDialogButtonBox.StandardButton.Save).setText(_("Save"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Cancel"))
        buttons.accepted.connect(self.save)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 18)
        whole.setSpacing(14)
        whole.addLayout(form)
        whole.addWidget(self.trouble)
        last = QHBoxLayout()
        last.addWidget(label(self, "muted", f"Stint {__version__}"))
        last.addWidget(buttons)
        whole.addLayout(last)

    def save(self) -> None:
        """Have it applied; close when it was."""
        trouble = self._apply(self._chosen(), self.autostart.isChecked())
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        if not trouble:
            self.accept()

    def _chosen(self) -> Preferences:
        return msgspec.structs.replace(
            self._preferences,
            idle_on=self.idle_on.isChecked(),
            idle_minutes=self.idle_minutes.value(),
            remind=self.remind.isChecked(),
            remind_minutes=self.remind_minutes.value(),
            work_days=tuple(day for day, box in enumerate(self.days) if box.isChecked()),
            work_from=_time(self.work_from),
            work_until=_time(self.work_until),
            shortcut=self.shortcut.keySequence().toString(QKeySequence.SequenceFormat.PortableText),
        )


def _box(parent: QWidget, text: str, checked: bool) -> QCheckBox:
    box = QCheckBox(text, parent)
    box.setChecked(checked)
    return box


def _minutes(parent: QWidget, value: int) -> QSpinBox:
    field = QSpinBox(parent, minimum=1, maximum=240, value=value)
    field.setSuffix(_(" min"))
    field.setFixedSize(*_FIELD)
    return field


def _time(field: QTimeEdit) -> time:
    return time(field.time().hour(), field.time().minute())


def _follow(switch: QCheckBox, *fields: QWidget) -> None:
    """Let fields be changed only while the switch is on."""
    for field in fields:
        switch.toggled.connect(field.setEnabled)
        field.setEnabled(switch.isChecked() and switch.isEnabled())


def _line(*parts: QWidget) -> QLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    for part in parts:
        line.addWidget(part)
    line.addStretch(1)
    return line


def _rule(parent: QWidget) -> QWidget:
    rule = QWidget(parent)
    rule.setObjectName("rule")
    rule.setFixedHeight(1)
    return rule
