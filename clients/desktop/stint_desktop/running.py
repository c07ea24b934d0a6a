"""Puts the app together and runs it until somebody quits."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from stint.client.credentials import config_folder
from stint_desktop import texts
from stint_desktop.app import Desktop
from stint_desktop.keeping import KeyringSecrets
from stint_desktop.platform import current
from stint_desktop.session import FOLDER, Session
from stint_desktop.single import SingleInstance
from stint_desktop.work import Work

PREFERENCES = "preferences.json"
_THREADS = 3  # searches and the tree; the system's idle time; what a dialog waits for


def speak(app: QApplication) -> None:
    """Have everything said in the language of the system: by this app, by what it shares with the terminal, by Qt."""
    languages = QLocale.system().uiLanguages()
    texts.speak(languages)
    os.environ.setdefault("LANGUAGE", ":".join(language.replace("-", "_") for language in languages))
    translator = QTranslator(app)
    if translator.load(
        QLocale(), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        app.installTranslator(translator)


def run(command: str, *, quiet: bool) -> int:
    """Run; return the exit code of the process."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Stint")
    app.setDesktopFileName("stint-desktop")
    app.setQuitOnLastWindowClosed(False)
    app.setStyle("Fusion")
    speak(app)
    folder = config_folder()
    single = SingleInstance(folder / FOLDER)
    if not single.listen():
        return 0 if single.hand_over(command) else 1
    work = Work("work", _THREADS)
    session = Session(folder, KeyringSecrets(folder / FOLDER), work)
    desktop = Desktop(app, session, current(), work, folder / FOLDER / PREFERENCES)
    single.wanted.connect(desktop.obey)
    desktop.begin(quiet=quiet)
    if command != "show":
        desktop.obey(command)
    code = app.exec()
    desktop.end()
    return code
