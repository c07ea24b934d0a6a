// The script of every page. Pages work without it; it makes them quick and live.
import "htmx.org";
import { installChoices } from "./choices";
import { installDialogs } from "./dialogs";
import { watchEvents } from "./events";
import { installForms } from "./forms";
import { installNotices } from "./notices";
import { installTheme } from "./theme";
import "./timer-bar";
import { installTree } from "./tree";

installTheme();
installForms();
installDialogs();
installNotices();
installChoices();
installTree();
watchEvents();
