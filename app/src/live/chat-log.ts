import { Cell } from "../lib/cell";
import type { ChatEntry } from "./messages";

const KEEP_AT_MOST = 200;
const GONE_AT_MOST = 500;

/** `key` rises with each message that is new to this device. */
export interface ChatMessage extends ChatEntry {
  key: number;
}

/** The chat of one meeting, as this device knows it; in the order in which it was said. A deleted word never comes back. */
export class ChatLog {
  readonly messages = new Cell<ChatMessage[]>([]);
  readonly #known = new Set<string>();
  readonly #gone = new Set<string>();
  #count = 0;

  /** Take words up; each once, whoever tells of it. Returns those that were new. */
  add(...entries: readonly ChatEntry[]): ChatEntry[] {
    const fresh = entries.filter((one) => !this.#known.has(one.id) && !this.#gone.has(one.id) && this.#known.add(one.id));
    if (fresh.length === 0) return [];
    const all = [...this.messages.value, ...fresh.map((one) => ({ ...one, key: this.#count++ }))];
    this.messages.set(all.sort((one, other) => one.at - other.at || one.key - other.key).slice(-KEEP_AT_MOST));
    return fresh;
  }

  /** Drop deleted words, also those that are yet to come. Returns what was dropped. */
  drop(...ids: readonly string[]): ChatEntry[] {
    for (const id of ids) if (this.#gone.size < GONE_AT_MOST) this.#gone.add(id);
    const dropped = this.messages.value.filter((one) => this.#gone.has(one.id));
    if (dropped.length > 0) this.messages.set(this.messages.value.filter((one) => !this.#gone.has(one.id)));
    return dropped;
  }

  find(id: string): ChatEntry | undefined {
    return this.messages.value.find((one) => one.id === id);
  }

  /** Whether a word was told here once, also when it has been dropped since. */
  knows(id: string): boolean {
    return this.#known.has(id) || this.#gone.has(id);
  }

  isGone(id: string): boolean {
    return this.#gone.has(id);
  }

  get gone(): string[] {
    return [...this.#gone];
  }
}
