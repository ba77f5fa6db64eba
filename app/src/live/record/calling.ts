import { Cell } from "../../lib/cell";
import { isRecord } from "../../lib/request";
import type { Classroom } from "../classroom";

export const CALL_ON_TOPIC = "call_on";

/** Children of this class who were not heard yet: who has been here longest first. */
export function notHeard(here: readonly { sub: string; cameAt: number }[], heard: ReadonlyMap<string, number>): string[] {
  const first = new Map<string, number>();
  for (const { sub, cameAt } of here) if (!heard.has(sub)) first.set(sub, Math.min(cameAt, first.get(sub) ?? cameAt));
  return [...first].sort(([a, one], [b, other]) => one - other || (a < b ? -1 : 1)).map(([sub]) => sub);
}

/** Choose one at random of those who were called least often so far: nobody twice before everybody once. */
export function chooseOne(subs: readonly string[], called: ReadonlyMap<string, number>, random: () => number = Math.random): string | undefined {
  const times = (sub: string): number => called.get(sub) ?? 0;
  const fewest = Math.min(...subs.map(times));
  const fair = subs.filter((sub) => times(sub) === fewest);
  return fair[Math.floor(random() * fair.length)];
}

const calledCells = new WeakMap<Classroom, Cell<boolean>>();

/** A grown-up has called on the student of this device just now. */
export function calledOn(classroom: Classroom): Cell<boolean> {
  let cell = calledCells.get(classroom);
  if (!cell) calledCells.set(classroom, (cell = new Cell(false)));
  return cell;
}

/** Tell one child, on all her devices here, and nobody else. */
export async function callOn(classroom: Classroom, sub: string): Promise<void> {
  const to = classroom.tiles.value.filter((tile) => tile.sub === sub).map((tile) => tile.identity);
  if (to.length > 0) await classroom.wire.send(CALL_ON_TOPIC, { on: true }, to);
}

/** Listen for a grown-up who calls on this student. Returns how to stop. */
export function listenForCall(classroom: Classroom): () => void {
  return classroom.wire.on(CALL_ON_TOPIC, (value, from) => {
    if (from.adult !== null && isRecord(value) && value.on === true) calledOn(classroom).set(true);
  });
}
