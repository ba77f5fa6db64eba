import { Cell } from "../../../lib/cell";
import { isRecord } from "../../../lib/request";
import type { Classroom } from "../../classroom";

const TOPIC = "laser";
const EVERY_MS = 80;
const GONE_AFTER_MS = 2_000;

/** Where a grown-up points: 0 to 1 across and down, or nowhere. */
export interface Point {
  x: number;
  y: number;
}

export class Pointer {
  readonly at = new Cell<Point | null>(null);
  #sentAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly classroom: Classroom) {}

  start(): () => void {
    const stop = this.classroom.wire.on(TOPIC, (value, from) => {
      if (from.adult === null || !isRecord(value) || typeof value.x !== "number" || typeof value.y !== "number") return;
      this.#show({ x: clamp(value.x), y: clamp(value.y) });
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
      clearTimeout(this.#last);
    };
  }

  /** Point there. At most a dozen times a second goes out, and always where it came to rest. */
  point(x: number, y: number): void {
    clearTimeout(this.#last);
    this.#show({ x: clamp(x), y: clamp(y) });
    const wait = this.#sentAt + EVERY_MS - performance.now();
    if (wait > 0) this.#last = setTimeout(() => this.#send(x, y), wait);
    else this.#send(x, y);
  }

  #send(x: number, y: number): void {
    this.#sentAt = performance.now();
    void this.classroom.wire.send(TOPIC, { x: round(x), y: round(y) }).catch(() => undefined);
  }

  #show(at: Point): void {
    clearTimeout(this.#timer);
    this.at.set(at);
    this.#timer = setTimeout(() => this.at.set(null), GONE_AFTER_MS);
  }
}

const clamp = (one: number): number => Math.min(1, Math.max(0, one));
const round = (one: number): number => Math.round(clamp(one) * 1000) / 1000;

const pointers = new WeakMap<Classroom, Pointer>();

export function pointer(classroom: Classroom): Pointer {
  const known = pointers.get(classroom) ?? new Pointer(classroom);
  pointers.set(classroom, known);
  return known;
}
