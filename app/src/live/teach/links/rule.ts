import { isRecord } from "../../../lib/request";
import type { Rule } from "../../steer/steering";

export const LINKS_AT_MOST = 12;
const NAME_AT_MOST_LETTERS = 200;
const URL_AT_MOST_LETTERS = 800;

/** A link, or a file of the class at the office (`file`: its id). */
export interface Link {
  id: string;
  url: string;
  file: string;
  name: string;
}

export const LINKS: Rule<Link[]> = {
  name: "links",
  initial: [],
  read: (value) => (Array.isArray(value) ? value.slice(-LINKS_AT_MOST).flatMap((one) => readLink(one) ?? []) : null),
};

// What is around them in one message of the wire, and a margin below what it takes.
const LINKS_AT_MOST_BYTES = 12_000;

/** Return the newest of these that the class can be told in one message: the oldest leave the list. */
export function newest(links: readonly Link[]): Link[] {
  const told = links.slice(-LINKS_AT_MOST);
  while (told.length > 1 && new TextEncoder().encode(JSON.stringify(told)).length > LINKS_AT_MOST_BYTES) told.shift();
  return told;
}

function readLink(value: unknown): Link | null {
  if (!isRecord(value) || typeof value.id !== "string" || typeof value.name !== "string") return null;
  const name = value.name.slice(0, NAME_AT_MOST_LETTERS);
  if (typeof value.file === "string" && /^[\w-]{1,64}$/.test(value.file)) return { id: value.id, url: "", file: value.file, name };
  const url = typeof value.url === "string" ? safeUrl(value.url) : null;
  return url ? { id: value.id, url, file: "", name } : null;
}

/** Return an address that may be given to children, or null: https only, no user's name in it. "example.org" is one too. */
export function safeUrl(typed: string): string | null {
  const text = typed.trim();
  if (text.length > URL_AT_MOST_LETTERS || /\s/.test(text)) return null;
  // "http://…" is asked for as https: a child's line may be anybody's.
  const whole = /^[a-z][\w+.-]*:/i.test(text) && !/^[\w.-]+:\d+/.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole.replace(/^http:/i, "https:"));
  return url.protocol === "https:" && url.username === "" && url.password === "" && url.hostname.includes(".") ? url.href : null;
}

export const hostOf = (url: string): string => new URL(url).hostname;
