import { read, write } from "../../../keep/kept";
import { clock } from "../../../lib/clock";
import { isRecord } from "../../../lib/request";
import type { Sitting } from "../../../plan/day";
import { isPractice } from "../../../plan/practice";
import type { Classroom } from "../../classroom";
import { boardDesk } from "./desk";
import type { Act } from "./log";
import { BOARD } from "./rule";

// The first stroke is kept at once, more of them together: classmates cannot vouch for what a teacher drew.
const KEEP_EVERY_MS = 400;
const BOARDS_AT_MOST = 12;

/** A board as a grown-up's device keeps it. `at`: ms, when it was changed last. */
export interface KeptBoard {
  id: string;
  meeting: string;
  section: string;
  title: string;
  at: number;
  pages: number;
  acts: Act[];
  /** How many of its acts are in what the office was given. */
  given?: number;
}

export async function keptBoards(section?: string): Promise<KeptBoard[]> {
  const held = await read("teach_boards");
  const all = (Array.isArray(held) ? held : []).filter(isBoard);
  return all.filter((one) => section === undefined || one.section === section).sort((one, other) => other.at - one.at);
}

let keeping = Promise.resolve();

/**
 * Keep a board, with what was kept of it before: who saves what she read a while ago takes no newer stroke away. The oldest
 * beyond twelve is let go: the office has its picture. Of a practice class none is kept.
 */
export function keepBoard(board: KeptBoard): Promise<void> {
  if (isPractice(board.meeting)) return Promise.resolve();
  const kept = keeping.then(() => put(board));
  keeping = kept.catch(() => undefined);
  return kept;
}

async function put(board: KeptBoard): Promise<void> {
  const all = await keptBoards();
  const before = all.find((one) => one.id === board.id);
  const acts = new Map([...(before?.acts ?? []), ...board.acts].map((act) => [`${act.by} ${act.n}`, act]));
  const now = { ...board, acts: [...acts.values()], given: Math.max(board.given ?? 0, before?.given ?? 0) };
  await write("teach_boards", [now, ...all.filter((one) => one.id !== board.id)].slice(0, BOARDS_AT_MOST));
}

/** Keep the board of this class on a grown-up's device as it grows, and take it up again after a reload. Returns how to stop. */
export function keepBoards(classroom: Classroom, sitting: Sitting): () => void {
  if (!classroom.leads) return () => {};
  const desk = boardDesk(classroom);
  const rule = classroom.steering.cell(BOARD);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let taken = "";
  const keep = (): void => {
    const { id, pages } = rule.value;
    const { acts } = desk.log(id);
    if (id && acts.length > 0) void keepBoard({ id, meeting: sitting.id, section: sitting.section, title: "", at: clock.now(), pages, acts });
  };
  const take = async (): Promise<void> => {
    const { id } = rule.value;
    if (!id || taken === id) return;
    taken = id;
    const held = (await keptBoards()).find((one) => one.id === id);
    if (held) desk.learn(id, held.acts);
  };
  let keptAt = 0;
  const soon = (): void => {
    clearTimeout(timer);
    const rest = keptAt + KEEP_EVERY_MS - performance.now();
    timer = setTimeout(() => {
      keptAt = performance.now();
      keep();
    }, Math.max(0, rest));
  };
  const stops = [rule.watch(() => void take()), desk.changes.watch(soon)];
  addEventListener("pagehide", keep);
  void take();
  return () => {
    removeEventListener("pagehide", keep);
    clearTimeout(timer);
    for (const stop of stops) stop();
    keep();
  };
}

const isBoard = (value: unknown): value is KeptBoard =>
  isRecord(value) && typeof value.id === "string" && typeof value.section === "string" && typeof value.at === "number" && Array.isArray(value.acts);
