// A heavy part of a page comes after the page is shown; what is clicked until then is not lost.

/** Load what makes `place` work; its last click that came too early is done again once it is here. */
export async function withEarlyClick(place: Element, load: () => Promise<unknown>): Promise<void> {
  let early: Element | null = null;
  const note = (event: Event) => {
    early = event.target as Element;
  };
  place.addEventListener("click", note);
  try {
    await load();
  } finally {
    place.removeEventListener("click", note);
  }
  (early as Element | null)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}
