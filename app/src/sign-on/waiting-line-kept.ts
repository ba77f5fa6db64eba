import type { Line } from "../contracts";

/** A place as this tab keeps it over a reload: never the password, and gone with the tab, for others use this device too. */
export interface Place {
  userName: string;
  line: string;
  place: number;
  /** The first place told. */
  first: number;
  progress: number;
}

const NAME = "schoolday.line";

/** Return the kept place, of this user name or of whoever it is. */
export function placeOf(userName?: string): Place | null {
  try {
    const held = JSON.parse(sessionStorage.getItem(NAME) ?? "null") as Place | null;
    if (!held || typeof held.line !== "string") return null;
    return userName === undefined || same(held.userName, userName) ? held : null;
  } catch {
    return inMemory && (userName === undefined || same(inMemory.userName, userName)) ? inMemory : null;
  }
}

/** Keep what the office said; the place and the bar only ever go forward. */
export function keepPlace(userName: string, line: Line): Place {
  const before = placeOf(userName);
  const first = Math.max(before?.first ?? 0, line.place);
  const place = before?.place ? Math.min(before.place, line.place) : line.place;
  const progress = Math.max(before?.progress ?? 0, first ? 1 - place / first : 1);
  inMemory = { userName, line: line.line, place, first, progress };
  try {
    sessionStorage.setItem(NAME, JSON.stringify(inMemory));
  } catch {
    // A browser that keeps nothing: the place lives as long as the page.
  }
  return inMemory;
}

export function forgetPlace(): void {
  inMemory = null;
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // Nothing was kept.
  }
}

let inMemory: Place | null = null;

const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();
