"""The words of the kit: what its components say, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stint.client import texts


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
        "favourites": _("Favourites"),
        "allTasks": _("All tasks"),
        "favour": _("Add to favourites"),
        "unfavour": _("Remove from favourites"),
        "showMore": _("Show more"),
        "unreachable": _("Stint cannot be reached. Check your connection and try again."),
        "undo": _("Undo"),
        "tags": _("Tags"),
        "addTag": _("Add a tag"),
        "removeTag": _("Remove"),
        "recent": _("Recent"),
        "discard": _("Discard"),
        "discarded": _("The timer was discarded."),
        "changeStart": _("Change the start"),
        "startedAt": _("Started at"),
        "set": _("Set"),
        "minutesAgo": _("minutes ago"),
        "timerChanged": _("This timer was changed in another window; it now shows that."),
        "youTyped": _("Another timer runs now. You were typing:"),
        "keepMine": _("Keep mine"),
        "failed": _("That did not work. Reload the page and try again."),
        "calendar": _("Calendar"),
        "calendarKeys": _(
            "Enter opens it. Alt and arrows move it, Shift and arrows change its end, Delete removes it, "
            "Ctrl+Z takes a move back."
        ),
        "emptyCalendar": _(
            "No time here yet. Drag over free space (on a phone, hold first) or press New entry."
        ),
        "total": _("Total"),
        "addTime": _("Add time"),
        "editEntry": _("Edit entry"),
        "noNote": _("No note"),
        "now": _("now"),
        "running": _("running"),
        "day": _("Day"),
        "endDay": _("Day of the end"),
        "from": _("Start time"),
        "to": _("End time"),
        "billable": _("Billable"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "continue": _("Continue"),
        "duplicate": _("Duplicate"),
        "split": _("Split"),
        "splitAt": _("Split at"),
        "delete": _("Delete"),
        "entryDeleted": _("Entry deleted."),
        "duplicated": _("Entry duplicated."),
        "notSaved": _("Closed without saving."),
        "notSavedYet": _("Not saved yet. Enter tries again."),
        "savedOn": _("Saved on another day:"),
        "changedElsewhere": _("It was changed elsewhere meanwhile. What you typed is kept; it is now:"),
        "takeTheirs": _("Take this instead"),
        "clocksForward": _("Clocks go forward: this hour is skipped"),
        "clocksBack": _("Clocks go back: this hour comes twice"),
        "copied": _("Copied"),
        "zones": _("Time zones"),
        "noZone": _("No zone is called so. Try a large city near you."),
        "zoneHere": _("Use this browser’s:"),
    }


def queue_words() -> dict[str, str]:
    """Return what the offline queue tells, for pages that have one; the kit fills in $time and $detail."""
    told = {f"queue{kind.capitalize()}": text for kind, text in texts.NOTICES.items()}
    told |= {"queueConflict": texts.CONFLICT, "queueRefused": texts.REFUSED, "queueUnkept": texts.UNKEPT}
    return {key: _(text) for key, text in told.items()}
