import type { Language } from "../../contracts";
import { Cell } from "../../lib/cell";
import { isRecord } from "../../lib/request";
import type { Rule } from "../steer/steering";

/** Captions for the whole class, set by a grown-up. */
export const CAPTIONS: Rule<boolean> = { name: "captions", initial: false, read: (value) => (typeof value === "boolean" ? value : null) };
export const CAPTION_TOPIC = "caption";
export const CAPTION_AT_MOST_LETTERS = 300;
const ID_AT_MOST_LETTERS = 64;
const KEEP_MS = 10 * 60_000;
const KEEP_AT_MOST = 300;
/** How long a sentence stays on the screen after its last word. */
export const SHOWN_MS = 8_000;
const PER_SECOND = 6;

/** What somebody is saying, as an engine heard it. `sub`: who speaks; of the server's listener, and of a grown-up who passes it on. */
export interface Caption {
  id: string;
  text: string;
  final: boolean;
  lang: Language;
  sub: string;
}

/** Return a caption, or nothing when it is not of our form. Who may say so is its receiver's to check. */
export function readCaption(value: unknown): Caption | null {
  if (!isRecord(value)) return null;
  const text = typeof value.text === "string" ? value.text.trim().slice(-CAPTION_AT_MOST_LETTERS) : "";
  const lang = (["en", "es", "ht"] as const).find((one) => one === value.lang);
  const { id, final, sub } = value;
  if (text === "" || !lang || typeof id !== "string" || id === "" || id.length > ID_AT_MOST_LETTERS || typeof final !== "boolean") return null;
  return { id, text, final, lang, sub: typeof sub === "string" && sub.length <= ID_AT_MOST_LETTERS ? sub : "" };
}

export interface CaptionLine extends Caption {
  atMs: number;
}

/** The captions of the last minutes on this device; they are written down nowhere else. */
export class CaptionLog {
  readonly lines = new Cell<readonly CaptionLine[]>([]);
  readonly #pace = new Map<string, { left: number; atMs: number }>();

  /** Take a caption up that `teller` sent; the newer words of one sentence replace the older. What comes too fast is dropped. */
  take(caption: Caption, teller: string, nowMs: number): boolean {
    const held = this.#pace.get(teller) ?? { left: PER_SECOND, atMs: nowMs };
    const left = Math.min(PER_SECOND, held.left + ((nowMs - held.atMs) / 1_000) * PER_SECOND);
    this.#pace.set(teller, { left: left < 1 ? left : left - 1, atMs: nowMs });
    if (left < 1) return false;
    const same = (one: CaptionLine): boolean => one.id === caption.id && one.sub === caption.sub;
    const before = this.lines.value.find(same);
    if (before?.final) return false; // said already: its end is not taken back
    const kept = this.lines.value.filter((one) => !same(one) && nowMs - one.atMs < KEEP_MS).slice(-KEEP_AT_MOST + 1);
    this.lines.set([...kept, { ...caption, atMs: nowMs }]);
    return true;
  }

  clear(): void {
    this.lines.set([]);
  }
}
