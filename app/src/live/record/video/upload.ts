import { has, isRecord, request } from "../../../lib/request";
import { codeOf, Trouble } from "../../../lib/trouble";
import { csrfToken, post } from "../../../office/office";
import { bundle, daySession } from "../../../state";
import { noteWaits, onTheirWay } from "./progress";
import { forget, type Held, type HeldChunk, ofRecording, shelf } from "./shelf";

const PIECE_TIMEOUT_MS = 60_000;
// A gigabyte is put together at the office while we wait.
const FINISH_TIMEOUT_MS = 120_000;
// A page that records writes every five seconds; one that was silent for so long is gone.
export const DEAD_AFTER_MS = 30_000;

let running = false;

/** Bring what this person recorded on this device to the office, the oldest first. What fails is tried again at the next call. */
export async function uploadRecordings(): Promise<void> {
  const owner = bundle.value?.person.id;
  if (running || !owner) return;
  running = true;
  try {
    await once(owner);
  } finally {
    running = false;
  }
}

async function once(owner: string): Promise<void> {
  const all = (await (await shelf()).getAll("recordings")).filter((one) => one.owner === owner);
  all.sort((one, other) => one.startedAt - other.startedAt);
  let trouble: unknown;
  for (const held of all) {
    try {
      await bring(held);
    } catch (error) {
      trouble ??= error;
      if (!(error instanceof Trouble) || error.layer !== "refused") break; // no line: nor for the next one
    }
  }
  const left = await (await shelf()).count("recordings");
  noteWaits(left > 0);
  if (left === 0) onTheirWay.set(null);
  if (trouble) throw trouble;
}

async function bring(held: Held): Promise<void> {
  const ended = held.ended || Date.now() - held.touchedAt > DEAD_AFTER_MS;
  if (held.chunks === 0) return ended ? forget(held.id) : undefined;
  const remote = await named(held);
  try {
    for (const number of (await (await shelf()).getAllKeys("chunks", ofRecording(held.id))).map(([, one]) => one)) {
      const chunk = await (await shelf()).get("chunks", [held.id, number]);
      if (chunk) await send(remote, chunk);
      await (await shelf()).delete("chunks", [held.id, number]);
      onTheirWay.set({ left: await (await shelf()).count("chunks", ofRecording(held.id)), all: held.chunks });
    }
    if (!ended) return;
    const body = { chunks: held.chunks, seconds: Math.round(held.seconds) };
    await post(`/api/recordings/${remote}/finish`, body, daySession(), has<{ id: string }>("id"), FINISH_TIMEOUT_MS);
  } catch (error) {
    // Somebody deleted it at the office: what she deleted must not stay here either.
    if (codeOf(error) !== "not_found") throw error;
  }
  await forget(held.id);
}

/** What the office calls it. Asked twice with our own id it is one. */
async function named(held: Held): Promise<string> {
  const known = await (await shelf()).get("remote", held.id);
  if (known) return known;
  const body = { key: held.id, meeting: held.meeting, section: held.section, started_at: Math.round(held.startedAt), media_type: held.mediaType };
  const { id } = await post("/api/recordings", body, daySession(), has<{ id: string }>("id"));
  await (await shelf()).put("remote", id, held.id);
  return id;
}

async function send(remote: string, chunk: HeldChunk): Promise<void> {
  const session = daySession();
  await request(`/api/recordings/${remote}/chunks/${chunk.number}`, {
    method: "PUT",
    bytes: chunk.data,
    headers: {
      ...(session ? { Authorization: `Day ${session}` } : { "X-CSRFToken": await csrfToken() }),
      "Content-Type": "application/octet-stream",
      "X-SHA256": await sha256(chunk.data),
      "X-Heard": chunk.heard.join(","),
    },
    timeoutMs: PIECE_TIMEOUT_MS,
    cookies: true,
    accepts: (answer): answer is { kept: number } => isRecord(answer) && answer.kept === chunk.number,
  });
}

async function sha256(data: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
