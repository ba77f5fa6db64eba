import { type Participant, ParticipantKind, type RemoteParticipant, RemoteTrackPublication, type Room, RoomEvent, Track, TrackPublication } from "livekit-client";
import type { Member } from "../contracts";
import { t } from "../i18n";
import { personOf } from "../lib/ids";
import { guestRole, type GuestRole, nameWithRole, unknownGuest } from "./roles/roles";
import { adultRole, type AdultRole, isPerson } from "./adults";

/** A person in class, as she is shown: one face, from however many devices she is here. */
export interface Tile {
  /** Her devices in class, as the live server names them. */
  devices: readonly string[];
  /** The one whose picture is her face. */
  face: string;
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
 * line; roles from the signed token. Who only looks in, and has no media line, is not in class; nor is a
 * grown-up who looks after it from another place.
 */
export function tilesOf(room: Room, knowing: Knowing): Tile[] {
  const { members } = knowing;
  const isHere = (one: RemoteParticipant): boolean => one.isActive && isPerson(one) && one.attributes.watching !== "1";
  const others = [...room.remoteParticipants.values()].filter(isHere);
  const all: Participant[] = [room.localParticipant, ...others].filter((one) => one.identity);
  const place = new Map(members.map((member, index) => [member.id, index]));
  const rank = (tile: Tile): number => (tile.role === "student" ? 1000 : 0) + (place.get(tile.sub) ?? 500);
  const devicesOf = new Map<string, Participant[]>();
  for (const one of all) devicesOf.set(subOf(one), [...(devicesOf.get(subOf(one)) ?? []), one]);
  const tiles = [...devicesOf.values()].map((devices) => tileOf(devices, knowing));
  tiles.sort((one, other) => rank(one) - rank(other) || (one.sub < other.sub ? -1 : 1));
  let unnamed = 0;
  return tiles.map((tile) => (tile.name ? tile : { ...tile, name: unknownName(tile, () => ++unnamed) }));
}

/** Whose device it is. The bridge names a caller after her number; who she is, the rule of her PIN says (agents/phone). */
const subOf = (one: Participant): string =>
  one.kind === ParticipantKind.SIP ? (one.attributes.sub ?? one.identity) : personOf(one.identity);

function tileOf(devices: readonly Participant[], knowing: Knowing): Tile {
  const one = faceOf(devices);
  const sub = subOf(one);
  const phone = one.kind === ParticipantKind.SIP;
  const member = knowing.members.find((known) => known.id === sub);
  const role = adultRole(one.attributes) ?? guestRole(one.attributes) ?? "student";
  const waits = role === "student" && (knowing.waits?.(sub) ?? false);
  const still = (waits && !one.isLocal) || (knowing.quiet && !knowing.leads && !one.isLocal && role === "student");
  // Her own button says how this device's microphone is, whatever her other ones do.
  const heard = one.isLocal ? [one] : devices;
  const camera = one.getTrackPublication(Track.Source.Camera);
  const screens = devices.map((device) => device.getTrackPublication(Track.Source.ScreenShare));
  return {
    devices: devices.map((device) => device.identity),
    face: one.identity,
    sub,
    name: member && phone ? t("on_the_phone", { name: member.name }) : (member && nameWithRole(member)) ?? (one.isLocal ? knowing.myName : ""),
    role,
    self: one.isLocal,
    speaking: heard.some((device) => device.isSpeaking) && !still,
    microphone: heard.some((device) => device.isMicrophoneEnabled) && !still,
    cameraOn: camera !== undefined && !camera.isMuted && !still,
    toTeacher:
      !still && camera instanceof RemoteTrackPublication && !camera.isMuted && camera.permissionStatus === TrackPublication.PermissionStatus.NotAllowed,
    waits,
    // A picture that this device does not want any more stands still until the server has taken it away.
    camera: camera && !camera.isMuted && !still && !(camera instanceof RemoteTrackPublication && !camera.isDesired) ? (camera.track ?? null) : null,
    screen: still ? null : (screens.find((screen) => screen?.track && !screen.isMuted)?.track ?? null),
  };
}

/**
 * Which of her devices is shown: this one; else one whose camera is on; of several the one that came last. A device that
 * was lost is still in class for up to half a minute.
 */
function faceOf(devices: readonly Participant[]): Participant {
  const rank = (one: Participant): number => (one.isLocal ? 2 : one.isCameraEnabled ? 1 : 0);
  const came = (one: Participant): number => one.joinedAt?.getTime() ?? 0;
  return devices.reduce((best, one) => ((rank(one) - rank(best) || came(one) - came(best)) > 0 ? one : best));
}

/** Somebody whom no list names: a grown-up of the school; a student, by her place among the nameless. */
const unknownName = (tile: Tile, next: () => number): string =>
  tile.role === "student"
    ? t("live_student_number", { number: next() })
    : tile.role === "observer" || tile.role === "interpreter"
      ? unknownGuest(tile.role)
      : t("adult_of_school");

/** After these the people of a class may look otherwise. */
export const LOOK_AGAIN = [
  RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished, RoomEvent.ActiveSpeakersChanged, RoomEvent.Connected, RoomEvent.Reconnected,
  RoomEvent.ParticipantAttributesChanged, RoomEvent.TrackPublished, RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscriptionPermissionChanged, RoomEvent.TrackSubscriptionStatusChanged,
] as const;
