import { type Participant, type Room, Track } from "livekit-client";
import type { Member } from "../contracts";
import { personOf } from "../lib/ids";

export interface Tile {
  identity: string;
  sub: string;
  name: string;
  role: Member["role"];
  self: boolean;
  speaking: boolean;
  microphone: boolean;
  camera: Track | null;
  screen: Track | null;
}

/** Return everyone in the class, teachers first, then by the class list. Names come from the bundle, never from the line. */
export function tilesOf(room: Room, members: readonly Member[], unknown: string): Tile[] {
  const all: Participant[] = [room.localParticipant, ...room.remoteParticipants.values()];
  const place = new Map(members.map((member, index) => [member.id, index]));
  const tiles = all.filter((one) => one.identity).map((one) => tileOf(one, members, unknown));
  const rank = (tile: Tile): number => (tile.role === "student" ? 1000 : 0) + (place.get(tile.sub) ?? 500);
  return tiles.sort((one, other) => rank(one) - rank(other));
}

function tileOf(one: Participant, members: readonly Member[], unknown: string): Tile {
  const sub = personOf(one.identity);
  const member = members.find((known) => known.id === sub);
  const camera = one.getTrackPublication(Track.Source.Camera);
  const screen = one.getTrackPublication(Track.Source.ScreenShare);
  return {
    identity: one.identity,
    sub,
    name: member?.name ?? unknown,
    role: member?.role ?? "student",
    self: one.isLocal,
    speaking: one.isSpeaking,
    microphone: one.isMicrophoneEnabled,
    camera: camera && !camera.isMuted ? (camera.track ?? null) : null,
    screen: screen && !screen.isMuted ? (screen.track ?? null) : null,
  };
}
