// The script of every page. Pages work without it; it makes them quick and live.
import htmx from "htmx.org";
import { installChoices } from "./choices";
import { installCsrf } from "./csrf";
import { installDayList } from "./day-list";
import { installTimes } from "./day-times";
import { installDialogs } from "./dialogs";
import { withEarlyClick } from "./early";
import { watchEvents } from "./events";
import { installForms } from "./forms";
import { installNotices } from "./notices";
import { installSession } from "./session";
import { installShortcuts } from "./shortcuts";
import { installTheme } from "./theme";
import "./timer-bar";

installCsrf();
installTheme();
installForms();
installDialogs();
installDayList();
installTimes();
installNotices((url) => htmx.ajax("post", url, { swap: "none" }));
installChoices();
installSession();
installShortcuts();
watchEvents();

// Heavy parts come where the page has them.
if (document.querySelector("stint-calendar")) void import("./calendar");
if (document.querySelector("[data-week]")) void import("./week-grid");
const tree = document.querySelector("[data-tree]");
if (tree) void withEarlyClick(tree, () => import("./tree"));
if (document.querySelector(".settings")) void import("./settings");
if (document.querySelector("#people")) void import("./copying");
if (document.querySelector("form[data-passkey]")) void import("./passkeys");
