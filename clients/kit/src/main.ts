// The script of every page. Pages work without it; it makes them quick and live.
import "htmx.org";
import { installDialogs } from "./dialogs";
import { watchEvents } from "./events";
import { installForms } from "./forms";
import { installNotices } from "./notices";
import { installTheme } from "./theme";

installTheme();
installForms();
installDialogs();
installNotices();
watchEvents();
