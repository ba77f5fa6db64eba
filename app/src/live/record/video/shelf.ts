import { type DBSchema, type IDBPDatabase, openDB } from "idb";

/** One recording that the office does not have whole yet. `touchedAt`: ms by the device's clock; while it runs it is fresh. */
export interface Held {
  id: string;
  owner: string;
  meeting: string;
  section: string;
  startedAt: number;
  mediaType: string;
  chunks: number;
  seconds: number;
  ended: boolean;
  touchedAt: number;
}

/** `heard`: students who are in this piece. */
export interface HeldChunk {
  recording: string;
  number: number;
  data: ArrayBuffer;
  heard: string[];
}

interface Schema extends DBSchema {
  recordings: { key: string; value: Held };
  /** What the office calls them. */
  remote: { key: string; value: string };
  chunks: { key: [string, number]; value: HeldChunk };
}

let opening: Promise<IDBPDatabase<Schema>> | null = null;

/** Recordings have a database of their own: one that fills the disk must not take the passes with it. */
export function shelf(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>("schoolday-recordings", 1, {
    upgrade(database) {
      database.createObjectStore("recordings", { keyPath: "id" });
      database.createObjectStore("remote");
      database.createObjectStore("chunks", { keyPath: ["recording", "number"] });
    },
    terminated: () => void (opening = null),
  });
  opening.catch(() => void (opening = null));
  return opening;
}

/** The keys of all pieces of one recording that are still here. */
export const ofRecording = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);

/** Keep a piece and what the recording is with it, both or neither. Rejects when the disk is full. */
export async function keepChunk(held: Held, chunk: HeldChunk): Promise<void> {
  const work = (await shelf()).transaction(["recordings", "chunks"], "readwrite");
  await Promise.all([work.objectStore("chunks").put(chunk), work.objectStore("recordings").put(held), work.done]);
}

export async function forget(id: string): Promise<void> {
  const work = (await shelf()).transaction(["recordings", "chunks", "remote"], "readwrite");
  await Promise.all([
    work.objectStore("recordings").delete(id),
    work.objectStore("remote").delete(id),
    work.objectStore("chunks").delete(ofRecording(id)),
    work.done,
  ]);
}
