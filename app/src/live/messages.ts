import { isRecord } from "../lib/request";
import { WIRE_AT_MOST_BYTES } from "./wire";

export const CHAT_AT_MOST_LETTERS = 500;
const CHAT_EVERY_MS = 1_000;
// Clocks of two devices and one hiccup of the line: a little more than the sender's own limit.
const CHAT_BURST = 3;
export const CHAT_TOPIC = "chat";
export const HAND_TOPIC = "hand";
export const HISTORY_TOPIC = "chat_history";
// A little less than the wire takes: what is around the entries.
const HISTORY_AT_MOST_BYTES = WIRE_AT_MOST_BYTES - 200;
const ID_AT_MOST_LETTERS = 64;

/** One message of the chat. `at`: ms, when the one who tells of it had it. */
export interface HistoryEntry {
  id: string;
  sub: string;
  at: number;
  text: string;
}

/** Return a chat message, or nothing when it is not one of ours. It is only ever shown as text. */
export function readChat(message: unknown): { text: string; id: string } | null {
  if (!isRecord(message)) return null;
  const text = textOf(message.text);
  return text === null ? null : { text, id: idOf(message.id) ?? "" };
}

export function readHand(message: unknown): { up: boolean; at: number } | null {
  if (!isRecord(message) || typeof message.up !== "boolean") return null;
  return { up: message.up, at: timeOf(message.at) ?? Number.POSITIVE_INFINITY };
}

/** Return the messages of a history that are of our form. Whose word it is, its receiver checks. */
export function readHistory(message: unknown): HistoryEntry[] {
  if (!isRecord(message) || !Array.isArray(message.entries)) return [];
  return message.entries.flatMap((one: unknown) => {
    if (!isRecord(one)) return [];
    const [id, sub, at, text] = [idOf(one.id), idOf(one.sub), timeOf(one.at), textOf(one.text)];
    return id && sub && at !== null && text ? [{ id, sub, at, text }] : [];
  });
}

/** Return the newest messages that fit into one history. */
export function historyOf(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const kept: HistoryEntry[] = [];
  let bytes = 0;
  for (const { id, sub, at, text } of entries.toReversed()) {
    bytes += new TextEncoder().encode(JSON.stringify({ id, sub, at, text })).length + 1;
    if (bytes > HISTORY_AT_MOST_BYTES) break;
    kept.unshift({ id, sub, at, text });
  }
  return kept;
}

function textOf(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  return text !== "" && text.length <= CHAT_AT_MOST_LETTERS ? text : null;
}

const idOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" && value.length <= ID_AT_MOST_LETTERS ? value : null;

const timeOf = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);

/** One message a second from each person, with a small burst; what comes faster is not shown. */
export class ChatPace {
  readonly #tokens = new Map<string, { left: number; at: number }>();

  allows(person: string, nowMs: number): boolean {
    const held = this.#tokens.get(person) ?? { left: CHAT_BURST, at: nowMs };
    const left = Math.min(CHAT_BURST, held.left + (nowMs - held.at) / CHAT_EVERY_MS);
    this.#tokens.set(person, { left: left < 1 ? left : left - 1, at: nowMs });
    return left >= 1;
  }
}
