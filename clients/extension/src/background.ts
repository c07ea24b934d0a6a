// What goes on while no page of the extension is open: Chromium runs it as a service worker, Firefox as an event page.
// Either may be ended at any time and is started again by an event, so every listener is added at once.
import { word } from "../../kit/src/words";
import { CONNECTION, type Connection, connection } from "./connection";
import { Desk, showBadge } from "./desk";
import type { Answer, Asked } from "./messages";
import { platform, watch } from "./platform";
import { registerButtons } from "./sites";
import { speak } from "./speaking";

const ALARM = "look";
const LONGEST_NOTE = 3000;
const buttons = new Set<chrome.runtime.Port>();
let desk = settle(connection());

platform.runtime.onInstalled.addListener(({ reason }) => {
  void makeMenus();
  if (reason === "install") void withDesk(async () => undefined);
});
platform.runtime.onStartup.addListener(() => void makeMenus());
platform.alarms.onAlarm.addListener(() => void desk.then((at) => at?.wake()));
void platform.alarms.create(ALARM, { periodInMinutes: 1 });
watch<Connection>(CONNECTION, (made) => {
  desk = desk.then((before) => {
    before?.close();
    return settle(Promise.resolve(made));
  });
});

platform.contextMenus.onClicked.addListener((info, tab) => {
  if (info.menuItemId === "timesheet") void openTimesheet();
  else void startWith(info.menuItemId === "selection" ? info.selectionText : tab?.title);
});
platform.commands.onCommand.addListener((command) => {
  if (command === "toggle") void withDesk((at) => at.toggle());
});
platform.permissions.onAdded.addListener(() => void registerButtons());
platform.permissions.onRemoved.addListener(() => void registerButtons());

platform.runtime.onMessage.addListener((asked: Asked, _from, answer: (answer: Answer) => void) => {
  if (asked.act === "wake") void desk.then((at) => at?.wake());
  else void startWith(asked.note).then(answer);
  return asked.act === "start";
});
platform.runtime.onConnect.addListener((port) => {
  buttons.add(port);
  port.onDisconnect.addListener(() => buttons.delete(port));
  void desk.then(tellButtons);
});

async function settle(made: Promise<Connection | undefined>): Promise<Desk | undefined> {
  const [connected] = await Promise.all([made, speak(), guardStorage()]);
  if (!connected) {
    await showBadge({ connected: false, running: null, now: 0, queued: 0, offline: false, signedOut: false });
    return undefined;
  }
  const opened = new Desk(connected, () => tellButtons(opened));
  await opened.open();
  return opened;
}

/** Pages that our scripts run in must not reach the token. */
async function guardStorage(): Promise<void> {
  await platform.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
}

function tellButtons(at: Desk | undefined): void {
  const note = at?.running?.note ?? null;
  for (const button of buttons) button.postMessage({ running: note });
}

async function withDesk(act: (at: Desk) => Promise<void>): Promise<boolean> {
  const at = await desk;
  if (at) await act(at);
  else await platform.runtime.openOptionsPage();
  return at !== undefined;
}

async function startWith(text = ""): Promise<Answer> {
  const note = text.replace(/\s+/g, " ").trim().slice(0, LONGEST_NOTE);
  return { started: await withDesk((at) => at.start({ note })) };
}

async function openTimesheet(): Promise<void> {
  await withDesk(async (at) => {
    await platform.tabs.create({ url: `${at.connection.address}/` });
  });
}

async function makeMenus(): Promise<void> {
  await speak();
  await platform.contextMenus.removeAll();
  const { contextMenus } = platform;
  contextMenus.create({ id: "selection", title: word("menuSelection"), contexts: ["selection"] });
  contextMenus.create({ id: "page", title: word("menuPage"), contexts: ["page"] });
  contextMenus.create({ id: "timesheet", title: word("openTimesheet"), contexts: ["action"] });
}
