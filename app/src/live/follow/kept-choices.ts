import { Cell } from "../../lib/cell";
import { keepText, keptText } from "../../lib/safe-storage";

/** A choice of the person at this device, kept for the next class. Of a word that is none of `words` the first holds. */
export class Choice<T extends string> {
  readonly cell: Cell<T>;

  constructor(readonly name: string, readonly words: readonly [T, ...T[]]) {
    this.cell = new Cell(words.find((one) => one === keptText(name)) ?? words[0]);
  }

  set(value: T): void {
    this.cell.set(value);
    keepText(this.name, value);
  }
}

export const CONTRAST = new Choice("schoolday.contrast", ["as_device", "more"]);
export const SHORTCUTS = new Choice("schoolday.shortcuts", ["on", "off"]);
export const TOLD = new Choice("schoolday.told", ["all", "own", "none"]);
export const CAPTIONS_SHOWN = new Choice("schoolday.captions", ["shown", "hidden"]);
export const CAPTIONS_SIZE = new Choice("schoolday.captions_size", ["large", "larger", "largest"]);
/** The language she speaks in class, for captions; "": that of the app. */
export const CAPTIONS_SPOKEN = new Choice("schoolday.captions_spoken", ["", "en", "es", "ht"]);
/** "": she never said. */
export const SAVER = new Choice("schoolday.saver", ["", "on", "off"]);
