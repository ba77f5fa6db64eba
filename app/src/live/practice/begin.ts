import type { BundleSection, Member, Seat, Ticket } from "../../contracts";
import { deskSession, isOver } from "../../desk/ask";
import { forget } from "../../keep/kept";
import { isRecord, request } from "../../lib/request";
import { isPractice } from "../../plan/practice";
import type { Sitting } from "../../plan/day";
import * as state from "../../state";

const TIMEOUT_MS = 10_000;
export const SCENARIOS = ["calm", "first_day", "busy"] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface Wish {
  students: number;
  scenario: Scenario;
  lang: string;
}

interface Answer {
  meeting: string;
  seats: Seat[];
  members: Member[];
  starts_at: number;
  ends_at: number;
}

/** A practice class, in the form in which the live screen takes any class. */
export interface Practice {
  ticket: Ticket;
  sitting: Sitting;
  section: BundleSection;
}

/** Get into this teacher's practice class: a new one, or the one that still runs. */
export async function begin(wish: Wish, title: string): Promise<Practice> {
  try {
    return practiceOf(await ask(wish), title);
  } catch (error) {
    if (!isOver(error)) throw error;
    await forget("session");
    state.session.set(null);
    return practiceOf(await ask(wish), title);
  }
}

/** End it now; without a line it ends by itself when she is gone for a minute. */
export async function end(): Promise<void> {
  const headers = { Authorization: `Day ${await deskSession()}` };
  await request("/agents/practice/end", { method: "POST", headers, timeoutMs: TIMEOUT_MS, accepts: (one): one is object => isRecord(one) });
}

const ask = async (wish: Wish): Promise<Answer> =>
  request("/agents/practice", {
    method: "POST", body: wish, headers: { Authorization: `Day ${await deskSession()}` }, timeoutMs: TIMEOUT_MS, accepts: isAnswer,
  });

function isAnswer(value: unknown): value is Answer {
  return (
    isRecord(value) && typeof value.meeting === "string" && isPractice(value.meeting) && Array.isArray(value.seats) &&
    Array.isArray(value.members) && typeof value.starts_at === "number" && typeof value.ends_at === "number"
  );
}

function practiceOf(answer: Answer, title: string): Practice {
  const me = state.bundle.value!.person;
  const members = answer.members.map((one) => (one.id === me.id ? { ...one, name: me.name } : one));
  const { meeting, starts_at, ends_at } = answer;
  return {
    ticket: {
      meeting, section: meeting, state: "live", pathway: "live", opens_at: starts_at, starts_at, ends_at, seats: answer.seats, alternates: [],
    },
    section: { id: meeting, title, school: "", role: "teacher", members },
    sitting: {
      id: meeting, section: meeting, title, teachers: [me.name], period: "", startsAt: starts_at, endsAt: ends_at, tardyAfterMinutes: 5,
      school: "", schoolName: "", phone: "", timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, role: "teacher",
      pathway: "live", alternates: [], detour: null, moved: false,
    },
  };
}
