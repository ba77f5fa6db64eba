import { sleep } from "../../../lib/jitter";
import type { Classroom } from "../../classroom";
import { STAGE } from "../../steer/rules";
import { boardDesk } from "../../teach/board/desk";
import { type Act, authorOf } from "../../teach/board/log";
import { BOARD } from "../../teach/board/rule";
import { laySheet, pictureAt, type Sheet } from "../../teach/board/sheet";
import { PAPER } from "../../teach/board/use-drawing";
import { slidesDesk } from "../../teach/slides/desk";
import { type Point, pointer } from "../../teach/slides/pointer";
import type { Slide } from "../../teach/slides/rule";
import { mayBeRecorded } from "./who";

// A page is painted in about 30 ms; who draws sees her own line at once, a recording may be half a second behind.
const PAINT_EVERY_MS = 400;

/** What is large for everybody: a page of the board, or of the slides when there is one. */
interface Shown {
  page: string;
  slide: Slide | null;
}

/**
 * The board or slide that everybody sees, painted for the recording. Of what students draw it has only what those drew
 * whose families said yes to recordings.
 */
export class StagePicture {
  #canvas: HTMLCanvasElement | null = null;
  #sheet: Sheet | null = null;
  #slide: { of: Slide; image: HTMLImageElement } | null = null;
  #asked = 0;
  #painting = false;
  #closed = false;
  readonly #stops: (() => void)[];

  /** `changed`: it began or ended to be large. */
  constructor(
    readonly classroom: Classroom,
    readonly changed: () => void,
  ) {
    const again = (): void => this.#again();
    this.#stops = [
      classroom.steering.cell(STAGE).watch(again),
      classroom.steering.cell(BOARD).watch(again),
      boardDesk(classroom).changes.watch(again),
      slidesDesk(classroom).changes.watch(again),
    ];
    again();
  }

  /** As it is now; null: people are large. */
  get canvas(): HTMLCanvasElement | null {
    return this.#canvas;
  }

  /** Where a grown-up points on the slide. */
  get point(): Point | null {
    return this.#slide ? pointer(this.classroom).at.value : null;
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    this.#sheet?.close();
    this.#sheet = null;
  }

  #again(): void {
    this.#asked++;
    if (!this.#painting) void this.#paintAll();
  }

  async #paintAll(): Promise<void> {
    this.#painting = true;
    for (let done = 0; done !== this.#asked && !this.#closed; ) {
      done = this.#asked;
      const before = this.#canvas !== null;
      this.#canvas = await this.#paint().catch(() => this.#canvas); // a slide that is no picture: nobody in class sees it either
      if (before !== (this.#canvas !== null)) this.changed();
      await sleep(PAINT_EVERY_MS);
    }
    this.#painting = false;
  }

  async #paint(): Promise<HTMLCanvasElement | null> {
    const shown = this.#shown();
    if (!shown?.slide) this.#slide = null;
    if (!shown) return null;
    const canvas = document.createElement("canvas");
    const { width, height } = shown.slide ?? PAPER;
    [canvas.width, canvas.height] = [Math.round(width), Math.round(height)];
    const context = canvas.getContext("2d", { alpha: false })!;
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (shown.slide) context.drawImage(await this.#pictureOf(shown.slide), 0, 0, canvas.width, canvas.height);
    const ink = boardDesk(this.classroom).log(this.classroom.steering.cell(BOARD).value.id).visible(shown.page, (act) => this.#mayShow(act));
    // Where js-draw cannot be loaded, this device's own board says so and is empty as well.
    const sheet = ink.size > 0 ? await this.#sheetOf(canvas).catch(() => null) : null;
    sheet?.drawing.show(ink);
    if (sheet) context.drawImage(await pictureAt(sheet.drawing.ink()), 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  #shown(): Shown | null {
    const { what, item } = this.classroom.steering.cell(STAGE).value;
    if (what === "board") return { page: item || "1", slide: null };
    if (what !== "slides") return null;
    const slide = slidesDesk(this.classroom).slide(Number(item) || 1);
    return slide && { page: `${slide.id}/${slide.page}`, slide };
  }

  #mayShow(act: Act): boolean {
    const sub = authorOf(act.by);
    return act.adult || mayBeRecorded("student", this.classroom.members.find((one) => one.id === sub));
  }

  async #pictureOf(slide: Slide): Promise<HTMLImageElement> {
    if (this.#slide?.of !== slide) this.#slide = { of: slide, image: await pictureAt(`data:${slide.media};base64,${slide.picture}`) };
    return this.#slide.image;
  }

  async #sheetOf({ width, height }: HTMLCanvasElement): Promise<Sheet> {
    const { paper } = this.#sheet?.drawing ?? {};
    if (this.#sheet && paper?.width === width && paper.height === height) return this.#sheet;
    this.#sheet?.close();
    this.#sheet = await laySheet({ width, height });
    if (this.#closed) this.close();
    return this.#sheet ?? Promise.reject(new Error("closed meanwhile"));
  }
}
