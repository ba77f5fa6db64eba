import { clock } from "../../lib/clock";
import type { Classroom } from "../classroom";
import { FROZEN, LOCKED } from "./rules";
import { ADMITTED, MAY_SPEAK } from "./steer-rules";
import type { Rule } from "./steering";
import { deskOf } from "./desk";

/** Set a rule for everybody and note it in the class's book. */
export async function decide<T>(classroom: Classroom, rule: Rule<T>, value: T): Promise<void> {
  const at = clock.now();
  classroom.notes.write({ kind: "rule", key: `rule:${rule.name}:${classroom.me}:${at}`, sub: "", at, body: { rule: rule.name, value } });
  await classroom.steering.set(rule, value);
}

/** One tap, and one tap back. */
export const freeze = (classroom: Classroom, on: boolean): Promise<void> => decide(classroom, FROZEN, on);

/** Nobody new comes in from now on; whoever is here, or was since this device came, may come back. */
export async function lock(classroom: Classroom, on: boolean): Promise<void> {
  const here = classroom.tiles.value.filter((tile) => tile.role === "student").map((tile) => tile.sub);
  if (on) await classroom.steering.set(ADMITTED, [...new Set([...here, ...deskOf(classroom).seen])]);
  await decide(classroom, LOCKED, on);
}

/** Let one student into the locked class. */
export const admit = (classroom: Classroom, sub: string): Promise<void> =>
  classroom.steering.set(ADMITTED, [...new Set([...classroom.steering.cell(ADMITTED).value, sub])]);

/** Whether this student may open her microphone while they are closed for the class. */
export function letSpeak(classroom: Classroom, sub: string, on: boolean): Promise<void> {
  const others = classroom.steering.cell(MAY_SPEAK).value.filter((one) => one !== sub);
  return decide(classroom, MAY_SPEAK, on ? [...others, sub] : others);
}
