import { isRecord } from "../../lib/request";
import type { Sender, Wire } from "../wire";

// What is around a piece's text in its message, and a margin below what the wire takes.
const PIECE_AT_MOST_BYTES = 13_000;
const PIECES_AT_MOST = 2_000;
const UNFINISHED_AT_MOST = 8;
/** A page of slides with its text, or one long stroke: nothing a student says is longer. */
export const STUDENT_AT_MOST_LETTERS = 120_000;
export const ADULT_AT_MOST_LETTERS = 6_000_000;

interface Piece {
  id: string;
  at: number;
  of: number;
  text: string;
}

const bytesOf = (text: string): number => new TextEncoder().encode(JSON.stringify(text)).length;

/** Cut a text so that each part fits into one message of the wire. */
export function cut(text: string, atMostBytes = PIECE_AT_MOST_BYTES): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    let letters = Math.min(atMostBytes - 2, text.length - at);
    while (letters > 1 && bytesOf(text.slice(at, at + letters)) > atMostBytes) letters = Math.ceil(letters * 0.7);
    // Half of a letter outside the basic plane is no letter on the wire.
    const last = text.charCodeAt(at + letters - 1);
    if (last >= 0xd800 && last < 0xdc00 && letters > 1) letters--;
    parts.push(text.slice(at, at + letters));
    at += letters;
  }
  return parts.length > 0 ? parts : [""];
}

/** Send a value of any length: in one message when it fits, else in pieces. Rejects when there is no line. */
export async function sendLong(wire: Pick<Wire, "send">, topic: string, value: object, to?: readonly string[]): Promise<void> {
  const parts = cut(JSON.stringify(value));
  if (parts.length > PIECES_AT_MOST) throw new RangeError(`${topic}: ${parts.length} pieces are too many`);
  const id = Math.random().toString(36).slice(2, 12);
  for (const [at, text] of parts.entries()) await wire.send(topic, { id, at, of: parts.length, text } satisfies Piece, to);
}

/** Hear values of any length. One that is longer than its sender may say, or never ends, is forgotten. Returns how to stop. */
export function onLong(wire: Pick<Wire, "on">, topic: string, hearer: (value: unknown, from: Sender) => void): () => void {
  const unfinished = new Map<string, { of: number; letters: number; parts: string[] }>();
  return wire.on(topic, (message, from) => {
    const piece = readPiece(message);
    if (!piece) return;
    const key = `${from.identity}/${piece.id}`;
    const held = unfinished.get(key) ?? { of: piece.of, letters: 0, parts: [] };
    // Reliable messages of one sender come in order, so a piece out of its place belongs to nothing.
    const letters = held.letters + piece.text.length;
    const tooLong = letters > (from.adult ? ADULT_AT_MOST_LETTERS : STUDENT_AT_MOST_LETTERS);
    if (piece.of !== held.of || piece.at !== held.parts.length || tooLong) return void unfinished.delete(key);
    held.parts.push(piece.text);
    held.letters = letters;
    if (held.parts.length < held.of) return keep(unfinished, key, held, from.identity);
    unfinished.delete(key);
    let value: unknown;
    try {
      value = JSON.parse(held.parts.join(""));
    } catch {
      return; // not one of ours
    }
    hearer(value, from);
  });
}

function keep<T>(unfinished: Map<string, T>, key: string, held: T, identity: string): void {
  unfinished.set(key, held);
  const hers = [...unfinished.keys()].filter((one) => one.startsWith(`${identity}/`));
  if (hers.length > UNFINISHED_AT_MOST) unfinished.delete(hers[0]!);
}

function readPiece(value: unknown): Piece | null {
  if (!isRecord(value)) return null;
  const { id, at, of, text } = value;
  const counts = Number.isSafeInteger(at) && Number.isSafeInteger(of) && (of as number) >= 1 && (of as number) <= PIECES_AT_MOST;
  if (typeof id !== "string" || id.length > 32 || !counts || typeof text !== "string") return null;
  return { id, at: at as number, of: of as number, text };
}
