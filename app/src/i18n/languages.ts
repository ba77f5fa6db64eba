import type { Language } from "../contracts";
import { keepText, keptText } from "../lib/safe-storage";

/** Each language by its own name. */
export const LANGUAGES: readonly (readonly [Language, string])[] = [
  ["en", "English"],
  ["es", "Español"],
  ["ht", "Kreyòl ayisyen"],
];

const isLanguage = (value: string | null | undefined): value is Language => LANGUAGES.some(([code]) => code === value);

/** Return the language chosen on this device (cookie shared with the office, then storage), else the browser's. */
export function chosenLanguage(): Language {
  const cookie = /(?:^|; )language=([a-z]+)/.exec(document.cookie)?.[1];
  const stored = keptText("language");
  const browser = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  for (const value of [cookie, stored, browser]) if (isLanguage(value)) return value;
  return "en";
}

/** Say whether somebody chose a language here, or the roster's is to be taken. */
export const languageWasChosen = (): boolean => keptText("language") !== null;

export function keepLanguage(language: Language): void {
  keepText("language", language);
  document.cookie = `language=${language}; path=/; max-age=31536000; samesite=lax`;
}
