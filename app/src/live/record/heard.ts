import { read, write } from "../../keep/kept";
import { Cell } from "../../lib/cell";
import type { Classroom } from "../classroom";

/** A word or two; a chair that creaks is shorter. */
export const VOICE_COUNTS_FROM_MS = 2_000;

const cells = new WeakMap<Classroom, Cell<ReadonlyMap<string, number>>>();

/** Who was heard in this class so far: by hand, answer, chat or voice; since when (ms). For grown-ups' screens. */
export function heardIn(classroom: Classroom): Cell<ReadonlyMap<string, number>> {
  let cell = cells.get(classroom);
  if (!cell) cells.set(classroom, (cell = new Cell<ReadonlyMap<string, number>>(new Map())));
  return cell;
}

export function hear(classroom: Classroom, sub: string, atMs: number): void {
  const cell = heardIn(classroom);
  if (!sub || cell.value.has(sub)) return;
  cell.set(new Map(cell.value).set(sub, atMs));
}

/** Take up what this device knew before a reload, and keep what comes. Returns how to stop. */
export function keepHeard(classroom: Classroom): () => void {
  void read("heard").then((kept) => {
    if (kept?.meeting === classroom.meeting) for (const [sub, at] of Object.entries(kept.at)) hear(classroom, sub, at);
  });
  const cell = heardIn(classroom);
  return cell.watch(() => void write("heard", { meeting: classroom.meeting, at: Object.fromEntries(cell.value) }));
}
