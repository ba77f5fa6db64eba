import { Cell } from "../lib/cell";
import { CHAT_TOPIC, type ChatWord, type Refusal } from "./messages";
import type { Wire } from "./wire";

const LOOK_EVERY_MS = 500;
const AGAIN_AFTER_MS = [3_000, 5_000, 10_000];
// As fast as the relay takes them.
const NEXT_AFTER_MS = 1_050;
const SLOW_AFTER_MS = 8_000;

/** A word of this device on its way. "slow": nobody has taken it for a while; "refused": nobody will, and why. */
export interface Waiting extends ChatWord {
  at: number;
  state: "sending" | "slow" | "refused";
  why: Refusal | "";
}

/**
 * A student's words until a grown-up's device has told them: one after the other, said again until they came back, so
 * none is lost with a line or with a grown-up who leaves, and their order stays.
 */
export class ChatOutbox {
  readonly waiting = new Cell<Waiting[]>([]);
  readonly #timer: ReturnType<typeof setInterval>;
  #tries = 0;
  #dueMs = 0;
  #headSinceMs = 0;

  constructor(
    readonly how: { wire: Pick<Wire, "send">; adults: () => readonly string[]; now: () => number; ticks?: () => number },
  ) {
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  add(text: string, onlyAdults: boolean): void {
    const id = Math.random().toString(36).slice(2, 12);
    this.waiting.set([...this.waiting.value, { id, text, private: onlyAdults, at: this.how.now(), state: "sending", why: "" }]);
    this.look();
  }

  /** It was told: it is not on its way any more. */
  arrived(id: string): void {
    if (!this.waiting.value.some((one) => one.id === id)) return;
    this.waiting.set(this.waiting.value.filter((one) => one.id !== id));
    this.#next(NEXT_AFTER_MS);
  }

  refused(id: string, why: Refusal): void {
    const one = this.waiting.value.find((word) => word.id === id);
    if (!one) return;
    if (why === "pace") return this.#next(2 * NEXT_AFTER_MS);
    this.#change(id, { state: "refused", why });
    this.#next(0);
  }

  /** Try a word again that was refused, or one that waits, now. */
  again(id: string): void {
    this.#change(id, { state: "sending", why: "", at: this.how.now() });
    this.#next(0);
    this.look();
  }

  forget(id: string): void {
    this.waiting.set(this.waiting.value.filter((one) => one.id !== id));
  }

  /** Send the first that waits, when it is due and a grown-up is there. */
  look(): void {
    const head = this.waiting.value.find((one) => one.state !== "refused");
    if (!head) return;
    const nowMs = this.#ticks();
    if (nowMs < this.#dueMs) return;
    if (this.#tries === 0) this.#headSinceMs = nowMs;
    if (nowMs - this.#headSinceMs >= SLOW_AFTER_MS && head.state === "sending") this.#change(head.id, { state: "slow" });
    const adults = this.how.adults();
    // An empty list would go to everybody.
    if (adults.length === 0) {
      this.#tries ||= 1;
      return;
    }
    this.#dueMs = nowMs + AGAIN_AFTER_MS[Math.min(this.#tries, AGAIN_AFTER_MS.length - 1)]!;
    this.#tries++;
    void this.how.wire.send(CHAT_TOPIC, { id: head.id, text: head.text, private: head.private }, adults).catch(() => undefined);
  }

  #next(afterMs: number): void {
    this.#tries = 0;
    this.#dueMs = this.#ticks() + afterMs;
  }

  #change(id: string, to: Partial<Waiting>): void {
    this.waiting.set(this.waiting.value.map((one) => (one.id === id ? { ...one, ...to } : one)));
  }

  #ticks(): number {
    return (this.how.ticks ?? (() => performance.now()))();
  }
}
