import { Track } from "livekit-client";
import type { Seat } from "../contracts";
import { isRecord, request } from "../lib/request";
import type { Classroom } from "./classroom";
import { liveNameOf } from "./seat-token";

const TIMEOUT_MS = 5_000;

/**
 * Mute the microphones of these persons, or of all students. The live server lets a teacher's seat do so, and nobody
 * else's; it never opens a microphone.
 */
export async function muteMicrophones(classroom: Classroom, subs: ReadonlySet<string> | "all_students"): Promise<void> {
  const { seat, room } = classroom;
  if (!seat) return;
  const students = new Set(classroom.tiles.value.filter((tile) => tile.role === "student").map((tile) => tile.identity));
  const wanted = classroom.tiles.value.filter(
    (tile) => !tile.self && tile.microphone && (subs === "all_students" ? students.has(tile.identity) : subs.has(tile.sub)),
  );
  await Promise.allSettled(
    wanted.map(({ identity }) => {
      const publication = room.remoteParticipants.get(identity)?.getTrackPublication(Track.Source.Microphone);
      return publication ? mute(seat, identity, publication.trackSid) : Promise.resolve();
    }),
  );
}

async function mute(seat: Seat, identity: string, track_sid: string): Promise<void> {
  const base = seat.url.replace(/^ws/, "http").replace(/\/$/, "");
  await request(`${base}/twirp/livekit.RoomService/MutePublishedTrack`, {
    method: "POST",
    body: { room: liveNameOf(seat.token), identity, track_sid, muted: true },
    headers: { Authorization: `Bearer ${seat.token}` },
    timeoutMs: TIMEOUT_MS,
    accepts: (answer): answer is object => isRecord(answer),
  });
}
