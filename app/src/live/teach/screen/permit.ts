import { isRecord, request } from "../../../lib/request";
import type { Classroom } from "../../classroom";
import { liveNameOf } from "../../seat-token";
import { SHARERS } from "./rule";

const TIMEOUT_MS = 5_000;
const AGAIN_MS = 3_000;
const STUDENT = ["CAMERA", "MICROPHONE"];
const SHARER = [...STUDENT, "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"];

/**
 * Let the live server know who may show a screen: the leading grown-up's seat may tell it, nobody else's. Told again
 * until it took it; who loses her leave loses what she shows. Returns how to stop.
 */
export function permitSharers(classroom: Classroom): () => void {
  if (!classroom.leads) return () => {};
  const rule = classroom.steering.cell(SHARERS);
  const told = new Map<string, boolean>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  async function settle(): Promise<void> {
    if (running || !classroom.leading.value || classroom.line.value !== "open") return;
    running = true;
    clearTimeout(timer);
    let failed = false;
    for (const tile of classroom.tiles.value) {
      const may = rule.value.includes(tile.sub);
      if (tile.role !== "student" || tile.self || (told.get(tile.identity) ?? false) === may) continue;
      try {
        await tell(classroom, tile.identity, may ? SHARER : STUDENT);
        told.set(tile.identity, may);
      } catch {
        failed = true;
      }
    }
    running = false;
    if (failed) timer = setTimeout(() => void settle(), AGAIN_MS);
  }
  // Who leaves and returns has a new seat, with a student's rights.
  const forget = (): void => {
    const here = new Set(classroom.tiles.value.map((tile) => tile.identity));
    for (const identity of told.keys()) if (!here.has(identity)) told.delete(identity);
    void settle();
  };
  const moved = (): void => {
    if (classroom.line.value !== "open") told.clear();
    else void settle();
  };
  const stops = [rule.watch(() => void settle()), classroom.tiles.watch(forget), classroom.leading.watch(() => void settle()), classroom.line.watch(moved)];
  void settle();
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

async function tell(classroom: Classroom, identity: string, sources: readonly string[]): Promise<void> {
  const { seat } = classroom;
  if (!seat) throw new Error("no seat");
  const base = seat.url.replace(/^ws/, "http").replace(/\/$/, "");
  await request(`${base}/twirp/livekit.RoomService/UpdateParticipant`, {
    method: "POST",
    body: {
      room: liveNameOf(seat.token),
      identity,
      permission: { can_subscribe: true, can_publish: true, can_publish_data: true, can_publish_sources: sources },
    },
    headers: { Authorization: `Bearer ${seat.token}` },
    timeoutMs: TIMEOUT_MS,
    accepts: (answer): answer is object => isRecord(answer),
  });
}
