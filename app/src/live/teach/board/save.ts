import { clock } from "../../../lib/clock";
import { dateIn, type Sitting } from "../../../plan/day";
import { isPractice } from "../../../plan/practice";
import type { Classroom } from "../../classroom";
import { outbox } from "../links/outbox";
import { slidesDesk } from "../slides/desk";
import { boardDesk } from "./desk";
import type { Drawing, Paper } from "./drawing";
import { keepBoard, type KeptBoard, keptBoards } from "./keep";
import { BoardLog } from "./log";
import type { OpenBoard } from "./rule";
import { laySheet, pictureAt } from "./sheet";
import { PAPER } from "./use-drawing";

/** How much of each board the office was given, so that what did not change is not given again. */
const given = new Map<string, number>();

/** Keep a board of this class with its lesson: here, and each page at the office. Does nothing when it is empty, was kept as it is, or is for practice. */
export async function saveBoard(classroom: Classroom, sitting: Sitting, { id, pages }: OpenBoard): Promise<void> {
  const log = boardDesk(classroom).log(id);
  const written = log.pages.filter((page) => log.visible(page).size > 0);
  const { acts } = log;
  if (isPractice(sitting.id) || !id || written.length === 0 || given.get(id) === acts.length) return;
  given.set(id, acts.length);
  const at = clock.now();
  classroom.notes.write({ kind: "board", key: id, sub: "", at, body: { pages: written.length, acts: acts.length } });
  const kept = { id, meeting: sitting.id, section: sitting.section, title: sitting.title, at, pages, acts };
  await keepBoard(kept);
  try {
    await givePages(kept, log, sitting.timeZone);
    for (const page of written) await giveDrawnSlide(classroom, sitting, { board: id, page });
  } catch (error) {
    given.delete(id);
    throw error;
  }
  await keepBoard({ ...kept, given: acts.length });
}

/** Give the office what a device kept of earlier meetings and never gave: it was killed, or its battery was empty. */
export async function saveForgotten(meeting: string, timeZone: string): Promise<void> {
  for (const board of await keptBoards()) {
    if (!board.meeting || board.meeting === meeting || board.acts.length <= (board.given ?? 0)) continue;
    const log = new BoardLog();
    for (const one of board.acts) log.take(one);
    await givePages(board, log, timeZone);
    await keepBoard({ ...board, given: board.acts.length });
  }
}

/** Give the office each page of the board itself, as SVG and PNG. */
async function givePages(board: KeptBoard, log: BoardLog, timeZone: string): Promise<void> {
  const written = log.pages.filter((page) => /^\d+$/.test(page) && log.visible(page).size > 0);
  await onPaper(PAPER, async (drawing) => {
    for (const page of written) {
      drawing.show(log.visible(page));
      const name = `board-${dateIn(timeZone, Math.floor(board.at / 1000))}-${board.id.slice(-4)}-${page}`;
      await give(board, `${name}.svg`, new Blob([drawing.svg()], { type: "image/svg+xml" }));
      await give(board, `${name}.png`, pngOf(drawing.png()));
    }
  });
}

/** Give the office a page of slides on which somebody drew: the page and what stands on it, as one picture. */
async function giveDrawnSlide(classroom: Classroom, sitting: Sitting, { board, page }: { board: string; page: string }): Promise<void> {
  const slide = slidesDesk(classroom).slideOf(page);
  if (!slide) return; // a page of the board, or of slides that are not here any more
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(slide.width), Math.round(slide.height)];
  const context = canvas.getContext("2d")!;
  context.drawImage(await pictureAt(`data:${slide.media};base64,${slide.picture}`), 0, 0, canvas.width, canvas.height);
  await onPaper({ width: canvas.width, height: canvas.height }, async (drawing) => {
    drawing.show(boardDesk(classroom).log(board).visible(page));
    context.drawImage(await pictureAt(drawing.ink()), 0, 0, canvas.width, canvas.height);
  });
  const { title } = slidesDesk(classroom).rule.value;
  const where = { meeting: sitting.id, section: sitting.section };
  await give(where, `${title || "slides"}-${slide.id.slice(-4)}-${slide.page}.png`, pngOf(canvas.toDataURL("image/png")));
}

/** Draw out of sight. */
async function onPaper(paper: Paper, act: (drawing: Drawing) => Promise<void>): Promise<void> {
  const sheet = await laySheet(paper);
  try {
    await act(sheet.drawing);
  } finally {
    sheet.close();
  }
}

async function give(where: { meeting: string; section: string }, name: string, blob: Blob): Promise<void> {
  await outbox.add({ meeting: where.meeting, section: where.section, kind: "board", name, blob });
}

/** Return a data address of a PNG as a file's content. */
export function pngOf(address: string): Blob {
  const bytes = atob(address.split(",")[1] ?? "");
  return new Blob([Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))], { type: "image/png" });
}

/** Let the browser save it as a file. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
