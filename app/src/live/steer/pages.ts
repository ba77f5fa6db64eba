/** A place in the gallery: somebody who is here, or the empty place of one who left. */
export interface Seated {
  /** On every page: herself, the interpreter, whoever is pinned. */
  always: boolean;
}

/** Return how many faces a page holds in a window of this size, in CSS pixels: 49, 25, 12 or 6. */
export function pageSize(width: number, height: number): number {
  if (Math.min(width, height) < 500) return 6;
  if (width >= 1700 && height >= 900) return 49;
  if (width >= 1200) return 25;
  return 12;
}

/** How many faces go beside a stage or a large speaker. */
export const stripSize = (width: number): number => (width < 1200 ? 4 : 7);

/**
 * Return the pages: those of `always` on each, the others in their order. Nobody moves to another page because
 * somebody speaks or leaves: an empty place stays one.
 */
export function pagesOf<T extends Seated>(seats: readonly T[], size: number): T[][] {
  const always = seats.filter((one) => one.always);
  const others = seats.filter((one) => !one.always);
  const each = Math.max(1, size - always.length);
  const pages: T[][] = [];
  for (let from = 0; from === 0 || from < others.length; from += each) pages.push([...always, ...others.slice(from, from + each)]);
  return pages;
}

/** Which of so many pages is shown when `wanted` was chosen. */
export const pageAt = (wanted: number, pages: number): number => Math.min(Math.max(0, wanted), Math.max(0, pages - 1));

/**
 * Seats in the order of the class list. Who left keeps hers, with her place on the page, for this class.
 * `here` comes in that order; `place`: of a person in the class list, undefined for guests, who leave none.
 */
export class Chairs {
  readonly #left = new Map<string, { name: string }>();
  #before = new Map<string, string>();

  see(here: readonly { sub: string; name: string; kept: boolean }[]): { sub: string; name: string }[] {
    const now = new Map(here.filter((one) => one.kept).map((one) => [one.sub, one.name]));
    for (const [sub, name] of this.#before) if (!now.has(sub)) this.#left.set(sub, { name });
    for (const sub of now.keys()) this.#left.delete(sub);
    this.#before = now;
    return [...this.#left].map(([sub, { name }]) => ({ sub, name }));
  }
}
