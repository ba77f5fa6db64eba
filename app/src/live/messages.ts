import { isRecord } from "../lib/request";
import { WIRE_AT_MOST_BYTES } from "./wire";

export const CHAT_AT_MOST_LETTERS = 500;
const CHAT_EVERY_MS = 1_000;
// Clocks of two devices and one hiccup of the line: a little more than the sender's own limit.
const CHAT_BURST = 3;
/** A student's word, to grown-ups' devices only. */
export const CHAT_TOPIC = "chat";
/** What was said, and what was deleted: only a grown-up's device is heard. */
export const SAID_TOPIC = "chat_said";
/** To a student whose word was not taken: why. */
export const REFUSED_TOPIC = "chat_refused";
export const HAND_TOPIC = "hand";
export const HAND_DOWN_TOPIC = "hand_down";
const SUBS_AT_MOST = 200;
// A little less than the wire takes: what is around the entries.
const SAID_AT_MOST_BYTES = WIRE_AT_MOST_BYTES - 2_000;
const ID_AT_MOST_LETTERS = 64;
const GONE_AT_MOST = 40;

/** To whom a word is: "" the class, "adults" the grown-ups; else one person's id, who has it together with all grown-ups. */
export type Audience = string;
export const CLASS: Audience = "";
export const ADULTS: Audience = "adults";

/** One message of the chat. `at`: ms, when the grown-up's device that told of it had it. */
export interface ChatEntry {
  id: string;
  sub: string;
  at: number;
  text: string;
  to: Audience;
}

/** A student's own word, on its way. `private`: to the grown-ups only, also where the class may read. */
export interface ChatWord {
  id: string;
  text: string;
  private: boolean;
}

export type Refusal = "off" | "pace" | "form";

/** What a grown-up's device tells: words, and the ids of words that were deleted. */
export interface Told {
  entries: ChatEntry[];
  gone: string[];
}

/** Return a student's word, or nothing when it is not one of ours. It is only ever shown as text. */
export function readWord(message: unknown): ChatWord | null {
  if (!isRecord(message)) return null;
  const [id, text] = [idOf(message.id), textOf(message.text)];
  return id && text !== null ? { id, text, private: message.private === true } : null;
}

export function readHand(message: unknown): { up: boolean; at: number; again: boolean } | null {
  if (!isRecord(message) || typeof message.up !== "boolean") return null;
  return { up: message.up, at: timeOf(message.at) ?? Number.POSITIVE_INFINITY, again: message.again === true };
}

/** Return whose hands a grown-up lowers. */
export const readHandsDown = (message: unknown): string[] =>
  isRecord(message) && Array.isArray(message.subs)
    ? message.subs.filter((one): one is string => idOf(one) !== null).slice(0, SUBS_AT_MOST)
    : [];

/** Return what is of our form. Whose word it is, its receiver checks. */
export function readTold(message: unknown): Told {
  if (!isRecord(message)) return { entries: [], gone: [] };
  const entries = Array.isArray(message.entries) ? message.entries : [];
  const gone = Array.isArray(message.gone) ? message.gone : [];
  return {
    entries: entries.flatMap((one: unknown) => {
      if (!isRecord(one)) return [];
      const [id, sub, at, text] = [idOf(one.id), idOf(one.sub), timeOf(one.at), textOf(one.text)];
      const to = one.to === undefined || one.to === "" ? CLASS : idOf(one.to);
      return id && sub && at !== null && text && to !== null ? [{ id, sub, at, text, to }] : [];
    }),
    gone: gone.flatMap((one: unknown) => idOf(one) ?? []).slice(0, GONE_AT_MOST),
  };
}

export function readRefused(message: unknown): { id: string; why: Refusal } | null {
  if (!isRecord(message)) return null;
  const [id, why] = [idOf(message.id), (["off", "pace", "form"] as const).find((one) => one === message.why)];
  return id && why ? { id, why } : null;
}

/** Return the newest messages that fit into one message of the wire. */
export function newestOf(entries: readonly ChatEntry[]): ChatEntry[] {
  const kept: ChatEntry[] = [];
  let bytes = 0;
  for (const { id, sub, at, text, to } of entries.toReversed()) {
    bytes += new TextEncoder().encode(JSON.stringify({ id, sub, at, text, to })).length + 1;
    if (bytes > SAID_AT_MOST_BYTES) break;
    kept.unshift({ id, sub, at, text, to });
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

/** One message a second from each person, with a small burst; what comes faster is not taken. */
export class ChatPace {
  readonly #tokens = new Map<string, { left: number; at: number }>();

  allows(person: string, nowMs: number): boolean {
    const held = this.#tokens.get(person) ?? { left: CHAT_BURST, at: nowMs };
    const left = Math.min(CHAT_BURST, held.left + (nowMs - held.at) / CHAT_EVERY_MS);
    this.#tokens.set(person, { left: left < 1 ? left : left - 1, at: nowMs });
    return left >= 1;
  }
}
