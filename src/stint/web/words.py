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
        "archived": _("Archived"),
        "favour": _("Add to favourites"),
        "unfavour": _("Remove from favourites"),
        "showMore": _("Show more"),
        "unreachable": _("Stint cannot be reached. Check your connection and try again."),
        "undo": _("Undo"),
        "help": _("What to do"),
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


def phone_words() -> dict[str, str]:
    """Return the texts of the phone app: those of the kit, and its own."""
    own = {
        "timesheet": _("Timesheet"),
        "tasks": _("Tasks"),
        "task": _("Task"),
        "settings": _("Settings"),
        "pages": _("Pages"),
        "add": _("Add"),
        "today": _("Today"),
        "week": _("Week"),
        "weekBefore": _("The week before"),
        "weekAfter": _("The week after"),
        "entries": _("Entries"),
        "noTimeYet": _("No time on this day yet"),
        "noTimeHint": _("Press Start to track what you do now, or Add for what you did."),
        "startTitle": _("Start a timer"),
        "started": _("Started"),
        "stopped": _("Stopped."),
        "what": _("Note"),
        "when": _("When"),
        "length": _("Duration"),
        "close": _("Close"),
        "favourite": _("Favourite"),
        "dayMissing": _("Choose a day."),
        "timeMissing": _("Choose a time."),
        "timeSkipped": _("Clocks go forward on that day and skip this time; choose an hour later."),
        "endBefore": _("This lies before the start. Choose a later time."),
        "person": _("Signed in as"),
        "looks": _("Looks"),
        "themeSystem": _("System"),
        "themeLight": _("Light"),
        "themeDark": _("Dark"),
        "sending": _("Network"),
        "onlineNow": _("Connected."),
        "offlineNow": _("No connection."),
        "allSent": _("Everything is sent."),
        "notSent": _("Not sent yet"),
        "sendNow": _("Send now"),
        "worksOffline": _("Without a network you can go on: what you do is kept here and sent later."),
        "needsHttps": _("To open without a network the app needs an address that begins with https."),
        "installTitle": _("On your home screen"),
        "install": _("Install"),
        "installHint": _("Stint then opens like any other app, also without a network."),
        "installIos": _("Press Share in your browser, then “Add to Home Screen”."),
        "wholeTimesheet": _("Open the full site"),
        "signOut": _("Sign out"),
        "signOutLoses": _("Not sent yet, and lost when you sign out: {count}."),
        "signOutNow": _("Sign out all the same"),
        "signOutOffline": _("Signing out needs a connection to Stint. Try again later."),
        "signedOut": _("You were signed out."),
        "signedOutKept": _("You were signed out. What you did is kept here and sent once you are back."),
        "signIn": _("Sign in"),
        "newVersion": _("A new version of the app is ready."),
        "updateNow": _("Update now"),
        "tryAgain": _("Try again"),
        "understood": _("OK"),
    }
    return kit_words() | queue_words() | own
