import type { Member, MemberRole } from "../../contracts";
import { t } from "../../i18n";

export type GuestRole = "interpreter" | "observer";

/** Who looks after a class: not a student, and not a guest who interprets or sees and hears. Duty comes as an aide. */
export const looksAfter = (role: MemberRole): boolean => role === "teacher" || role === "aide";

/** A guest by the role that the token gave. */
export function guestRole(attributes: Readonly<Record<string, string>>): GuestRole | null {
  const { role } = attributes;
  return role === "interpreter" || role === "observer" ? role : null;
}

/** A name as the class reads it: with what somebody is who comes beside the roster. Nobody is here unseen. */
export function nameWithRole(member: Pick<Member, "name" | "comes_as">): string {
  const as = member.comes_as ?? "";
  return as ? `${member.name} (${t(WORDS[as])})` : member.name;
}

/** What a guest is called whom this device's list does not name yet. */
export const unknownGuest = (role: GuestRole): string =>
  t(role === "observer" ? "role_unknown_observer" : "role_unknown_interpreter");

const WORDS = {
  substitute: "role_substitute",
  co_teacher: "role_co_teacher",
  aide: "role_aide",
  interpreter: "role_interpreter",
  visit: "role_visit",
  guardian: "role_guardian",
} as const;
