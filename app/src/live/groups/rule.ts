import { isRecord } from "../../lib/request";
import type { Rule } from "../steer/steering";

export const GROUPS_AT_MOST = 20;
const STUDENTS_AT_MOST = 120;
const NAME_AT_MOST_LETTERS = 40;

/** The groups of a class, as its grown-ups have set them. Times in ms, by the servers' clock. */
export interface Groups {
  open: boolean;
  /** When this was said: a class that was called back a moment ago still has children on their way. */
  at: number;
  /** Rises with each opening; 0: there were no groups yet. */
  round: number;
  /** One a group; "": it is called by its number. */
  names: string[];
  /** Person -> group, from 1. */
  of: Record<string, number>;
  /** When everybody comes back; 0: when the teacher says so. */
  until: number;
  /** Who comes late goes into the smallest group by itself. */
  auto: boolean;
}

export const NO_GROUPS: Groups = { open: false, at: 0, round: 0, names: [], of: {}, until: 0, auto: true };

export const GROUPS: Rule<Groups> = { name: "groups", initial: NO_GROUPS, read };

function read(value: unknown): Groups | null {
  if (!isRecord(value) || typeof value.open !== "boolean" || typeof value.auto !== "boolean") return null;
  const [at, round, until] = [value.at, value.round, value.until].map((one) => (isTime(one) ? one : null));
  if (at == null || round == null || until == null) return null;
  const { names, of } = value;
  if (!Array.isArray(names) || names.length > GROUPS_AT_MOST || !names.every(isName)) return null;
  if (!isRecord(of) || Object.keys(of).length > STUDENTS_AT_MOST) return null;
  const within = (one: unknown): one is number => Number.isInteger(one) && (one as number) >= 1 && (one as number) <= names.length;
  if (!Object.values(of).every(within)) return null;
  return { open: value.open, at, round, names, of: of as Record<string, number>, until, auto: value.auto };
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isName = (value: unknown): value is string => typeof value === "string" && value.length <= NAME_AT_MOST_LETTERS;

/** Where somebody belongs now: her group, or 0, the class. */
export const placeOfPerson = (groups: Groups, sub: string): number => (groups.open ? (groups.of[sub] ?? 0) : 0);
