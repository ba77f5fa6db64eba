import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { timeOf, dayOf } from "../../src/i18n/dates";
import { t, useWords } from "../../src/i18n";
import en from "../../src/locale/en.json";
import es from "../../src/locale/es.json";
import ht from "../../src/locale/ht.json";

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
const live = (of: string): string[] => files("src/live", new RegExp(`words/${of}\\.json$`));
const catalogue = (path: string): Record<string, string> => JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
const LIVE = live("en").map(catalogue);
const english: Record<string, string> = Object.assign({}, en, ...LIVE) as Record<string, string>;
const OTHERS: [string, Record<string, string>, Record<string, string>][] = [
  ["es", en, es], ["ht", en, ht],
  ...["es", "ht"].flatMap((of) =>
    live(of).map((path): [string, Record<string, string>, Record<string, string>] => [path, catalogue(path.replace(`${of}.json`, "en.json")), catalogue(path)]),
  ),
];

test("no two catalogues say the same key", () => {
  const keys = [en as Record<string, string>, ...LIVE].flatMap((words) => Object.keys(words));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test.each(OTHERS)("%s has the same keys, the same places, and no empty text", (_name, english, words) => {
  expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
  for (const [key, text] of Object.entries(words)) {
    expect(text.trim(), key).not.toBe("");
    expect(places(text), key).toEqual(places(english[key]!));
  }
});

test("every plural has both forms", () => {
  for (const key of Object.keys(english))
    if (key.endsWith(".one")) expect(english).toHaveProperty([key.replace(/\.one$/, ".other")]);
});

test("every text is used somewhere", () => {
  const code = files("src", /\.tsx?$/).map((file) => readFileSync(file, "utf8")).join("\n");
  const built = /^(picture|row|mark|steer_react|steer_where|steer_glance)_/; // put together from a name
  for (const key of Object.keys(english)) {
    const stem = key.replace(/\.(one|other)$/, "");
    if (!built.test(stem)) expect(code.includes(`"${stem}"`), stem).toBe(true);
  }
});

test("counts and days in each language", () => {
  const tuesday = Date.UTC(2026, 8, 1, 12) / 1000;
  useWords("en", en);
  expect(t("starts_in_minutes", { count: 1 })).toBe("starts in 1 minute");
  expect(dayOf(tuesday, "America/New_York")).toBe("Tuesday, September 1");
  expect(timeOf(tuesday, "America/New_York")).toBe("8:00");
  useWords("es", es);
  expect(t("starts_in_minutes", { count: 4 })).toBe("empieza en 4 minutos");
  expect(dayOf(tuesday, "America/New_York")).toBe("martes, 1 de septiembre");
  useWords("ht", ht);
  expect(t("starts_in_minutes", { count: 4 })).toBe("ap kòmanse nan 4 minit");
  expect(dayOf(tuesday, "America/New_York")).toBe("madi 1 septanm");
});

function files(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path, wanted);
    return wanted.test(path) ? [path] : [];
  });
}
