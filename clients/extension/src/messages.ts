// What the parts of the extension say to each other beside what is kept in its storage.

/** To the background: look again, or start a timer. */
export type Asked = { act: "wake" } | { act: "start"; note: string };

export interface Answer {
  /** False where no server is connected yet. */
  started: boolean;
}

/** From the background to the buttons on other pages: the note of what runs, null where nothing does. */
export interface ToButtons {
  running: string | null;
}
