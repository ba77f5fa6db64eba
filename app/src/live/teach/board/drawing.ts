// js-draw, and nothing else of the board: loaded when a board is shown, never before.
import {
  AbstractComponent, BackgroundComponentBackgroundType, Color4, Editor, EditorEventType, EditorImage, EraserMode, EraserTool, Mat33, PenTool, Rect2, TextComponent, Vec2,
} from "js-draw";
import "js-draw/Editor.css";
import type { AddCommand, Element } from "./log";

export interface Paper {
  width: number;
  height: number;
}

export interface Pen {
  tool: "pen" | "eraser";
  colour: string;
  /** In units of the paper. */
  thickness: number;
}

interface Drawn {
  added: (command: AddCommand) => void;
  /** Ids as `show` was given them. */
  erased: (ids: string[]) => void;
}

const TEXT_SIZE = 44;

/** One page on the screen: shows what it is told, and tells what was drawn on it. It decides nothing. */
export class Drawing {
  readonly #editor: Editor;
  readonly #pen: PenTool;
  readonly #eraser: EraserTool;
  readonly #resize: ResizeObserver;
  readonly #parent: HTMLElement;
  #shown = new Map<string, AbstractComponent>();
  #style: Pen = { tool: "pen", colour: "#162e51", thickness: 6 };

  constructor(parent: HTMLElement, readonly paper: Paper, readonly drawn: Drawn) {
    this.#parent = parent;
    this.#editor = new Editor(parent, { wheelEventsEnabled: false, minZoom: 0.01, maxZoom: 20 });
    this.#editor.getRootElement().classList.add("board-editor");
    this.#pen = new PenTool(this.#editor, "pen", {});
    this.#eraser = new EraserTool(this.#editor, "eraser", { mode: EraserMode.FullStroke });
    // No zoom, no pasted pictures, no selection: everybody sees the same page, whole.
    this.#editor.toolController.setTools([]);
    this.#editor.toolController.addPrimaryTool(this.#pen);
    this.#editor.toolController.addPrimaryTool(this.#eraser);
    void this.#editor.dispatchNoAnnounce(this.#editor.image.setImportExportRect(new Rect2(0, 0, paper.width, paper.height)), false);
    this.#editor.notifier.on(EditorEventType.CommandDone, () => queueMicrotask(() => this.#look()));
    this.#resize = new ResizeObserver(() => this.#fit());
    this.#resize.observe(parent);
    this.#fit();
  }

  remove(): void {
    this.#resize.disconnect();
    this.#editor.remove();
  }

  writable(yes: boolean): void {
    this.#editor.setReadOnly(!yes);
  }

  use(pen: Pen): void {
    this.#style = pen;
    const scale = this.#editor.viewport.getScaleFactor();
    this.#pen.setEnabled(pen.tool === "pen");
    this.#eraser.setEnabled(pen.tool === "eraser");
    this.#pen.setColor(Color4.fromString(pen.colour));
    this.#pen.setThickness(pen.thickness * scale);
    this.#eraser.setThickness(Math.max(16, 36 * scale));
  }

  /** Show exactly this. An element that js-draw cannot read is left out. */
  show(elements: ReadonlyMap<string, Element>): void {
    let changed = false;
    for (const [id, component] of this.#shown) {
      if (elements.has(id)) continue;
      this.#take(component);
      this.#shown.delete(id);
      changed = true;
    }
    for (const one of this.#all()) if (![...this.#shown.values()].includes(one)) this.#take(one);
    for (const [id, element] of elements) {
      const known = this.#shown.get(id);
      if (known && this.#editor.image.lookupElement(known.getId())) continue;
      const made = read(element);
      if (!made) continue;
      void this.#editor.dispatchNoAnnounce(EditorImage.addComponent(made), false);
      this.#shown.set(id, made);
      changed = true;
    }
    if (changed) void this.#editor.queueRerender();
  }

  /** Write a line of text, below what is there: the way without a mouse. */
  write(text: string): void {
    const used = Math.max(0, ...this.#all().filter((one) => one instanceof TextComponent).map((one) => one.getBBox().bottomLeft.y));
    const y = used + TEXT_SIZE * 1.3 > this.paper.height ? TEXT_SIZE * 1.3 : used + TEXT_SIZE * 1.3;
    const style = { size: TEXT_SIZE, fontFamily: "sans-serif", renderingStyle: { fill: Color4.fromString(this.#style.colour) } };
    const component = new TextComponent([text], Mat33.translation(Vec2.of(40, y)), style);
    this.drawn.added(EditorImage.addComponent(component).serialize() as AddCommand);
  }

  /** The texts on the page, for those who do not see it. */
  texts(): string[] {
    return this.#all().flatMap((one) => (one instanceof TextComponent ? [one.getText()] : []));
  }

  get count(): number {
    return this.#shown.size;
  }

  svg(): string {
    return this.#withPaper(() => this.#editor.toSVG().outerHTML);
  }

  /** Return the page as a PNG, as a data address. */
  png(): string {
    return this.#withPaper(() => this.#editor.toDataURL("image/png", Vec2.of(this.paper.width, this.paper.height)));
  }

  /** Return the ink alone, with nothing below it, as a PNG's data address. */
  ink(): string {
    return this.#editor.toDataURL("image/png", Vec2.of(this.paper.width, this.paper.height));
  }

  /** White below the ink, in what is saved. */
  #withPaper<T>(act: () => T): T {
    const background = this.#editor.setBackgroundStyle({ color: Color4.white, type: BackgroundComponentBackgroundType.SolidColor });
    void background.apply(this.#editor);
    try {
      return act();
    } finally {
      void background.unapply(this.#editor);
    }
  }

  /** What somebody drew or erased here becomes an act; the act, not js-draw, then decides what is shown. */
  #look(): void {
    const here = new Set(this.#all());
    const erased = [...this.#shown].filter(([, component]) => !here.has(component)).map(([id]) => id);
    const known = new Set(this.#shown.values());
    const added = [...here].filter((one) => !known.has(one));
    for (const id of erased) this.#shown.delete(id);
    for (const one of added) this.drawn.added(EditorImage.addComponent(one).serialize() as AddCommand);
    if (erased.length > 0) this.drawn.erased(erased);
  }

  #all(): AbstractComponent[] {
    return this.#editor.image.getAllComponents().filter((one) => !one.isBackground());
  }

  #take(component: AbstractComponent): void {
    const parent = this.#editor.image.findParent(component);
    parent?.remove();
    void this.#editor.queueRerender();
  }

  #fit(): void {
    const { width } = this.#parent.getBoundingClientRect();
    if (width === 0) return;
    this.#editor.viewport.resetTransform(Mat33.scaling2D(width / this.paper.width));
    this.use(this.#style);
    void this.#editor.queueRerender();
  }
}

function read(element: Element): AbstractComponent | null {
  try {
    return AbstractComponent.deserialize(element as never);
  } catch {
    return null; // of another version, or nonsense
  }
}
