import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Evidence } from "../contracts";
import { Cell } from "../lib/cell";
import { sleep } from "../lib/jitter";

/** An event that the office has not confirmed yet. `owner`: whose session may send it; `at_door`: a door has it. */
export interface QueuedEvent extends Evidence {
  owner: string;
  at_door?: boolean;
  /** What the servers' clock was ahead of the device's, in ms, when it happened. */
  ahead_ms?: number;
}

/** What happened in class, as this grown-up's device noted it; the office has not confirmed it. `due`: ms, when to send it. */
export interface WaitingNote {
  /** `<meeting>|<key>` */
  id: string;
  owner: string;
  meeting: string;
  section: string;
  due: number;
  kind: string;
  key: string;
  sub: string;
  at: number;
  body: Record<string, unknown>;
}

interface Shelves {
  kept: unknown;
  evidence: QueuedEvent;
  notes: WaitingNote;
}
type Shelf = keyof Shelves;

interface Schema extends DBSchema {
  kept: { key: string; value: unknown };
  evidence: { key: string; value: QueuedEvent };
  notes: { key: string; value: WaitingNote };
}
const SHELVES = ["evidence", "notes", "kept"] as const satisfies readonly Shelf[];
// 2: the shelf of notes.
const VERSION = 2;
type Database = IDBPDatabase<Schema>;

// Some browsers never answer while another page is changing the database. A slow device needs a second or two, and
// without its database it would ask its person to sign on again: so there is patience.
const OPEN_AT_MOST_MS = 8_000;

/**
 * The one database of this device, which may fail at any moment: barred (private mode), wiped while the page is open,
 * full. What it does not take lives in memory for as long as the page does, and `forgetful` says so; what this page
 * knew is written again to a database that was wiped.
 */
export class DeviceStore {
  readonly forgetful = new Cell(false);
  #opening: Promise<Database | null> | null = null;
  #wiped = false;
  /** All that this page wrote or read. */
  readonly #known = {
    kept: new Map<string, unknown>(), evidence: new Map<string, QueuedEvent>(), notes: new Map<string, WaitingNote>(),
  };
  /** Names on a shelf that the database did not take. */
  readonly #unkept = { kept: new Set<string>(), evidence: new Set<string>(), notes: new Set<string>() };

  constructor(
    readonly open: typeof openDB = openDB,
    readonly openAtMostMs = OPEN_AT_MOST_MS,
  ) {}

  async get<S extends Shelf>(shelf: S, name: string): Promise<Shelves[S] | undefined> {
    if (this.#unkept[shelf].has(name)) return this.#memory(shelf).get(name);
    const found = await this.#try((database) => database.get(shelf, name), this.#memory(shelf).get(name));
    if (found !== undefined) this.#memory(shelf).set(name, found as Shelves[S]);
    return found as Shelves[S] | undefined;
  }

  async all<S extends Shelf>(shelf: S): Promise<Shelves[S][]> {
    const memory = this.#memory(shelf);
    const found = new Map<string, Shelves[S]>();
    await this.#try(async (database) => {
      const names = await database.getAllKeys(shelf);
      const values = (await database.getAll(shelf)) as Shelves[S][];
      names.forEach((name, index) => found.set(name, values[index]!));
    }, undefined);
    for (const [name, value] of found) memory.set(name, value);
    for (const name of this.#unkept[shelf]) if (memory.has(name)) found.set(name, memory.get(name)!);
    return [...found.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
  }

  async put<S extends Shelf>(shelf: S, name: string, value: Shelves[S]): Promise<void> {
    this.#memory(shelf).set(name, value);
    this.#unkept[shelf].add(name);
    await this.#flush();
  }

  async delete(shelf: Shelf, name: string): Promise<void> {
    this.#known[shelf].delete(name);
    this.#unkept[shelf].delete(name);
    await this.#try((database) => database.delete(shelf, name), undefined);
  }

  async clear(shelf: Shelf): Promise<void> {
    this.#known[shelf].clear();
    this.#unkept[shelf].clear();
    await this.#try((database) => database.clear(shelf), undefined);
  }

  /** Write whatever is in memory only; a database that had no room may have it now. */
  async #flush(): Promise<void> {
    const left = await this.#try(async (database) => {
      for (const shelf of SHELVES) await this.#write(database, shelf);
      return false;
    }, true);
    this.forgetful.set(left);
  }

  async #write(database: Database, shelf: Shelf): Promise<void> {
    for (const name of this.#unkept[shelf]) {
      const value = this.#known[shelf].get(name);
      if (shelf === "evidence") await database.put("evidence", value as QueuedEvent);
      else if (shelf === "notes") await database.put("notes", value as WaitingNote);
      else await database.put("kept", value, name);
      // Written again while we waited: the newer one is still to do.
      if (this.#known[shelf].get(name) === value) this.#unkept[shelf].delete(name);
    }
  }

  /** Do it with the database; once more with a new connection; else without: `otherwise`. */
  async #try<T>(act: (database: Database) => Promise<T>, otherwise: T): Promise<T> {
    for (let tries = 0; tries < 2; tries++) {
      const database = await this.#database();
      if (!database) return otherwise;
      try {
        return await act(database);
      } catch (error) {
        if (error instanceof DOMException && error.name === "QuotaExceededError") return otherwise;
        this.#lost(database);
      }
    }
    return otherwise;
  }

  #database(): Promise<Database | null> {
    this.#opening ??= this.#openOrNot().then(async (database) => {
      if (!database) this.forgetful.set(true);
      if (database && this.#wiped) await this.#restore(database).catch(() => null);
      return database;
    });
    return this.#opening;
  }

  async #openOrNot(): Promise<Database | null> {
    let gaveUp = false;
    try {
      const opening = this.open<Schema>("schoolday", VERSION, {
        upgrade(database, from) {
          if (from < 1) {
            database.createObjectStore("kept");
            database.createObjectStore("evidence", { keyPath: "id" });
          }
          database.createObjectStore("notes", { keyPath: "id" });
        },
        blocking: (_now, _next, event) => this.#lost((event.target as unknown as IDBDatabase | null) ?? undefined),
        terminated: () => this.#lost(undefined),
      });
      opening.then((late) => gaveUp && late.close(), () => null);
      const database = await Promise.race([opening, sleep(this.openAtMostMs).then(() => null)]);
      gaveUp = database === null;
      return database;
    } catch {
      return null; // barred
    }
  }

  /** The connection is no good any more. The next one may find an empty database. */
  #lost(database: { close(): void } | undefined): void {
    this.#opening = null;
    this.#wiped = true;
    database?.close();
  }

  async #restore(database: Database): Promise<void> {
    this.#wiped = false;
    for (const shelf of SHELVES)
      for (const name of this.#known[shelf].keys())
        if ((await database.getKey(shelf, name)) === undefined) this.#unkept[shelf].add(name);
    for (const shelf of SHELVES) await this.#write(database, shelf);
  }

  #memory<S extends Shelf>(shelf: S): Map<string, Shelves[S]> {
    return this.#known[shelf] as Map<string, Shelves[S]>;
  }
}

export const store = new DeviceStore();
