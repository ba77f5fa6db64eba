import { isRecord } from "../../../lib/request";
import type { Rule } from "../../steer/steering";

export const PAGES_AT_MOST = 20;

/** The board of this class. `id` "": none was opened yet. */
export interface OpenBoard {
  id: string;
  pages: number;
}

export const BOARD: Rule<OpenBoard> = {
  name: "board",
  initial: { id: "", pages: 1 },
  read: (value) =>
    isRecord(value) && typeof value.id === "string" && value.id.length <= 40 && Number.isInteger(value.pages) &&
    (value.pages as number) >= 1 && (value.pages as number) <= PAGES_AT_MOST
      ? { id: value.id, pages: value.pages as number }
      : null,
};

/** Who may write on board and slides: grown-ups always; of the students nobody, all, or these. */
export interface Writers {
  who: "teacher" | "all" | "some";
  subs: string[];
}

export const WRITERS: Rule<Writers> = {
  name: "writers",
  initial: { who: "teacher", subs: [] },
  read: (value) => {
    if (!isRecord(value) || !Array.isArray(value.subs) || value.subs.length > 60) return null;
    const who = (["teacher", "all", "some"] as const).find((one) => one === value.who);
    return who && value.subs.every((one) => typeof one === "string") ? { who, subs: value.subs as string[] } : null;
  },
};

/** Say whether a student may write. */
export const mayWrite = (writers: Writers, sub: string): boolean =>
  writers.who === "all" || (writers.who === "some" && writers.subs.includes(sub));
