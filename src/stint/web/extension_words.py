"""The words of the browser extension: bundled with it, in every language, by tools/extension.py."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stint.web.words import kit_words, queue_words


def extension_words() -> dict[str, str]:
    """Return the texts of popup, options and toolbar by key: those of the kit, and the extension's own."""
    own = {
        "options": _("Settings"),
        "openTimesheet": _("Open timesheet"),
        "today": _("Today"),
        "nothingYet": _("What you track appears here, ready to go on with."),
        "nothingLike": _("Nothing like this lately. Press Start for something new."),
        "idle": _("No timer runs"),
        "toolbarConnect": _("Stint: click to connect"),
        "offlineNow": _("No connection."),
        "waiting": _("{count} not sent yet"),
        "menuSelection": _("Start timer with “%s”"),
        "menuPage": _("Start timer with the title of this page"),
        "server": _("Your Stint server"),
        "connectHint": _(
            "Type the address at which you open Stint in the browser. You then sign in there and allow the extension."
        ),
        "address": _("Address"),
        "connect": _("Connect"),
        "connectedTo": _("Connected to"),
        "disconnect": _("Disconnect"),
        "useToken": _("Use an API token instead"),
        "tokenHint": _("You make tokens in Stint under Settings, API tokens."),
        "token": _("API token"),
        "connectByToken": _("Connect with the token"),
        "compareCode": _("Stint was opened in another tab. Compare this code there, then press Allow:"),
        "openAgain": _("Open the page again"),
        "keptHere": _(
            "{count} changes were not sent yet. They stay in this browser and are sent once you are connected."
        ),
        "addressMissing": _("Type the address of your Stint server."),
        "addressWrong": _("This is no address. It looks like https://stint.example.com."),
        "httpsDue": _(
            "Over plain http anybody on the way could read along. Use the address that begins with https."
        ),
        "noServer": _(
            "No server answers at {address}. Check the address and your connection, and that its certificate is valid."
        ),
        "notStint": _(
            "A server answers there, but it is not Stint, or too old. Check the address, without anything behind it."
        ),
        "notPermitted": _("The browser was not allowed to reach this address. Try again and press Allow."),
        "tokenMissing": _("Paste the token first."),
        "tokenRefused": _("Stint does not know this token. It may have been revoked; make a new one."),
        "connectDenied": _("The connection was denied on the page of Stint."),
        "connectOver": _("Nobody allowed it within ten minutes. Connect again."),
        "signInAgain": _("Sign in again"),
        "signedOut": _("Stint does not know this extension any more: its token was revoked."),
        "signedOutKept": _(
            "Stint does not know this extension any more: its token was revoked. What you did is kept here and sent "
            "once you have signed in again."
        ),
        "startButtons": _("Start buttons on other pages"),
        "startButtonsHint": _(
            "A button beside the title of an issue or a merge request starts a timer with its title and link. The "
            "browser asks you for each site. Reload pages that are already open."
        ),
        "ownSite": _("Your own GitLab, Jira or GitHub Enterprise"),
        "addSite": _("Add"),
        "tryAgain": _("Try again"),
        "understood": _("OK"),
    }
    return kit_words() | queue_words() | own


def browser_words() -> dict[str, str]:
    """Return what the browser itself and the buttons on other pages say: _locales/*/messages.json."""
    return {
        "description": _("Start, stop and see your timer from the toolbar. For your own Stint server."),
        "toggle": _("Start or stop the timer"),
        "buttonStart": _("Start timer"),
        "buttonRuns": _("Timer runs"),
    }
