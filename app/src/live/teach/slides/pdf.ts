// pdf.js, and nothing else: loaded when a teacher opens a PDF, on her device alone.
import { getDocument, GlobalWorkerOptions } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?worker&url";
import { LONG_SIDE_PX, NoSlides, pictureOf, type Source, whiteCanvas } from "./source";

/** Open a PDF. Nothing in it is run. Rejects with NoSlides when it cannot be read, or wants a password. */
export async function openPdf(data: ArrayBuffer): Promise<Source> {
  GlobalWorkerOptions.workerPort ??= new Worker(workerUrl, { type: "module" });
  // No WebAssembly: our pages do not allow it.
  const loading = getDocument({ data, useWasm: false, useSystemFonts: true, enableXfa: false });
  const pdf = await loading.promise.catch(() => {
    throw new NoSlides();
  });
  return {
    pages: pdf.numPages,
    page: async (number) => {
      const page = await pdf.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: LONG_SIDE_PX / Math.max(natural.width, natural.height) });
      const canvas = whiteCanvas(viewport.width, viewport.height);
      await page.render({ canvas, viewport }).promise;
      const { items } = await page.getTextContent();
      const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
      page.cleanup();
      return pictureOf(canvas, text.trim());
    },
    close: () => void loading.destroy(),
  };
}

/** Fetch what a PDF needs, so that it opens also when the office's pages have gone in the meantime. */
export const warm = async (): Promise<void> => {
  await fetch(workerUrl);
};
