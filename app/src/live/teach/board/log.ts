import { isRecord } from "../../../lib/request";

/**
 * What was done on a board, by everybody: a set of acts that only grows, each with an id (`by` and `n`), so that whatever
 * comes twice, late or in another order gives the same board on every device. Nothing is ever taken out; an act that is
 * taken back is named by a later one.
 */
export interface Act {
  /** One opening of the board on one device: `<sub>-<letters>`. */
  by: string;
  /** Counts the acts of `by`, from 1. */
  n: number;
  /** A clock that rises with every act that was seen: what was cleared is what came before. */
  t: number;
  page: string;
  /** A grown-up did it. Each device writes it down itself, from the signed role. */
  adult: boolean;
  what: What;
}

export type What =
  /** js-draw's serialized command of one element. */
  | { do: "add"; command: AddCommand }
  | { do: "erase"; of: string[] }
  | { do: "clear" }
  | { do: "undo"; of: string };

export interface AddCommand {
  commandType: "add-element";
  data: { elemData: Element };
}

/** An element as js-draw serializes it. */
export interface Element {
  name: string;
  zIndex: number;
  id: string;
  data: unknown;
}

// Pictures and unknown SVG could fetch from elsewhere, or carry a script into what is saved: strokes and texts cannot.
const ELEMENTS: readonly string[] = ["stroke", "text"];
const ERASED_AT_MOST = 500;
export const ACTS_AT_MOST = 20_000;
export const ACTS_OF_A_STUDENT_AT_MOST = 3_000;

export const idOf = (act: Pick<Act, "by" | "n">): string => `${act.by}:${act.n}`;
export const authorOf = (by: string): string => by.slice(0, by.lastIndexOf("-"));

/** Return an act when it is of the form, else null. Whose it is, the receiver checks. */
export function readAct(value: unknown): Act | null {
  if (!isRecord(value)) return null;
  const { by, n, t, page, adult } = value;
  const what = readWhat(value.what);
  if (typeof by !== "string" || by.length > 80 || !by.includes("-") || typeof page !== "string" || page.length > 40) return null;
  if (!isCount(n) || n < 1 || !isCount(t) || !what) return null;
  return { by, n, t, page, adult: adult === true, what };
}

function readWhat(value: unknown): What | null {
  if (!isRecord(value)) return null;
  if (value.do === "clear") return { do: "clear" };
  if (value.do === "undo") return typeof value.of === "string" ? { do: "undo", of: value.of } : null;
  if (value.do === "erase") {
    const of = value.of;
    const good = Array.isArray(of) && of.length > 0 && of.length <= ERASED_AT_MOST && of.every((one) => typeof one === "string");
    return good ? { do: "erase", of: of as string[] } : null;
  }
  if (value.do !== "add" || !isRecord(value.command) || value.command.commandType !== "add-element") return null;
  const data = value.command.data;
  if (!isRecord(data) || !isRecord(data.elemData)) return null;
  const { name, zIndex, id, data: inside } = data.elemData;
  if (typeof name !== "string" || !ELEMENTS.includes(name) || typeof zIndex !== "number" || typeof id !== "string") return null;
  return { do: "add", command: { commandType: "add-element", data: { elemData: { name, zIndex, id, data: inside } } } };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export class BoardLog {
  readonly #acts = new Map<string, Act>();
  /** Of each `by`, up to which act all are here. */
  readonly #whole = new Map<string, number>();
  readonly #ofStudents = new Map<string, number>();
  #clock = 0;

  get size(): number {
    return this.#acts.size;
  }

  get acts(): Act[] {
    return [...this.#acts.values()];
  }

  /** Make an act of this device and take it. */
  make(by: string, adult: boolean, page: string, what: What): Act {
    const act: Act = { by, n: (this.#whole.get(by) ?? 0) + 1, t: this.#clock + 1, page, adult, what };
    this.take(act);
    return act;
  }

  /** Take an act; says whether it was new. A student's are counted, so that nobody can fill everybody's memory. */
  take(act: Act): boolean {
    const id = idOf(act);
    if (this.#acts.has(id) || this.#acts.size >= ACTS_AT_MOST) return false;
    if (!act.adult) {
      const hers = (this.#ofStudents.get(authorOf(act.by)) ?? 0) + 1;
      if (hers > ACTS_OF_A_STUDENT_AT_MOST) return false;
      this.#ofStudents.set(authorOf(act.by), hers);
    }
    this.#acts.set(id, act);
    this.#clock = Math.max(this.#clock, act.t);
    let whole = this.#whole.get(act.by) ?? 0;
    while (this.#acts.has(`${act.by}:${whole + 1}`)) whole++;
    this.#whole.set(act.by, whole);
    return true;
  }

  /** How much of everybody's is here without a hole: what to ask for is what comes after. */
  have(): Record<string, number> {
    return Object.fromEntries(this.#whole);
  }

  /** Return the acts that somebody who has this much lacks. */
  after(have: Readonly<Record<string, number>>): Act[] {
    return this.acts.filter((act) => act.n > (have[act.by] ?? 0));
  }

  /** Return what is on a page, by id of the act that drew it, in order; `by`: of these acts only, everybody else's left out. */
  visible(page: string, by: (act: Act) => boolean = () => true): Map<string, Element> {
    const takenBack = this.#takenBack();
    const all = this.acts.filter((act) => act.page === page && !takenBack.has(idOf(act))).sort(inOrder);
    const cleared = all.findLast((act) => act.what.do === "clear" && act.adult);
    const erased = new Set<string>();
    for (const act of all) if (act.what.do === "erase") for (const id of act.what.of) if (this.#mayErase(act, id)) erased.add(id);
    const shown = new Map<string, Element>();
    for (const act of all) {
      const id = idOf(act);
      if (act.what.do !== "add" || erased.has(id) || (cleared && inOrder(act, cleared) < 0) || !by(act)) continue;
      shown.set(id, { ...act.what.command.data.elemData, id });
    }
    return shown;
  }

  /** Return the newest act of a person on a page that can be taken back, or null. */
  undoable(sub: string, page: string): string | null {
    const takenBack = this.#takenBack();
    const hers = this.acts.filter((act) => authorOf(act.by) === sub && act.page === page && act.what.do !== "undo");
    const last = hers.filter((act) => !takenBack.has(idOf(act))).sort(inOrder).at(-1);
    return last ? idOf(last) : null;
  }

  /** The pages on which something was done. */
  get pages(): string[] {
    return [...new Set(this.acts.map((act) => act.page))].sort();
  }

  /** Each takes back her own only. */
  #takenBack(): Set<string> {
    const found = new Set<string>();
    for (const act of this.#acts.values()) {
      if (act.what.do !== "undo") continue;
      const of = this.#acts.get(act.what.of);
      if (of && of.what.do !== "undo" && authorOf(of.by) === authorOf(act.by)) found.add(act.what.of);
    }
    return found;
  }

  /** A student erases what she drew; a grown-up everything. */
  #mayErase(act: Act, id: string): boolean {
    const of = this.#acts.get(id);
    return of !== undefined && (act.adult || authorOf(of.by) === authorOf(act.by));
  }
}

const inOrder = (one: Act, other: Act): number => one.t - other.t || (one.by < other.by ? -1 : one.by > other.by ? 1 : one.n - other.n);
