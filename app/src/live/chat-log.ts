import { Cell } from "../lib/cell";
import type { HistoryEntry } from "./messages";

const KEEP_AT_MOST = 200;

/** `key` rises with each message that is new to this device. */
export interface ChatMessage extends HistoryEntry {
  key: number;
}

/** The chat of one meeting, as this device knows it; in the order in which it was said. */
export class ChatLog {
  readonly messages = new Cell<ChatMessage[]>([]);
  #count = 0;

  add(...entries: HistoryEntry[]): void {
    const known = new Set(this.messages.value.map((one) => one.id));
    const fresh = entries.filter((one) => !known.has(one.id) && known.add(one.id));
    if (fresh.length === 0) return;
    const all = [...this.messages.value, ...fresh.map((one) => ({ ...one, key: this.#count++ }))];
    this.messages.set(all.sort((one, other) => one.at - other.at || one.key - other.key).slice(-KEEP_AT_MOST));
  }
}
