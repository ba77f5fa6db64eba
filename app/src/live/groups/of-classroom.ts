import type { Sitting } from "../../plan/day";
import type { Classroom } from "../classroom";
import { GroupsDesk } from "./desk";
import { InterpreterGroups } from "./interpreter";
import { StudentGroups } from "./student";

const desks = new WeakMap<Classroom, GroupsDesk>();
const interpreters = new WeakMap<Classroom, InterpreterGroups>();
const students = new WeakMap<Classroom, StudentGroups>();

/** The one desk of a grown-up's device in this class: its screens and its background share it. */
export function deskOf(classroom: Classroom, sitting: Sitting): GroupsDesk {
  const desk = desks.get(classroom) ?? new GroupsDesk(classroom, sitting);
  desks.set(classroom, desk);
  return desk;
}

export function interpreterOf(classroom: Classroom, sitting: Sitting): InterpreterGroups {
  const interpreter = interpreters.get(classroom) ?? new InterpreterGroups(classroom, sitting);
  interpreters.set(classroom, interpreter);
  return interpreter;
}

export function studentOf(classroom: Classroom): StudentGroups {
  const student = students.get(classroom) ?? new StudentGroups(classroom);
  students.set(classroom, student);
  return student;
}
