import { type RemoteParticipant, type Room, RoomEvent } from "livekit-client";
import type { Seat } from "../../contracts";
import { personOf } from "../../lib/ids";
import type { Classroom } from "../classroom";
import { permit, throwOut } from "../moderate";
import { hasIt, mayOf, permissionOf } from "./permissions";
import { saidOf, watchSaid } from "./said";
import { outOf, REMOVED } from "./steer-rules";
import type { Steering } from "./steering";

/** Besides looking at each change: what failed once is tried again, and a class that came to another server is seen whole. */
const LOOK_EVERY_MS = 2_000;

/**
 * What the grown-ups say holds at the live server too, whatever a student's client does: the leading grown-up's device
 * gives each student's seat the rights she has now, newcomers' and those of who comes back as well, and puts out who
 * was removed. Another grown-up who leads from now on goes on with it. Returns how to stop.
 */
export function enforce(classroom: Classroom): () => void {
  if (!classroom.leads) return () => {};
  const { room, steering, leading, line } = classroom;
  return enforceIn({ room, steering, seat: () => (leading.value && line.value === "open" ? classroom.seat : null), when: [leading, line] });
}

/** One place in which the rules hold: the class, or a group of it. `seat`: with which this device may see to it now. */
export interface EnforcedPlace {
  room: Room;
  steering: Steering;
  seat: () => Seat | null;
  /** What changes it. */
  when: readonly Watched[];
}

interface Watched {
  watch: (look: () => void) => () => void;
}

export function enforceIn(place: EnforcedPlace): () => void {
  const { room, steering } = place;
  const busy = new Set<string>();

  function look(): void {
    const seat = place.seat();
    if (!seat) return;
    const said = saidOf(place);
    const out = outOf(steering.cell(REMOVED).value);
    for (const one of room.remoteParticipants.values()) {
      if (one.attributes.role !== "student") continue;
      const sub = personOf(one.identity);
      if (out.has(sub)) once(one, () => throwOut(seat, one.identity));
      else {
        const wanted = permissionOf(mayOf(said, sub));
        if (!hasIt(one.permissions, wanted)) once(one, () => permit(seat, one.identity, wanted));
      }
    }
  }

  /** One call at a time for each participant; what has changed meanwhile is seen after it. */
  function once({ identity }: RemoteParticipant, call: () => Promise<void>): void {
    if (busy.has(identity)) return;
    busy.add(identity);
    void call()
      .then(() => true, () => false) // the next look tries again
      .then((done) => {
        busy.delete(identity);
        if (done) setTimeout(look, SETTLES_MS);
      });
  }

  const stops = [watchSaid(place, look), steering.cell(REMOVED).watch(look), ...place.when.map((one) => one.watch(look))];
  for (const event of EVENTS) room.on(event, look);
  const timer = setInterval(look, LOOK_EVERY_MS);
  look();
  return () => {
    clearInterval(timer);
    for (const event of EVENTS) room.off(event, look);
    for (const stop of stops) stop();
  };
}

/** The server's word on the new rights comes by the signal line, a moment after its answer. */
const SETTLES_MS = 300;

const EVENTS = [RoomEvent.ParticipantConnected, RoomEvent.ParticipantPermissionsChanged, RoomEvent.ParticipantActive] as const;
