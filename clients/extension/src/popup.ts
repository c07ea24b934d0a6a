// The popup: it shows what is kept at once, and acts by the queue, which the background shares.
import type { OfflineQueue } from "../../kit/src/queue";
import { readBook } from "./book";
import { connection } from "./connection";
import { queueOf } from "./desk";
import { platform } from "./platform";
import { speak } from "./speaking";
import { TimerPopup } from "./timer-popup";

async function open(): Promise<void> {
  const [made, book] = await Promise.all([connection(), readBook(), speak()]);
  if (!made) {
    await platform.runtime.openOptionsPage();
    return window.close();
  }
  const queue = queueOf(made);
  await read(queue);
  const popup = new TimerPopup();
  popup.begin(made, queue, book);
  document.querySelector("main")?.append(popup);
  await platform.runtime.sendMessage({ act: "wake" });
}

/** What is kept is told first; the server may take its time. */
function read(queue: OfflineQueue): Promise<void> {
  return new Promise((resolve) => {
    const done = queue.subscribe(() => {
      done();
      resolve();
    });
    void queue.open();
  });
}

void open();
