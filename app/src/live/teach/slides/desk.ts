import { read, write } from "../../../keep/kept";
import { Cell } from "../../../lib/cell";
import { clock } from "../../../lib/clock";
import { isRecord } from "../../../lib/request";
import type { Classroom } from "../../classroom";
import { STAGE } from "../../steer/rules";
import type { Sender } from "../../wire";
import { onLong, sendLong } from "../pieces";
import { readSlide, type Slide, SLIDES, SLIDES_AT_MOST } from "./rule";
import { openSource, type Source } from "./source";

const PAGE_TOPIC = "slide";
const ASK_TOPIC = "slide_ask";
const ASK_AFTER_MS = 1_200;
const ASK_AGAIN_MS = 4_000;
const PAGES_KEPT = 60;
/** What a device keeps over a reload: a larger file is chosen again. */
const FILES_KEPT_AT_MOST_BYTES = 40_000_000;

/** The slides of one class on this device: the teacher's file, or the pages that came. */
export class SlidesDesk {
  readonly changes = new Cell(0);
  readonly #pages = new Map<string, Slide>();
  #source: { id: string; source: Source } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly classroom: Classroom) {}

  get rule(): Cell<typeof SLIDES.initial> {
    return this.classroom.steering.cell(SLIDES);
  }

  /** The page everybody is shown; 0: none. */
  get page(): number {
    const stage = this.classroom.steering.cell(STAGE).value;
    return stage.what === "slides" ? Number(stage.item) || 1 : 0;
  }

  /** This device has the file itself. */
  get presents(): boolean {
    return this.#source !== null && this.#source.id === this.rule.value.id;
  }

  slide(page: number): Slide | null {
    return this.#pages.get(`${this.rule.value.id}/${page}`) ?? null;
  }

  /** Return the page that a board's page of this name lies on: "<id>/<number>". */
  slideOf(page: string): Slide | null {
    return this.#pages.get(page) ?? null;
  }

  /** Pages that are here: those one can look back at. */
  get known(): number[] {
    const { id } = this.rule.value;
    return [...this.#pages.values()].filter((one) => one.id === id).map((one) => one.page).sort((one, other) => one - other);
  }

  start(): () => void {
    const { classroom } = this;
    const stops = [
      onLong(classroom.wire, PAGE_TOPIC, (value, from) => this.#heard(value, from)),
      classroom.wire.on(ASK_TOPIC, (value, from) => void this.#asked(value, from)),
      classroom.steering.cell(STAGE).watch(() => this.#needed()),
      classroom.adults.watch(() => this.#needed()),
      classroom.line.watch(() => this.#needed()),
      this.rule.watch(() => void this.#recall()),
    ];
    void this.#recall();
    return () => {
      clearTimeout(this.#timer);
      for (const stop of stops) stop();
      this.#source?.source.close();
    };
  }

  /** Show a file to the class, from its first page. Rejects with NoSlides. */
  async open(files: readonly File[]): Promise<void> {
    const source = await openSource(files);
    const id = `s${crypto.randomUUID().slice(0, 12)}`;
    const title = files[0]?.name.replace(/\.\w+$/, "") ?? "";
    const pages = Math.min(source.pages, SLIDES_AT_MOST);
    const first = { id, page: 1, ...(await source.page(1)) };
    this.#source?.source.close();
    this.#source = { id, source };
    this.#take(first);
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    if (bytes <= FILES_KEPT_AT_MOST_BYTES) await write("teach_slides", { id, files });
    const { steering, notes, room } = this.classroom;
    await steering.set(SLIDES, { id, title, pages, by: room.localParticipant.identity });
    notes.write({ kind: "slides", key: id, sub: "", at: clock.now(), body: { title, pages } });
    await this.show(1);
  }

  /** Show a page to all. */
  async show(page: number): Promise<void> {
    const { pages } = this.rule.value;
    if (page < 1 || page > pages) return;
    await this.classroom.steering.set(STAGE, { what: "slides", item: String(page) });
    const slide = await this.#make(page);
    // The page may have been left again while it was drawn.
    if (slide && this.page === page) await sendLong(this.classroom.wire, PAGE_TOPIC, slide).catch(() => undefined);
    if (slide) void this.#make(page + 1).catch(() => null);
  }

  /** A page for this device alone: of its own file. */
  async thumbnail(page: number): Promise<Slide | null> {
    return this.#make(page);
  }

  async #make(page: number): Promise<Slide | null> {
    const held = this.slide(page);
    const { id, pages } = this.rule.value;
    if (held || !this.#source || this.#source.id !== id || page > pages) return held;
    const slide = { id, page, ...(await this.#source.source.page(page)) };
    this.#take(slide);
    return slide;
  }

  #take(slide: Slide): void {
    this.#pages.set(`${slide.id}/${slide.page}`, slide);
    const oldest = this.#pages.keys().next().value;
    if (this.#pages.size > PAGES_KEPT && oldest) this.#pages.delete(oldest);
    this.changes.set(this.changes.value + 1);
  }

  #heard(value: unknown, from: Sender): void {
    const slide = from.adult ? readSlide(value) : null;
    if (slide) this.#take(slide);
  }

  /** After a reload this device opens its file again. */
  async #recall(): Promise<void> {
    const { id } = this.rule.value;
    this.changes.set(this.changes.value + 1);
    this.#needed();
    if (!id || !this.classroom.leads || this.#source?.id === id) return;
    const held = await read("teach_slides");
    if (!isRecord(held) || held.id !== id || !Array.isArray(held.files)) return;
    const files = held.files.filter((one): one is File => one instanceof File);
    const source = await openSource(files).catch(() => null);
    if (!source || this.rule.value.id !== id) return source?.close();
    this.#source = { id, source };
    // It has another identity only when it is another device, and then it has no such file.
    if (this.page) await this.#make(this.page);
  }

  /** The page that is shown is not here: soon it is asked for. */
  #needed(): void {
    clearTimeout(this.#timer);
    this.#askIn(ASK_AFTER_MS * (0.75 + Math.random() / 2));
  }

  #askIn(ms: number): void {
    this.#timer = setTimeout(() => {
      const { page, classroom } = this;
      if (!page || this.slide(page)) return;
      const { id, by } = this.rule.value;
      const adults = classroom.adults.value.map((one) => one.identity);
      const to = adults.includes(by) ? [by] : adults;
      if (id && !this.presents && to.length > 0 && classroom.line.value === "open")
        void classroom.wire.send(ASK_TOPIC, { id, page }, to).catch(() => undefined);
      this.#askIn(ASK_AGAIN_MS);
    }, ms);
  }

  async #asked(value: unknown, from: Sender): Promise<void> {
    const { page, classroom } = this;
    // Only the page that is shown: nobody draws the whole file for one who asks.
    if (!classroom.leads || !isRecord(value) || value.id !== this.rule.value.id || value.page !== page) return;
    const slide = await this.#make(page).catch(() => null);
    if (slide) await sendLong(classroom.wire, PAGE_TOPIC, slide, [from.identity]).catch(() => undefined);
  }
}

const desks = new WeakMap<Classroom, SlidesDesk>();

export function slidesDesk(classroom: Classroom): SlidesDesk {
  const known = desks.get(classroom) ?? new SlidesDesk(classroom);
  desks.set(classroom, known);
  return known;
}
