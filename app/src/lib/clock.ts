import { keepText, keptText } from "./safe-storage";

const STORED_OFFSET = "schoolday.clock_offset_ms";
// A laptop that slept: the tick counter may have stood still while the device's clock went on.
const SLEPT_MS = 2_000;
// An answer that took longer tells the time too badly, unless it is the first one.
const ROUND_TRIP_AT_MOST_MS = 5_000;

interface Sources {
  device: () => number;
  ticks: () => number;
  stored: Pick<Storage, "getItem" | "setItem"> | null;
}

/**
 * The time by the servers' clock, in ms. A device's own clock may be days off, and may be set while the page is open:
 * between two answers time is counted in ticks.
 */
export class ServerClock {
  #anchorServer: number;
  #anchorTicks: number;
  #offset: number;
  #heard = false;
  /** How long the answer took that the clock is set by. */
  #roundTrip = Number.POSITIVE_INFINITY;
  readonly #from: Sources;

  constructor(from: Partial<Sources> = {}) {
    this.#from = {
      device: from.device ?? (() => Date.now()),
      ticks: from.ticks ?? (() => performance.now()),
      stored: from.stored ?? null,
    };
    this.#offset = Number(this.#from.stored?.getItem(STORED_OFFSET) ?? 0) || 0;
    this.#anchorServer = this.#from.device() + this.#offset;
    this.#anchorTicks = this.#from.ticks();
  }

  /** The time now, in whole ms. */
  now(): number {
    const byTicks = this.#anchorServer + this.#from.ticks() - this.#anchorTicks;
    const byDevice = this.#from.device() + this.#offset;
    return Math.round(byDevice - byTicks > SLEPT_MS ? byDevice : byTicks);
  }

  /** What the servers' clock is ahead of the device's now, in ms (below 0: behind); undefined before an answer told it. */
  aheadMs(): number | undefined {
    return this.#heard ? this.now() - this.#from.device() : undefined;
  }

  /** Take over what another part of the app has heard, as long as this one has heard nothing. */
  presume(aheadMs: number): void {
    if (this.#heard) return;
    this.#offset = aheadMs;
    this.#anchorServer = this.#from.device() + aheadMs;
    this.#anchorTicks = this.#from.ticks();
  }

  ticks(): number {
    return this.#from.ticks();
  }

  /**
   * Take in an answer's `server_at` (ms); `sentTicks`: `ticks()` when its request was sent. The servers' time is now
   * between `server_at` and that plus the round trip: a slower answer that the clock agrees with teaches it nothing.
   */
  heard(serverAt: number, sentTicks: number): void {
    const gotTicks = this.#from.ticks();
    const roundTrip = gotTicks - sentTicks;
    if (this.#heard && roundTrip > ROUND_TRIP_AT_MOST_MS) return;
    const now = this.now();
    const agrees = serverAt <= now && now <= serverAt + roundTrip;
    const keeps = this.#heard && agrees && roundTrip >= this.#roundTrip;
    this.#heard = true;
    this.#anchorServer = keeps ? now : serverAt + roundTrip / 2;
    if (!keeps) this.#roundTrip = roundTrip;
    this.#anchorTicks = gotTicks;
    this.#offset = this.#anchorServer - this.#from.device();
    this.#from.stored?.setItem(STORED_OFFSET, String(Math.round(this.#offset)));
  }
}

export const clock = new ServerClock({ stored: { getItem: keptText, setItem: keepText } });

/** Return the servers' time in seconds. */
export const nowSeconds = (): number => Math.floor(clock.now() / 1000);
