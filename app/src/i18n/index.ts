import type { Language } from "../contracts";
import { Cell } from "../lib/cell";
import type { LiveWords } from "../live/words";
import type en from "../locale/en.json";

export type Words = typeof en & LiveWords;
/** A key of the locale files; of one with a plural, the part before `.one` and `.other`. */
export type Key = Plain<keyof Words>;
type Plain<K extends string> = K extends `${infer Stem}.one` | `${infer Stem}.other` ? Stem : K;

type Loaders = Record<Language, () => Promise<{ default: Record<string, string> }>>;

export const language = new Cell<Language>("en");
let words: Record<string, string> = {};

const LOADERS: Loaders = {
  en: () => import("../locale/en.json"),
  es: () => import("../locale/es.json"),
  ht: () => import("../locale/ht.json"),
};

/** The catalogues in use: that of Today, and those of parts that came later. */
const inUse = new Set<Loaders>([LOADERS]);

/** Take up the words of a part that was loaded just now: in the language in force, and in any that is chosen later. */
export async function addWords(...loaders: Loaders[]): Promise<void> {
  for (const one of loaders) inUse.add(one);
  await useLanguage(language.value);
}

export async function useLanguage(wanted: Language): Promise<void> {
  const loaded = await Promise.all([...inUse].map((one) => one[wanted]()));
  words = Object.assign({}, ...loaded.map((one) => one.default)) as Record<string, string>;
  document.documentElement.lang = wanted;
  language.set(wanted);
}

/** Return the sentence of a key, its `{places}` filled; `count` chooses the plural form. */
export function t(key: Key, fill: Record<string, string | number> = {}): string {
  const count = fill.count;
  const found = typeof count === "number" ? (words[`${key}.${form(count)}`] ?? words[key]) : words[key];
  return (found ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}

/** Haitian Creole does not bend nouns, and browsers have no rules for it. */
function form(count: number): "one" | "other" {
  if (language.value === "ht") return count === 1 ? "one" : "other";
  return new Intl.PluralRules(language.value).select(count) === "one" ? "one" : "other";
}

/** For tests: take these words without loading a file. */
export function useWords(of: Language, taken: Record<string, string>): void {
  words = taken;
  language.set(of);
}
