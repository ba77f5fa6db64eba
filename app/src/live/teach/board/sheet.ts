import type { Drawing, Paper } from "./drawing";

/** A page that is drawn out of sight. */
export interface Sheet {
  readonly drawing: Drawing;
  close: () => void;
}

/** Lay a sheet of this size out of sight. js-draw is loaded for it; rejects when it cannot be. */
export async function laySheet(paper: Paper): Promise<Sheet> {
  const { Drawing } = await import("./drawing");
  const place = document.createElement("div");
  place.className = "board-offscreen";
  place.setAttribute("aria-hidden", "true");
  place.inert = true;
  document.body.append(place);
  const drawing = new Drawing(place, paper, { added: () => {}, erased: () => {} });
  const close = (): void => {
    drawing.remove();
    place.remove();
  };
  return { drawing, close };
}

/** Return the picture at a data address, ready to be painted. */
export async function pictureAt(source: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}
