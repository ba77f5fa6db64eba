import { type Participant, ParticipantKind, RemoteTrackPublication, type Room, Track, TrackPublication } from "livekit-client";
import type { Member } from "../contracts";
import { t } from "../i18n";
import { personOf } from "../lib/ids";
import { guestRole, type GuestRole, nameWithRole, unknownGuest } from "./roles/roles";
import { adultRole, type AdultRole, isPerson } from "./adults";

/** A person in class, as she is shown. */
export interface Tile {
  identity: string;
  sub: string;
  name: string;
  role: AdultRole | GuestRole | "student";
  self: boolean;
  speaking: boolean;
  microphone: boolean;
  /** Her picture, when it is received here. */
  camera: Track | null;
  /** Her camera is on, for whomever. */
  cameraOn: boolean;
  /** Her camera is on for the teacher, and not for this device. */
  toTeacher: boolean;
  /** Not in yet: the class is locked. */
  waits: boolean;
  screen: Track | null;
}

export interface Knowing {
  members: readonly Member[];
  /** No grown-up is here: other students are still tiles with a name. */
  quiet: boolean;
  /** This device is a grown-up's. */
  leads: boolean;
  /** What she is called herself, also in a class whose list she is not on. */
  myName: string;
  /** Whom the lock of the class keeps waiting. */
  waits?: (sub: string) => boolean;
}

/**
 * Return everyone in the class, grown-ups first, then by the class list. Names come from the bundle, never from the
 * line; roles from the signed token. Who only looks in, and has no media line, is not in class.
 */
export function tilesOf(room: Room, knowing: Knowing): Tile[] {
  const { members } = knowing;
  const others = [...room.remoteParticipants.values()].filter((one) => one.isActive && isPerson(one));
  const all: Participant[] = [room.localParticipant, ...others].filter((one) => one.identity);
  const place = new Map(members.map((member, index) => [member.id, index]));
  const rank = (tile: Tile): number => (tile.role === "student" ? 1000 : 0) + (place.get(tile.sub) ?? 500);
  const tiles = all.map((one) => tileOf(one, knowing));
  tiles.sort((one, other) => rank(one) - rank(other) || (one.sub < other.sub ? -1 : 1));
  let unnamed = 0;
  return tiles.map((tile) => (tile.name ? tile : { ...tile, name: unknownName(tile, () => ++unnamed) }));
}

function tileOf(one: Participant, knowing: Knowing): Tile {
  const phone = one.kind === ParticipantKind.SIP;
  // The bridge names a caller after her number; who she is, the rule of her PIN says (agents/phone).
  const sub = phone ? (one.attributes.sub ?? one.identity) : personOf(one.identity);
  const member = knowing.members.find((known) => known.id === sub);
  const role = adultRole(one.attributes) ?? guestRole(one.attributes) ?? "student";
  const waits = role === "student" && (knowing.waits?.(sub) ?? false);
  const still = (waits && !one.isLocal) || (knowing.quiet && !knowing.leads && !one.isLocal && role === "student");
  const camera = one.getTrackPublication(Track.Source.Camera);
  const screen = one.getTrackPublication(Track.Source.ScreenShare);
  return {
    identity: one.identity,
    sub,
    name: member && phone ? t("on_the_phone", { name: member.name }) : (member && nameWithRole(member)) ?? (one.isLocal ? knowing.myName : ""),
    role,
    self: one.isLocal,
    speaking: one.isSpeaking && !still,
    microphone: one.isMicrophoneEnabled && !still,
    cameraOn: camera !== undefined && !camera.isMuted && !still,
    toTeacher:
      !still && camera instanceof RemoteTrackPublication && !camera.isMuted && camera.permissionStatus === TrackPublication.PermissionStatus.NotAllowed,
    waits,
    camera: camera && !camera.isMuted && !still ? (camera.track ?? null) : null,
    screen: screen && !screen.isMuted && !still ? (screen.track ?? null) : null,
  };
}

/** Somebody whom no list names: a grown-up of the school; a student, by her place among the nameless. */
const unknownName = (tile: Tile, next: () => number): string =>
  tile.role === "student"
    ? t("live_student_number", { number: next() })
    : tile.role === "observer" || tile.role === "interpreter"
      ? unknownGuest(tile.role)
      : t("adult_of_school");
