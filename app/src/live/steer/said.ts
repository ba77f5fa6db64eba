import type { Classroom } from "../classroom";
import { type May, mayOf, type Said } from "./permissions";
import { CAMERAS, FROZEN, LOCKED, MICROPHONES } from "./rules";
import { SHARERS } from "../teach/screen/rule";
import { ADMITTED, MAY_SPEAK } from "./steer-rules";

const WATCHED = [FROZEN, LOCKED, MICROPHONES, CAMERAS, MAY_SPEAK, ADMITTED, SHARERS] as const;

/** Return what the grown-ups of this class say now. */
export const saidOf = ({ steering }: Pick<Classroom, "steering">): Said => ({
  frozen: steering.cell(FROZEN).value,
  locked: steering.cell(LOCKED).value,
  microphones: steering.cell(MICROPHONES).value,
  cameras: steering.cell(CAMERAS).value,
  maySpeak: steering.cell(MAY_SPEAK).value,
  admitted: steering.cell(ADMITTED).value,
  sharers: steering.cell(SHARERS).value,
});

/** Call `look` whenever one of them changes; returns how to stop. */
export function watchSaid({ steering }: Pick<Classroom, "steering">, look: () => void): () => void {
  const stops = WATCHED.map((rule) => steering.cell<unknown>(rule as never).watch(look));
  return () => {
    for (const stop of stops) stop();
  };
}

/** Whether this device is a student's: the rules are about theirs. Until the live server has said, by her place in the class. */
export const isStudent = ({ leads, room }: Pick<Classroom, "leads" | "room">): boolean =>
  !leads && (room.localParticipant.attributes.role ?? "student") === "student";

/** What this device may do itself. */
export const mayNow = (classroom: Classroom): May =>
  isStudent(classroom) ? mayOf(saidOf(classroom), classroom.me) : { waits: false, microphone: true, camera: true, screen: true };
