"""The words of the kit: what its components say, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def kit_words() -> dict[str, str]:
    """Return each text by the key that the kit asks for; see clients/kit/src/words.ts."""
    return {
        "note": _("What are you working on?"),
        "start": _("Start"),
        "stop": _("Stop"),
        "elapsed": _("Elapsed"),
        "choose": _("Choose a task"),
        "noTask": _("No task"),
        "topLevel": _("Top level"),
        "search": _("Search tasks"),
        "loading": _("Loading…"),
        "noMatch": _("No task matches. Try part of its name, or ask a Manager to assign you."),
        "noTasks": _("No tasks are assigned to you yet. Ask a Manager, or track without a task."),
        "noPlaces": _("There is no other task to move it below."),
        "notYours": _("Not assigned to you"),
        "more": _("More: type to search"),
        "unreachable": _("Stint cannot be reached. Check your connection and try again."),
        "undo": _("Undo"),
        "failed": _("That did not work. Reload the page and try again."),
    }
