import { read, write } from "../../../keep/kept";
import { clock } from "../../../lib/clock";
import { isRecord } from "../../../lib/request";
import type { Classroom } from "../../classroom";
import { boardDesk } from "./desk";
import type { Act } from "./log";
import { BOARD } from "./rule";

const KEEP_AFTER_MS = 2_000;
const BOARDS_AT_MOST = 12;

/** A board as a grown-up's device keeps it. `at`: ms, when it was changed last. */
export interface KeptBoard {
  id: string;
  section: string;
  title: string;
  at: number;
  pages: number;
  acts: Act[];
}

export async function keptBoards(section?: string): Promise<KeptBoard[]> {
  const held = await read("teach_boards");
  const all = (Array.isArray(held) ? held : []).filter(isBoard);
  return all.filter((one) => section === undefined || one.section === section).sort((one, other) => other.at - one.at);
}

/** Keep a board; the oldest beyond twelve is let go: the office has its picture. */
export async function keepBoard(board: KeptBoard): Promise<void> {
  const others = (await keptBoards()).filter((one) => one.id !== board.id);
  await write("teach_boards", [board, ...others].slice(0, BOARDS_AT_MOST));
}

/** Keep the board of this class on a grown-up's device as it grows, and take it up again after a reload. Returns how to stop. */
export function keepBoards(classroom: Classroom, section: string): () => void {
  if (!classroom.leads) return () => {};
  const desk = boardDesk(classroom);
  const rule = classroom.steering.cell(BOARD);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let taken = "";
  const keep = (): void => {
    const { id, pages } = rule.value;
    const { acts } = desk.log(id);
    if (id && acts.length > 0) void keepBoard({ id, section, title: "", at: clock.now(), pages, acts });
  };
  const take = async (): Promise<void> => {
    const { id } = rule.value;
    if (!id || taken === id) return;
    taken = id;
    const held = (await keptBoards()).find((one) => one.id === id);
    if (held) desk.learn(id, held.acts);
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER_MS);
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
