import type { Participant, Room } from "livekit-client";
import type { Member } from "../contracts";
import { personOf } from "../lib/ids";

export type AdultRole = "teacher" | "aide" | "duty";

/** A grown-up in a class. `joinedAt`: ms, by the live server's clock. */
export interface Adult {
  identity: string;
  sub: string;
  role: AdultRole;
  joinedAt: number;
}

const ROLES: readonly string[] = ["teacher", "aide", "duty"] satisfies AdultRole[];

/** The role that the token gave: signed, and the live server lets nobody change her own (seats.py, `canUpdateOwnMetadata`). */
export function adultRole(attributes: Readonly<Record<string, string>>): AdultRole | null {
  const role = attributes.role ?? "";
  return ROLES.includes(role) ? (role as AdultRole) : null;
}

/** Say whether it is somebody, and not the program that writes the captions. */
export const isPerson = (one: Participant): boolean => one.attributes.role !== "captions";

/** Everyone grown-up among the others here. One who only looks in has no media line yet: she does not count. */
export function adultsIn(room: Room): Adult[] {
  return [...room.remoteParticipants.values()].filter((one) => one.isActive).flatMap((one) => asAdult(one) ?? []);
}

export function asAdult(one: Participant): Adult | null {
  const role = adultRole(one.attributes);
  return role && { identity: one.identity, sub: personOf(one.identity), role, joinedAt: one.joinedAt?.getTime() ?? 0 };
}

/**
 * Return the order of grown-ups, the leading one first: teachers as the class list has them, aides, then duty. Of one
 * person's two devices the later leads. No two devices are equal, so two never chase each other.
 */
export function byRank(members: readonly Pick<Member, "id">[]): (one: Adult, other: Adult) => number {
  const listed = new Map(members.map((member, index) => [member.id, index]));
  const place = (sub: string): number => listed.get(sub) ?? members.length;
  return (one, other) =>
    ROLES.indexOf(one.role) - ROLES.indexOf(other.role) ||
    place(one.sub) - place(other.sub) ||
    compare(one.sub, other.sub) ||
    other.joinedAt - one.joinedAt ||
    compare(one.identity, other.identity);
}

/** By code unit: the same on every device, whatever its language. */
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
