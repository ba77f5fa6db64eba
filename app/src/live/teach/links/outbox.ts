import { Cell } from "../../../lib/cell";
import { isRecord } from "../../../lib/request";
import { Trouble } from "../../../lib/trouble";
import { read, write } from "../../../keep/kept";
import { bundle } from "../../../state";
import { type FileKind, type KeptFile, upload } from "./upload";

const AGAIN_MS = 60_000;
export const FILE_AT_MOST_BYTES = 25_000_000;

/** A file on its way to the office. `share`: 0 to 1. */
export interface Waiting {
  id: string;
  /** Whose it is: it never goes out under another's name. */
  owner: string;
  meeting: string;
  section: string;
  kind: FileKind;
  name: string;
  blob: Blob;
  /** "refused": the office does not want it, and asking again changes nothing. */
  state: "waiting" | "sending" | "refused" | "sent";
  share: number;
  kept: KeptFile | null;
}

/** The files of this device that wait for the office: they stay here until it has them, over a reload and a dead office. */
export class Outbox {
  readonly files = new Cell<Waiting[]>([]);
  readonly #stops = new Map<string, AbortController>();
  readonly #onSent = new Set<(file: Waiting, kept: KeptFile) => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opened: Promise<void> | null = null;
  #busy = false;

  /** Take up what waited before, and send it. */
  open(): Promise<void> {
    this.#opened ??= read("teach_files").then((held) => {
      const files = Array.isArray(held) ? held.filter(isWaiting).map((one) => ({ ...one, state: "waiting" as const, share: 0 })) : [];
      this.files.set([...files, ...this.files.value]);
      void this.#send();
    });
    return this.#opened;
  }

  onSent(hearer: (file: Waiting, kept: KeptFile) => void): () => void {
    this.#onSent.add(hearer);
    return () => void this.#onSent.delete(hearer);
  }

  async add(file: Pick<Waiting, "meeting" | "section" | "kind" | "name" | "blob">): Promise<string> {
    await this.open();
    const id = crypto.randomUUID();
    this.files.set([...this.files.value, { ...file, id, owner: me(), state: "waiting", share: 0, kept: null }]);
    await this.#keep();
    void this.#send();
    return id;
  }

  /** Stop it and forget it. */
  async cancel(id: string): Promise<void> {
    this.#stops.get(id)?.abort();
    this.files.set(this.files.value.filter((one) => one.id !== id));
    await this.#keep();
  }

  again(): void {
    this.files.set(this.files.value.map((one) => (one.state === "refused" ? { ...one, state: "waiting" } : one)));
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      for (let next = this.#next(); next; next = this.#next()) if (!(await this.#sendOne(next))) break;
    } finally {
      this.#busy = false;
    }
    if (this.#next()) this.#timer = setTimeout(() => void this.#send(), AGAIN_MS * (0.75 + Math.random() / 2));
  }

  #next(): Waiting | undefined {
    return this.files.value.find((one) => one.state === "waiting" && one.owner === me());
  }

  /** Say whether the office is there for the next one. */
  async #sendOne(file: Waiting): Promise<boolean> {
    const stop = new AbortController();
    this.#stops.set(file.id, stop);
    this.#change(file.id, { state: "sending", share: 0 });
    try {
      const kept = await upload({ ...file, signal: stop.signal, onProgress: (share) => this.#change(file.id, { share }) });
      this.#change(file.id, { state: "sent", share: 1, kept });
      for (const hearer of this.#onSent) hearer(file, kept);
      return true;
    } catch (error) {
      if (stop.signal.aborted) return true;
      const refused = error instanceof Trouble && [400, 409, 413, 415, 422].includes(error.status);
      this.#change(file.id, { state: refused ? "refused" : "waiting", share: 0 });
      return refused;
    } finally {
      this.#stops.delete(file.id);
      await this.#keep();
    }
  }

  #change(id: string, change: Partial<Waiting>): void {
    this.files.set(this.files.value.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  #keep(): Promise<void> {
    return write("teach_files", this.files.value.filter((one) => one.state !== "sent"));
  }
}

const me = (): string => bundle.value?.person.id ?? "";

const isWaiting = (value: unknown): value is Waiting =>
  isRecord(value) && typeof value.id === "string" && typeof value.owner === "string" && typeof value.meeting === "string" && typeof value.name === "string" && value.blob instanceof Blob;

export const outbox = new Outbox();
