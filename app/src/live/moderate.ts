import { Track } from "livekit-client";
import type { Seat } from "../contracts";
import { isRecord, request } from "../lib/request";
import type { Classroom } from "./classroom";
import { liveNameOf } from "./seat-token";
import type { Permission } from "./steer/permissions";

const TIMEOUT_MS = 5_000;

/**
 * Mute the microphones of these persons, or of all students. The live server lets a teacher's seat do so, and nobody
 * else's; it never opens a microphone.
 */
export const muteMicrophones = (classroom: Classroom, subs: ReadonlySet<string> | "all_students"): Promise<void> =>
  muteSource(classroom, Track.Source.Microphone, subs);

/** Stop the pictures of these persons, or of all students; each may start hers again, while cameras are open. */
export const stopCameras = (classroom: Classroom, subs: ReadonlySet<string> | "all_students"): Promise<void> =>
  muteSource(classroom, Track.Source.Camera, subs);

async function muteSource(classroom: Classroom, source: Track.Source, subs: ReadonlySet<string> | "all_students"): Promise<void> {
  const { seat, room } = classroom;
  if (!seat) return;
  const wanted = classroom.tiles.value.filter(
    (tile) => !tile.self && (subs === "all_students" ? tile.role === "student" : subs.has(tile.sub)),
  );
  await Promise.allSettled(
    wanted.flatMap((tile) => tile.devices).map((identity) => {
      const publication = room.remoteParticipants.get(identity)?.getTrackPublication(source);
      if (!publication || publication.isMuted) return Promise.resolve();
      return ask(seat, "MutePublishedTrack", { identity, track_sid: publication.trackSid, muted: true });
    }),
  );
}

/** Give one participant these rights, in place of those she has. What she sends without a right to, the live server takes off. */
export const permit = (seat: Seat, identity: string, permission: Permission): Promise<void> =>
  ask(seat, "UpdateParticipant", {
    identity,
    permission: {
      can_subscribe: permission.canSubscribe,
      can_publish: permission.canPublish,
      can_publish_data: permission.canPublishData,
      can_publish_sources: permission.canPublishSources,
    },
  });

/** Take one participant off a live server. Her token is still good there: see steer/removal.ts. */
export const throwOut = (seat: Seat, identity: string): Promise<void> => ask(seat, "RemoveParticipant", { identity });

async function ask(seat: Seat, method: string, body: object): Promise<void> {
  const base = seat.url.replace(/^ws/, "http").replace(/\/$/, "");
  await request(`${base}/twirp/livekit.RoomService/${method}`, {
    method: "POST",
    body: { room: liveNameOf(seat.token), ...body },
    headers: { Authorization: `Bearer ${seat.token}` },
    timeoutMs: TIMEOUT_MS,
    accepts: (answer): answer is object => isRecord(answer),
  });
}
