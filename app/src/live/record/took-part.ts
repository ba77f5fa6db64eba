import { record } from "../../evidence/queue";
import { read, write } from "../../keep/kept";
import type { Note, NoteKind } from "../notes";

export type Part = "hand" | "answer" | "chat" | "board" | "group";

const PARTS: Partial<Record<NoteKind, Part>> = { hand: "hand", answer: "answer", chat: "chat", board: "board", group: "group" };
const REMEMBER_MEETINGS = 20;

/** Tell the register that this student took part, once per meeting and way, also over a reload. */
export class TookPart {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly me: string,
    readonly meeting: string,
  ) {}

  /** A note of hers, of whatever tool. */
  note(note: Note): Promise<void> {
    const what = PARTS[note.kind];
    return what && note.sub === this.me ? this.did(what) : Promise.resolve();
  }

  /** One after the other: two at once would both find that it was not told. */
  did(what: Part): Promise<void> {
    const mine = this.#turn.then(() => this.#tell(what));
    this.#turn = mine.catch(() => null);
    return mine;
  }

  async #tell(what: Part): Promise<void> {
    const told = (await read("took_part")) ?? [];
    const here = told.find((one) => one.meeting === this.meeting)?.what ?? [];
    if (here.includes(what)) return;
    await record({ kind: "took_part", sub: this.me, meeting: this.meeting, detail: { what } }, this.me);
    const others = told.filter((one) => one.meeting !== this.meeting).slice(1 - REMEMBER_MEETINGS);
    await write("took_part", [...others, { meeting: this.meeting, what: [...here, what] }]);
  }
}
