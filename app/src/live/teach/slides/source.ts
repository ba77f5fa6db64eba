import { PICTURE_AT_MOST_BYTES, type Slide } from "./rule";

export type Picture = Pick<Slide, "width" | "height" | "media" | "picture" | "text">;

/** A file that can be shown page by page, on the device that has it. */
export interface Source {
  pages: number;
  /** From 1. */
  page: (number: number) => Promise<Picture>;
  close: () => void;
}

/** Its pages' longer side: sharp on a Chromebook, small on the line. */
export const LONG_SIDE_PX = 1_600;
const QUALITIES = [0.85, 0.7, 0.55, 0.4];

/** This is no PDF and no picture that this browser can read. */
export class NoSlides extends Error {}

/** Open what the teacher chose: one PDF, or pictures in the order of their names. Rejects with NoSlides. */
export async function openSource(files: readonly File[]): Promise<Source> {
  const pdf = files.find((file) => file.type === "application/pdf" || file.name.toLowerCase().endsWith(".pdf"));
  if (pdf) {
    const { openPdf } = await import("./pdf");
    return openPdf(await pdf.arrayBuffer());
  }
  const pictures = files.filter((file) => file.type.startsWith("image/")).sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
  if (pictures.length === 0) throw new NoSlides();
  return {
    pages: pictures.length,
    page: async (number) => {
      const file = pictures[number - 1];
      if (!file) throw new NoSlides();
      const bitmap = await createImageBitmap(file).catch(() => {
        throw new NoSlides();
      });
      const scale = Math.min(1, LONG_SIDE_PX / Math.max(bitmap.width, bitmap.height));
      const canvas = whiteCanvas(bitmap.width * scale, bitmap.height * scale);
      canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      bitmap.close();
      return pictureOf(canvas, file.name.replace(/\.\w+$/, ""));
    },
    close: () => {},
  };
}

export function whiteCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Return a canvas as a picture small enough for the line: first less quality, then fewer points. */
export async function pictureOf(canvas: HTMLCanvasElement, text: string): Promise<Picture> {
  let from = canvas;
  for (;;) {
    for (const quality of QUALITIES) {
      const blob = await new Promise<Blob | null>((resolve) => from.toBlob(resolve, "image/jpeg", quality));
      if (blob && blob.size <= PICTURE_AT_MOST_BYTES)
        return { width: from.width, height: from.height, media: "image/jpeg", picture: await base64(blob), text };
    }
    if (from.width < 200) throw new NoSlides();
    const smaller = whiteCanvas(from.width * 0.75, from.height * 0.75);
    smaller.getContext("2d")!.drawImage(from, 0, 0, smaller.width, smaller.height);
    from = smaller;
  }
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let letters = "";
  for (let at = 0; at < bytes.length; at += 8_192) letters += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(letters);
}
