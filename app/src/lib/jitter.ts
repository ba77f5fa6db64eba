/** Return a wait in ms: anything from 0 to a bound that doubles with each attempt (full jitter). */
export function fullJitter(attempt: number, baseMs: number, capMs: number, random: () => number = Math.random): number {
  return random() * Math.min(capMs, baseMs * 2 ** attempt);
}

/** Wait; returns early, without an error, when `signal` is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
  });
}

/** Something that may end a wait early: the line is back, or the person taps. */
export class Wake {
  readonly #waiting = new Set<() => void>();

  now(): void {
    for (const wake of new Set(this.#waiting)) wake();
  }

  /** Wait like `sleep`; say whether somebody woke us. */
  async sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
    const stop = new AbortController();
    let woken = false;
    const wake = (): void => {
      woken = true;
      stop.abort();
    };
    const away = (): void => stop.abort();
    this.#waiting.add(wake);
    signal?.addEventListener("abort", away, { once: true });
    if (signal?.aborted) stop.abort();
    await sleep(ms, stop.signal);
    signal?.removeEventListener("abort", away);
    this.#waiting.delete(wake);
    return woken;
  }
}
