import { isRecord } from "../lib/request";

export const CHAT_AT_MOST_LETTERS = 500;
const CHAT_EVERY_MS = 1_000;
// Clocks of two devices and one hiccup of the line: a little more than the sender's own limit.
const CHAT_BURST = 3;
export const CHAT_TOPIC = "chat";
export const HAND_TOPIC = "hand";

export function encode(message: { text: string } | { up: boolean }): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

/** Return a chat message as text, or nothing when it is not one of ours. It is only ever shown as text. */
export function readChat(data: Uint8Array): string | null {
  const message = parse(data);
  if (!isRecord(message) || typeof message.text !== "string") return null;
  const text = message.text.trim();
  return text && text.length <= CHAT_AT_MOST_LETTERS ? text : null;
}

export function readHand(data: Uint8Array): boolean | null {
  const message = parse(data);
  return isRecord(message) && typeof message.up === "boolean" ? message.up : null;
}

function parse(data: Uint8Array): unknown {
  if (data.length > 4 * CHAT_AT_MOST_LETTERS + 100) return null;
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return null;
  }
}

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
