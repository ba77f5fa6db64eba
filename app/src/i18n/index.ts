import type { Language } from "../contracts";
import { Cell } from "../lib/cell";
import type en from "../locale/en.json";

export type Words = typeof en;
/** A key of the locale files; of one with a plural, the part before `.one` and `.other`. */
export type Key = Plain<keyof Words>;
type Plain<K extends string> = K extends `${infer Stem}.one` | `${infer Stem}.other` ? Stem : K;

export const language = new Cell<Language>("en");
let words: Record<string, string> = {};

const LOADERS: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import("../locale/en.json"),
  es: () => import("../locale/es.json"),
  ht: () => import("../locale/ht.json"),
};

export async function useLanguage(wanted: Language): Promise<void> {
  words = (await LOADERS[wanted]()).default;
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
