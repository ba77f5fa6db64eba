import { store, type WaitingNote } from "../../keep/db";
import { Cell } from "../../lib/cell";
import { clock } from "../../lib/clock";
import { fullJitter } from "../../lib/jitter";
import { has } from "../../lib/request";
import { codeOf } from "../../lib/trouble";
import { post } from "../../office/office";
import { isPractice } from "../../plan/practice";
import type { Note } from "../notes";

/** As in office/classbook/taking.py; the bytes are a good deal less than the office takes in one request. */
const BATCH_AT_MOST_NOTES = 200;
const BATCH_AT_MOST_LETTERS = 300_000;
const RETRY_BASE_MS = 2_000;
const RETRY_CAP_MS = 120_000;
// The office says this meeting is none of hers: a substitute's list may still be put right. Then it is of no use to anybody.
const ASK_AGAIN_MS = 30 * 60_000;
const GIVE_UP_MS = 30 * 86_400_000;
const TIMEOUT_MS = 15_000;

export interface NoteSender {
  owner: string;
  session: string | null;
  /** The office's cookie is the owner's own. */
  cookie: boolean;
}

interface Answer {
  kept: string[];
  refused: Record<string, string>;
}
const isAnswer = has<Answer>("kept", "refused");

/** Rises when what waits here should not wait for the next turn: for those who send it. */
export const hurry = new Cell(0);

let failures = 0;
let restUntil = Number.NEGATIVE_INFINITY;

/** As in office/classbook/taking.py: of what says how something stands the newest word counts, of all else the first. */
const CHANGING: ReadonlySet<string> = new Set(["poll", "board", "slides"]);

/** Keep a note until the office confirms it. */
export async function keepNote(note: Note, where: { owner: string; meeting: string; section: string; due: number }): Promise<void> {
  if (isPractice(where.meeting)) return; // nothing of a practice class is kept
  const id = `${where.meeting}|${note.key}`;
  const held = await store.get("notes", id);
  if (held && (!CHANGING.has(note.kind) || note.at <= held.at)) return;
  await store.put("notes", id, { ...note, ...where, id });
  // A browser that will forget it keeps nothing back.
  if (store.forgetful.value) hurry.set(hurry.value + 1);
}

export async function waitingNotes(owner: string): Promise<WaitingNote[]> {
  return (await store.all("notes")).filter((note) => note.owner === owner);
}

/** What waits of a meeting is sent at the next turn: this device leads now, or the class is over here. */
export async function sendSoon(owner: string, meeting: string): Promise<void> {
  const now = clock.now();
  for (const note of await waitingNotes(owner))
    if (note.meeting === meeting && note.due > now) await store.put("notes", note.id, { ...note, due: now });
  hurry.set(hurry.value + 1);
}

/**
 * Bring what is due to the office, meeting by meeting. Forgotten is only what it has confirmed or can never take.
 * `all`: also what is not due, and though the office rests. Throws when the office could not be asked.
 */
export async function sendNotes(sender: NoteSender, { all = false } = {}): Promise<void> {
  if (!all && clock.ticks() < restUntil) return;
  const now = clock.now();
  const waiting = await waitingNotes(sender.owner);
  for (const old of waiting.filter((note) => now - note.at > GIVE_UP_MS)) await store.delete("notes", old.id);
  const due = waiting.filter((note) => now - note.at <= GIVE_UP_MS && (all || store.forgetful.value || note.due <= now));
  const meetings = new Map<string, WaitingNote[]>();
  for (const note of due) meetings.set(note.meeting, [...(meetings.get(note.meeting) ?? []), note]);
  try {
    for (const notes of meetings.values()) for (const batch of batchesOf(notes)) await sendBatch(batch, sender);
    failures = 0;
  } catch (error) {
    restUntil = clock.ticks() + fullJitter(++failures, RETRY_BASE_MS, RETRY_CAP_MS);
    throw error;
  }
}

async function sendBatch(batch: WaitingNote[], sender: NoteSender): Promise<void> {
  try {
    const { kept, refused } = await ask(batch, sender);
    const done = new Set([...kept, ...Object.keys(refused)]);
    for (const note of batch)
      // Changed while it was under way: the newer one is still to send.
      if (done.has(note.key) && (await store.get("notes", note.id))?.at === note.at) await store.delete("notes", note.id);
  } catch (error) {
    const code = codeOf(error);
    if (code === "not_found") return later(batch);
    if (code !== "bad_request") throw error;
    // One of them is such that the office cannot even read the others.
    const [only] = batch;
    if (batch.length === 1) return store.delete("notes", only!.id);
    const half = Math.ceil(batch.length / 2);
    await sendBatch(batch.slice(0, half), sender);
    await sendBatch(batch.slice(half), sender);
  }
}

async function ask(batch: WaitingNote[], { session, cookie }: NoteSender): Promise<Answer> {
  const { meeting, section } = batch[0]!;
  const notes = batch.map(({ kind, key, sub, at, body }) => ({ kind, key, sub, at: Math.round(at), body }));
  const send = (by: string | null): Promise<Answer> =>
    post("/api/classbook/notes", { meeting, section, sent_at: Math.round(clock.now()), notes }, by, isAnswer, TIMEOUT_MS);
  if (!session) return send(null);
  return send(session).catch((error: unknown) => {
    // Yesterday's session: the cookie may still be good.
    if (!cookie || codeOf(error) !== "not_signed_on") throw error;
    return send(null);
  });
}

async function later(batch: WaitingNote[]): Promise<void> {
  const due = clock.now() + ASK_AGAIN_MS * (1 + Math.random());
  for (const note of batch) await store.put("notes", note.id, { ...note, due });
}

/** In the order in which it happened. */
function* batchesOf(notes: WaitingNote[]): Generator<WaitingNote[]> {
  let batch: WaitingNote[] = [];
  let letters = 0;
  for (const note of [...notes].sort((one, other) => one.at - other.at)) {
    const more = JSON.stringify(note).length;
    if (batch.length > 0 && (batch.length === BATCH_AT_MOST_NOTES || letters + more > BATCH_AT_MOST_LETTERS)) {
      yield batch;
      [batch, letters] = [[], 0];
    }
    batch.push(note);
    letters += more;
  }
  if (batch.length > 0) yield batch;
}
