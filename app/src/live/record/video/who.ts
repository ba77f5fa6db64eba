import { type Participant, type Room, Track } from "livekit-client";
import type { Member } from "../../../contracts";
import { personOf } from "../../../lib/ids";

// Of the signed token. Who looks on as an observer sends nothing.
const GROWN_UP = new Set(["teacher", "aide", "duty", "interpreter"]);

/** Grown-ups are recorded; a student only when her family said yes; of whom nothing is known: not. */
export function mayBeRecorded(role: string | undefined, member: Pick<Member, "may_record"> | undefined): boolean {
  return (role !== undefined && GROWN_UP.has(role)) || member?.may_record === true;
}

/** What may go into a recording now: tracks by identity, and nobody else's. */
export interface Recorded {
  sounds: Map<string, MediaStreamTrack>;
  /** What a grown-up shows of her screen, else the recording grown-up's camera; null where a board or a slide is large. */
  main: MediaStreamTrack | null;
  faces: Map<string, MediaStreamTrack>;
  /** Students who are in it by voice or picture. */
  heard: string[];
  /** Students in class who are left out. */
  leftOut: string[];
}

/**
 * Sort everybody's tracks of one moment. What is not in the answer is never connected to the recording.
 * `staged`: a board or a slide is large; the recording grown-up's face is then the first of the small ones.
 */
export function recordedOf(room: Room, members: readonly Member[], staged: boolean): Recorded {
  const found: Recorded = { sounds: new Map(), main: null, faces: new Map(), heard: [], leftOut: [] };
  const here = [...room.remoteParticipants.values()].filter((one) => one.isActive);
  let screen: MediaStreamTrack | null = null;
  for (const one of [room.localParticipant, ...here]) {
    const { role } = one.attributes;
    const sub = personOf(one.identity);
    const student = !GROWN_UP.has(role ?? "");
    if (!mayBeRecorded(role, members.find((member) => member.id === sub))) {
      if (student && role !== "observer" && !found.leftOut.includes(sub)) found.leftOut.push(sub);
      continue;
    }
    const own = [take(one, Track.Source.Microphone), student ? null : take(one, Track.Source.ScreenShareAudio)];
    own.forEach((track, index) => track && found.sounds.set(`${one.identity}:${index}`, track));
    const camera = take(one, Track.Source.Camera);
    if (!student) screen ??= take(one, Track.Source.ScreenShare);
    if (one.isLocal) found.main = camera;
    else if (camera) found.faces.set(one.identity, camera);
    if (student && (own[0] || camera) && !found.heard.includes(sub)) found.heard.push(sub);
  }
  if (!screen && !staged) return found;
  const own: [string, MediaStreamTrack][] = found.main ? [[room.localParticipant.identity, found.main]] : [];
  return { ...found, main: screen, faces: new Map([...own, ...found.faces]) };
}

function take(one: Participant, source: Track.Source): MediaStreamTrack | null {
  const publication = one.getTrackPublication(source);
  const track = publication?.track?.mediaStreamTrack;
  return publication && !publication.isMuted && track?.readyState === "live" ? track : null;
}
