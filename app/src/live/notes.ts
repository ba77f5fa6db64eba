export type NoteKind =
  | "hand" | "reaction" | "chat" | "chat_deleted" | "poll" | "answer" | "link" | "file" | "board" | "slides" | "timer" | "group" | "call_for_help"
  | "rule" | "removed" | "let_back" | "spoke" | "recording" | "moved" | "ended";

/** Something that happened in class and is worth keeping. `at`: ms, by the servers' clock; `sub`: whom it is about, "" the class. */
export interface Note {
  kind: NoteKind;
  /** Unique within the meeting, the same on every device that saw it happen: noted twice, it is one. */
  key: string;
  sub: string;
  at: number;
  body: Record<string, unknown>;
}

/** What is worth keeping of a class, as this device sees it. Who keeps it, and where, is the book's business. */
export class Notes {
  readonly #readers = new Set<(note: Note) => void>();

  write(note: Note): void {
    for (const reader of new Set(this.#readers)) reader(note);
  }

  /** Returns how to stop. */
  read(reader: (note: Note) => void): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }
}
