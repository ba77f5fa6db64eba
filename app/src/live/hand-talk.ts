import type { Cell } from "../lib/cell";
import { Hands } from "./hands";
import { HAND_DOWN_TOPIC, HAND_TOPIC, readHand, readHandsDown } from "./messages";
import type { Notes } from "./notes";
import type { Sender, Wire } from "./wire";

// Newcomers, and those whose line was gone, hear of a raised hand again: at the first try their channel may not be open
// yet, so it is told until it is down. Not all hands in the same instant.
const AGAIN_SOON_MS = 1_500;
const AGAIN_EVERY_MS = 8_000;

/** What the hands need of the class they are raised in. `leads`: this device is a grown-up's. */
export interface HandClass {
  me: string;
  leads: boolean;
  wire: Pick<Wire, "send" | "on">;
  notes: Notes;
  /** Whether this device, or the one of this identity, has come only now. */
  justCame: (identity: string) => boolean;
  now: () => number;
}

/** The raised hands of a class on one device: the own one is told to all, a grown-up's word lowers others'. */
export class HandTalk {
  readonly #hands = new Hands();
  #again: ReturnType<typeof setTimeout> | undefined;
  /** The own hand is down, and there was no line to say so. */
  #downUntold = false;
  #over = false;

  constructor(readonly of: HandClass) {
    of.wire.on(HAND_TOPIC, (value, from) => this.#heard(value, from));
    of.wire.on(HAND_DOWN_TOPIC, (value, from) => from.adult && this.#lower(readHandsDown(value)));
  }

  /** Persons with a raised hand, first raised first. */
  get up(): Cell<string[]> {
    return this.#hands.up;
  }

  /** Raise the own hand, or take it down. Without a line it is told when there is one. */
  async raise(up: boolean): Promise<void> {
    const { me, now } = this.of;
    const at = now();
    if (up && this.#hands.raise(me, { saidAt: at, nowMs: at, justCame: false })) this.#note(me, at);
    if (!up) this.#hands.lower(me);
    this.#tellAfter(AGAIN_EVERY_MS);
    await this.#tell({ again: false });
  }

  /** Lower these hands on every device: a grown-up's word. */
  async lower(subs: readonly string[]): Promise<void> {
    if (!this.of.leads || subs.length === 0) return;
    this.#lower(subs);
    await this.of.wire.send(HAND_DOWN_TOPIC, { subs }).catch(() => undefined);
  }

  /** Somebody came, or this device did: who has a hand up tells it. */
  tellSoon(): void {
    this.#tellAfter(AGAIN_SOON_MS);
  }

  /** Somebody's last device is gone. */
  left(sub: string): void {
    this.#hands.left(sub, this.of.now());
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#again);
  }

  #heard(value: unknown, from: Sender): void {
    const hand = readHand(value);
    if (hand?.up) {
      // Of two hands that go up now the first heard is the first: two devices' clocks agree less well than that.
      const justCame = hand.again && this.of.justCame(from.identity);
      const raised = this.#hands.raise(from.sub, { saidAt: hand.at, nowMs: this.of.now(), justCame });
      if (raised) this.#note(from.sub, hand.at);
    } else if (hand) this.#hands.lower(from.sub);
  }

  #lower(subs: readonly string[]): void {
    const mine = this.#isUp();
    for (const sub of subs) this.#hands.lower(sub);
    if (!mine || this.#isUp()) return;
    clearTimeout(this.#again);
    // Her own "it is up" may be under way yet: her last word on it has to be that it is down.
    void this.#tell({ again: false });
  }

  #isUp(): boolean {
    return this.#hands.raisedAt(this.of.me) !== undefined;
  }

  #note(sub: string, at: number): void {
    if (Number.isFinite(at)) this.of.notes.write({ kind: "hand", key: `hand:${sub}:${at}`, sub, at, body: {} });
  }

  async #tell({ again }: { again: boolean }): Promise<void> {
    const up = this.#isUp();
    try {
      await this.of.wire.send(HAND_TOPIC, { up, at: this.#hands.raisedAt(this.of.me) ?? this.of.now(), again });
      this.#downUntold = false;
    } catch {
      this.#downUntold = !up;
      this.#tellAfter(AGAIN_EVERY_MS);
    }
  }

  #tellAfter(ms: number): void {
    clearTimeout(this.#again);
    if (this.#over || !(this.#isUp() || this.#downUntold)) return;
    this.#again = setTimeout(
      () => {
        if (this.#isUp()) this.#tellAfter(AGAIN_EVERY_MS);
        void this.#tell({ again: true });
      },
      ms * (0.75 + Math.random() / 2),
    );
  }
}
