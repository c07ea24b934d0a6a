// Dragging in the calendar: with a mouse or pen at once, with a finger after holding it down, so that a swipe scrolls.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { DAY_MINUTES, type Day, dragged, type Grab, instantAt, type Span } from "./calendar-layout";

const GRID = 5; // minutes
const FINE = 1; // with Alt or, where Alt moves windows, Shift
const SLACK = 4; // pixels that are still a click
const SWIPE = 10; // pixels after which a finger scrolls
const HOLD = 350; // milliseconds until a finger drags
const EDGE = 36; // pixels from the rim within which it scrolls by itself

export interface Dragging extends Span {
  /** The entry that is dragged; none where a new one is drawn. */
  id: string | null;
  kind: Grab["kind"];
}

export interface DragHost extends ReactiveControllerHost, HTMLElement {
  readonly scroller: HTMLElement;
  readonly days: Day[];
  readonly now: number;
  grab(target: Element, at: number): { grab: Grab; id: string | null } | null;
  drop(drag: Dragging): void;
  /** A press on free space without a drag. */
  create(at: number): void;
}

interface Held {
  pointer: number;
  touch: boolean;
  grab: Grab;
  id: string | null;
  /** The column in which a new entry was begun; what is there may be dragged to others. */
  column: number | null;
  x: number;
  y: number;
  fine: boolean;
  moved: boolean;
}

export class CalendarDrag implements ReactiveController {
  /** What a drag makes of the entry so far; null while nothing is dragged. */
  current: Dragging | null = null;
  private held: Held | null = null;
  private holding?: ReturnType<typeof setTimeout>;
  private scrolling?: number;
  private dropped = false;

  constructor(private host: DragHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  /** Listeners of the scroller: those that may stop a touch from scrolling cannot be declared in a template. */
  listen(): void {
    const { scroller } = this.host;
    scroller.addEventListener("pointerdown", (event) => this.press(event));
    scroller.addEventListener(
      "touchmove",
      (event) => this.current && event.cancelable && event.preventDefault(),
      {
        passive: false,
      },
    );
    scroller.addEventListener("contextmenu", (event) => {
      if (this.held?.touch) event.preventDefault();
    });
    scroller.addEventListener("click", (event) => this.swallow(event), { capture: true });
  }

  /** Take a drag back. */
  cancel(): void {
    clearTimeout(this.holding);
    if (this.scrolling) cancelAnimationFrame(this.scrolling);
    this.scrolling = undefined;
    removeEventListener("pointermove", this.move);
    removeEventListener("pointerup", this.release);
    removeEventListener("pointercancel", this.lose);
    removeEventListener("keydown", this.key, { capture: true });
    this.held = null;
    if (this.current) {
      this.current = null;
      this.host.requestUpdate();
    }
  }

  private press(event: PointerEvent): void {
    this.dropped = false;
    if (this.held || event.button !== 0) return;
    const target = event.composedPath()[0] as Element;
    const found = target.closest("[data-day]") && this.host.grab(target, this.instant(event, null));
    if (!found) return;
    const touch = event.pointerType === "touch";
    this.held = {
      ...found,
      touch,
      pointer: event.pointerId,
      x: event.clientX,
      y: event.clientY,
      column: found.id === null ? this.column(event.clientX) : null,
      fine: false,
      moved: false,
    };
    // A press on free space would else take the focus from where it is and select text.
    if (!touch && !found.id) event.preventDefault();
    if (touch) this.holding = setTimeout(() => this.begin(), HOLD);
    addEventListener("pointermove", this.move);
    addEventListener("pointerup", this.release);
    addEventListener("pointercancel", this.lose);
    addEventListener("keydown", this.key, { capture: true });
  }

  private begin(): void {
    navigator.vibrate?.(12);
    this.draw();
  }

  private move = (event: PointerEvent): void => {
    const held = this.held;
    if (!held || event.pointerId !== held.pointer) return;
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y);
    if (!this.current && held.touch && far > SWIPE) this.cancel();
    if (!this.current && (held.touch || far < SLACK)) return;
    const moved = held.moved || far >= SLACK;
    Object.assign(held, { x: event.clientX, y: event.clientY, fine: event.altKey || event.shiftKey, moved });
    this.draw();
    this.scrolling ??= requestAnimationFrame(this.scroll);
  };

  private draw(): void {
    const held = this.held;
    if (!held) return;
    const at = this.instant({ clientX: held.x, clientY: held.y }, held.column);
    const { grab } = held;
    const resting = grab.kind !== "create" && !held.moved;
    const span = resting ? grab : dragged(grab, at, held.fine ? FINE : GRID, this.host.now);
    this.current = { start: span.start, end: span.end, id: held.id, kind: grab.kind };
    this.host.requestUpdate();
  }

  /** Near the upper or lower rim the calendar scrolls under the pointer. */
  private scroll = (): void => {
    this.scrolling = undefined;
    if (!this.current || !this.held) return;
    const { scroller } = this.host;
    const { top, bottom } = scroller.getBoundingClientRect();
    const head = (scroller.firstElementChild as HTMLElement).offsetHeight;
    const over = Math.min(0, this.held.y - top - head - EDGE) + Math.max(0, this.held.y - bottom + EDGE);
    const before = scroller.scrollTop;
    scroller.scrollTop += Math.max(-1, Math.min(1, over / EDGE)) * 12;
    if (scroller.scrollTop === before) return;
    this.draw();
    this.scrolling = requestAnimationFrame(this.scroll);
  };

  private release = (event: PointerEvent): void => {
    const held = this.held;
    if (!held || event.pointerId !== held.pointer) return;
    const done = this.current;
    this.cancel();
    if (done) this.dropped = true;
    if (held.moved && done) this.host.drop(done);
    else if (held.grab.kind === "create" && (done || !held.touch)) this.host.create(held.grab.anchor);
  };

  private lose = (event: PointerEvent): void => {
    if (event.pointerId === this.held?.pointer) this.cancel();
  };

  private key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.current) return;
    event.preventDefault();
    event.stopPropagation();
    this.dropped = true;
    this.cancel();
  };

  /** The click that ends a drag opens nothing. */
  private swallow(event: Event): void {
    // A key's click has no detail.
    if (!this.dropped || (event as MouseEvent).detail === 0) return;
    this.dropped = false;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The instant at a point of a column; where an hour comes twice, the right half is the second. */
  private instant({ clientX, clientY }: { clientX: number; clientY: number }, column: number | null): number {
    const index = column ?? this.column(clientX);
    const { top, height, left, width } = this.columns()[index] as DOMRect;
    const wall = Math.min(Math.max((clientY - top) / height, 0), 1) * DAY_MINUTES;
    return instantAt(this.host.days[index] as Day, wall, clientX > left + width / 2);
  }

  private column(x: number): number {
    return Math.max(
      0,
      this.columns().findLastIndex((rect) => x >= rect.left),
    );
  }

  private columns(): DOMRect[] {
    const columns = this.host.scroller.querySelectorAll("[data-day]");
    return [...columns].map((column) => column.getBoundingClientRect());
  }
}
