import { clock } from "../../../lib/clock";
import { dateIn, type Sitting } from "../../../plan/day";
import type { Classroom } from "../../classroom";
import { outbox } from "../links/outbox";
import { boardDesk } from "./desk";
import type { Drawing } from "./drawing";
import { keepBoard } from "./keep";
import { BOARD } from "./rule";
import { PAPER } from "./use-drawing";

/** Keep the board of this class with its lesson: here, and each page as SVG and PNG at the office. Does nothing when it is empty. */
export async function saveBoard(classroom: Classroom, sitting: Sitting): Promise<void> {
  const { id, pages } = classroom.steering.cell(BOARD).value;
  const log = boardDesk(classroom).log(id);
  const written = log.pages.filter((page) => /^\d+$/.test(page) && log.visible(page).size > 0);
  if (!id || written.length === 0) return;
  const at = clock.now();
  await keepBoard({ id, section: sitting.section, title: sitting.title, at, pages, acts: log.acts });
  classroom.notes.write({ kind: "board", key: id, sub: "", at, body: { pages: written.length, acts: log.size } });
  const { Drawing } = await import("./drawing");
  const place = document.createElement("div");
  place.className = "board-offscreen";
  document.body.append(place);
  const drawing = new Drawing(place, PAPER, { added: () => {}, erased: () => {} });
  try {
    for (const page of written) {
      drawing.show(log.visible(page));
      const name = `board-${dateIn(sitting.timeZone, Math.floor(at / 1000))}-${id.slice(-4)}-${page}`;
      await give(sitting, `${name}.svg`, new Blob([drawing.svg()], { type: "image/svg+xml" }));
      await give(sitting, `${name}.png`, pngOf(drawing));
    }
  } finally {
    drawing.remove();
    place.remove();
  }
}

async function give(sitting: Sitting, name: string, blob: Blob): Promise<void> {
  await outbox.add({ meeting: sitting.id, section: sitting.section, kind: "board", name, blob });
}

export function pngOf(drawing: Drawing): Blob {
  const bytes = atob(drawing.png().split(",")[1] ?? "");
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
