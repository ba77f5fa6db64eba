import { isRecord } from "../../lib/request";
import type { Rule } from "./steering";

const SUBS_AT_MOST = 200;

const subs = (value: unknown): string[] | null =>
  Array.isArray(value) && value.length <= SUBS_AT_MOST && value.every((one) => typeof one === "string" && one.length <= 64)
    ? (value as string[])
    : null;

/** Students who may open their microphones though they are closed for the class. */
export const MAY_SPEAK: Rule<string[]> = { name: "may_speak", initial: [], read: subs };
/** Students who are in, or may come back in, while the class is locked. */
export const ADMITTED: Rule<string[]> = { name: "admitted", initial: [], read: subs };

export type View = "gallery" | "speaker";
/** How everybody sees the class; "": as each likes. */
export const VIEW: Rule<View | ""> = {
  name: "view",
  initial: "",
  read: (value) => (value === "" || value === "gallery" || value === "speaker" ? value : null),
};
/** false: no reactions in this class. */
export const REACTIONS: Rule<boolean> = { name: "reactions", initial: true, read: (value) => (typeof value === "boolean" ? value : null) };

/** One word on a student: out of this meeting, or `back`. `event`: its id at the doors. */
export interface Removal {
  sub: string;
  event: string;
  back: boolean;
}

/** The last word on each student who was taken out of this meeting. */
export const REMOVED: Rule<Removal[]> = {
  name: "removed",
  initial: [],
  read: (value) =>
    Array.isArray(value) && value.length <= SUBS_AT_MOST && value.every(isRemoval)
      ? value.map(({ sub, event, back }) => ({ sub, event, back }))
      : null,
};

const isRemoval = (one: unknown): one is Removal =>
  isRecord(one) && typeof one.sub === "string" && typeof one.event === "string" && typeof one.back === "boolean";

/** Who is out now. */
export const outOf = (removals: readonly Removal[]): Set<string> =>
  new Set(removals.filter((one) => !one.back).map((one) => one.sub));
