import { Cell } from "../../lib/cell";
import type { Classroom } from "../classroom";
import { Announcer } from "./announcer";
import { Captions } from "./captions";
import { TOLD } from "./kept-choices";
import { Saver } from "./saver";

/** What helps one person follow one class on this device. */
export interface Following {
  saver: Saver;
  captions: Captions;
  announcer: Announcer;
}

const all = new WeakMap<Classroom, Cell<Following | null>>();

/** Of a class on this device; null before it has begun. */
export function followingIn(classroom: Classroom): Cell<Following | null> {
  const known = all.get(classroom) ?? new Cell<Following | null>(null);
  all.set(classroom, known);
  return known;
}

export function begin(classroom: Classroom, section: string): Following {
  const made = { saver: new Saver(classroom), captions: new Captions(classroom, section), announcer: new Announcer(() => TOLD.cell.value) };
  followingIn(classroom).set(made);
  return made;
}

export function end(classroom: Classroom, { saver, captions, announcer }: Following): void {
  saver.stop();
  captions.stop();
  announcer.stop();
  followingIn(classroom).set(null);
}
