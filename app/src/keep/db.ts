import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Evidence } from "../contracts";

/** An event that the office has not confirmed yet. `owner`: whose session may send it; `at_door`: a door has it. */
export interface QueuedEvent extends Evidence {
  owner: string;
  at_door?: boolean;
}

interface Schema extends DBSchema {
  kept: { key: string; value: unknown };
  evidence: { key: string; value: QueuedEvent };
}

let opening: Promise<IDBPDatabase<Schema>> | null = null;

/** The one database of this device. */
export function db(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>("schoolday", 1, {
    upgrade(database) {
      database.createObjectStore("kept");
      database.createObjectStore("evidence", { keyPath: "id" });
    },
    terminated() {
      opening = null;
    },
  });
  return opening;
}
