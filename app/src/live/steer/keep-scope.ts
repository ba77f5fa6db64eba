import { RoomEvent, Track } from "livekit-client";
import { adultRole } from "../adults";
import type { Classroom } from "../classroom";
import { allowedFor } from "./camera-scope";
import { CAMERAS } from "./rules";
import { isStudent } from "./said";

/** A newcomer is told the rules of the class within this time; until then her picture goes to grown-ups only. */
const TOLD_AFTER_MS = 3_500;

/**
 * Keep this student's picture from everybody but grown-ups, while the class or her family wants it so. The live server
 * holds to it: it sends no byte of it to others. Kept right as people come and go, and on each server. Returns how to stop.
 */
export function keepScope(classroom: Classroom): () => void {
  if (!isStudent(classroom)) return () => {};
  const { room, steering } = classroom;
  const me = room.localParticipant;
  let openedAtMs = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = "";

  function look(): void {
    const scoped = steering.cell(CAMERAS).value === "teacher" || ownWish(classroom) || performance.now() - openedAtMs < TOLD_AFTER_MS;
    const others = [...room.remoteParticipants.values()].map((one) => ({ identity: one.identity, adult: adultRole(one.attributes) !== null }));
    const sound = me.getTrackPublication(Track.Source.Microphone)?.trackSid;
    const allowed = scoped ? allowedFor(others, sound ? [sound] : []) : [];
    const next = JSON.stringify([scoped, allowed, room.state]);
    if (next === last) return;
    last = next;
    me.setTrackSubscriptionPermissions(!scoped, allowed);
  }

  function opened(): void {
    openedAtMs = performance.now();
    last = "";
    clearTimeout(timer);
    timer = setTimeout(look, TOLD_AFTER_MS + 50);
    look();
  }

  const stops = [steering.cell(CAMERAS).watch(look)];
  for (const event of EVENTS) room.on(event, look);
  for (const event of NEW_LINE) room.on(event, opened);
  opened();
  return () => {
    clearTimeout(timer);
    for (const event of EVENTS) room.off(event, look);
    for (const event of NEW_LINE) room.off(event, opened);
    for (const stop of stops) stop();
  };
}

/** Her family's word, as her own bundle has it. */
export const ownWish = ({ members, me }: Pick<Classroom, "members" | "me">): boolean =>
  members.find((one) => one.id === me)?.camera_to_teacher === true;

const EVENTS = [
  RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.ParticipantAttributesChanged,
  RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished, RoomEvent.Reconnected,
] as const;
const NEW_LINE = [RoomEvent.Connected] as const;
