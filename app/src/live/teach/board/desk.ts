import { Cell } from "../../../lib/cell";
import { isRecord } from "../../../lib/request";
import type { Classroom } from "../../classroom";
import { FROZEN } from "../../steer/rules";
import type { Sender } from "../../wire";
import { onLong, sendLong } from "../pieces";
import { authorOf, BoardLog, readAct, type What } from "./log";
import { BOARD, mayWrite, WRITERS } from "./rule";

const ACTS_TOPIC = "board";
const ASK_TOPIC = "board_ask";
const ASK_AFTER_MS = 600;
const ASK_AGAIN_MS = 4_000;
const ASK_AT_MOST = 5;

/** The boards of one class on this device: what was done on each, told and heard. */
export class BoardDesk {
  /** Rises with everything new. */
  readonly changes = new Cell(0);
  readonly #logs = new Map<string, BoardLog>();
  readonly #by: string;
  #asks = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly classroom: Classroom) {
    this.#by = `${classroom.me}-${Math.random().toString(36).slice(2, 8)}`;
  }

  log(board: string): BoardLog {
    const known = this.#logs.get(board) ?? new BoardLog();
    this.#logs.set(board, known);
    return known;
  }

  /** Say whether this device's person may write now. */
  get mayWrite(): boolean {
    const { classroom } = this;
    return classroom.leads || (mayWrite(classroom.steering.cell(WRITERS).value, classroom.me) && !this.#rests);
  }

  /** No grown-up is here, or she has frozen the class: no child writes. */
  get #rests(): boolean {
    return this.classroom.quiet.value || this.classroom.steering.cell(FROZEN).value;
  }

  /** Do something on the board of this class, here and everywhere. Without a line it holds here, and is told when somebody asks. */
  act(page: string, what: What): void {
    const board = this.classroom.steering.cell(BOARD).value.id;
    if (!board || !this.mayWrite) return;
    const act = this.log(board).make(this.#by, this.classroom.leads, page, what);
    this.#changed();
    void sendLong(this.classroom.wire, ACTS_TOPIC, { board, acts: [act] }).catch(() => undefined);
  }

  undo(page: string): void {
    const of = this.log(this.classroom.steering.cell(BOARD).value.id).undoable(this.classroom.me, page);
    if (of) this.act(page, { do: "undo", of });
  }

  /** Take what this device kept of a board. */
  learn(board: string, acts: readonly unknown[]): void {
    const log = this.log(board);
    for (const one of acts) {
      const act = readAct(one);
      if (act) log.take(act);
    }
    this.#changed();
  }

  start(): () => void {
    const { classroom } = this;
    const stops = [
      onLong(classroom.wire, ACTS_TOPIC, (value, from) => this.#heard(value, from)),
      classroom.wire.on(ASK_TOPIC, (value, from) => this.#asked(value, from)),
      classroom.steering.cell(BOARD).watch(() => this.#askSoon()),
      classroom.line.watch(() => this.#askSoon()),
      classroom.adults.watch(() => this.#askSoon()),
    ];
    this.#askSoon();
    return () => {
      clearTimeout(this.#timer);
      for (const stop of stops) stop();
    };
  }

  #changed(): void {
    this.changes.set(this.changes.value + 1);
  }

  #heard(value: unknown, from: Sender): void {
    if (!isRecord(value) || typeof value.board !== "string" || value.board.length > 40 || !Array.isArray(value.acts)) return;
    const leave = from.adult !== null || mayWrite(this.classroom.steering.cell(WRITERS).value, from.sub);
    // A student's answer to a grown-up who came back: her own acts were taken when she did them, with leave.
    if (value.whole === true && from.adult) this.#asks = ASK_AT_MOST;
    if (!leave || (from.adult === null && (value.board !== this.classroom.steering.cell(BOARD).value.id || this.#rests))) return;
    const log = this.log(value.board);
    let news = 0;
    for (const one of value.acts) {
      const act = readAct(one);
      if (!act) continue;
      if (from.adult === null && (authorOf(act.by) !== from.sub || act.what.do === "clear")) continue;
      // A grown-up tells of others' acts too, and of who did them; of a student's act nobody says it was a grown-up's.
      const adult = from.adult !== null && (act.adult || authorOf(act.by) === from.sub);
      if (log.take({ ...act, adult })) news++;
    }
    if (news > 0) this.#changed();
  }

  /** Ask for what this device lacks: students and newcomers the leading grown-up, a grown-up who comes back everybody. */
  #askSoon(): void {
    this.#asks = 0;
    this.#askIn(ASK_AFTER_MS * (0.5 + Math.random()));
  }

  #askIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { classroom } = this;
      const board = classroom.steering.cell(BOARD).value.id;
      if (!board || classroom.line.value !== "open" || this.#asks >= ASK_AT_MOST) return;
      this.#asks++;
      const to = classroom.leads ? undefined : classroom.adults.value.slice(0, 1).map((one) => one.identity);
      if (to?.length !== 0) void sendAsk(classroom, { board, have: this.log(board).have() }, to);
      this.#askIn(ASK_AGAIN_MS);
    }, ms);
  }

  #asked(value: unknown, from: Sender): void {
    if (!isRecord(value) || typeof value.board !== "string" || !this.#logs.has(value.board)) return;
    const { classroom } = this;
    const have: Record<string, number> = {};
    if (isRecord(value.have)) for (const [by, n] of Object.entries(value.have)) if (typeof n === "number") have[by] = n;
    const lacked = this.log(value.board).after(have);
    if (classroom.leads) {
      void sendLong(classroom.wire, ACTS_TOPIC, { board: value.board, acts: lacked, whole: true }, [from.identity]).catch(() => undefined);
    } else if (from.adult !== null) {
      const own = lacked.filter((act) => authorOf(act.by) === classroom.me);
      if (own.length > 0) void sendLong(classroom.wire, ACTS_TOPIC, { board: value.board, acts: own }, [from.identity]).catch(() => undefined);
    }
  }
}

async function sendAsk(classroom: Classroom, value: object, to: readonly string[] | undefined): Promise<void> {
  // Without a line, or with too many authors for one message: asked with nothing, everything comes.
  await classroom.wire.send(ASK_TOPIC, value, to).catch(() => classroom.wire.send(ASK_TOPIC, { ...value, have: {} }, to)).catch(() => undefined);
}

const desks = new WeakMap<Classroom, BoardDesk>();

/** Return the boards of this class; the tool, its stage and the slides share them. */
export function boardDesk(classroom: Classroom): BoardDesk {
  const known = desks.get(classroom) ?? new BoardDesk(classroom);
  desks.set(classroom, known);
  return known;
}
