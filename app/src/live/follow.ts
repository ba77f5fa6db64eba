import type { Seat } from "../contracts";
import { nowSeconds } from "../lib/clock";
import { asAdult, byRank } from "./adults";
import type { Classroom } from "./classroom";
import { eagerness, LookTimer, whereToMove } from "./follow-rules";
import { lookInto } from "./look";

const TICK_MS = 500;
// She is there and we cannot get there: after this long, doubling, it is tried again.
const MOVE_AGAIN_MS = 10_000;
const MOVE_AGAIN_AT_MOST_MS = 120_000;

/** Keep the class in one place: look where the leading grown-up is, and go there. Returns how to stop. */
export function follow(classroom: Classroom, startsAt: number): () => void {
  const timer = new LookTimer();
  let looking = false;
  let failed = 0;
  let restUntilMs = 0;
  const stopWatching = classroom.line.watch(() => classroom.line.value === "open" && timer.restart());

  async function tick(): Promise<void> {
    const nowMs = performance.now();
    if (classroom.line.value !== "open" || looking || nowMs < restUntilMs) return;
    const eager = eagerness({
      now: nowSeconds(),
      startsAt,
      placeLost: classroom.placesLost > 0,
      leads: classroom.leads,
      adultHere: classroom.adults.value.length > 0,
      connectedForMs: nowMs - classroom.connectedAtMs,
    });
    if (!timer.due(eager, nowMs)) return;
    looking = true;
    try {
      await lookAndMove();
    } finally {
      looking = false;
    }
  }

  async function lookAndMove(): Promise<void> {
    const from = classroom.seat;
    const others = classroom.otherSeats();
    const found = await Promise.all(others.map(async (place: Seat) => ({ place, adults: (await lookInto(place)) ?? [] })));
    // Meanwhile somebody may have come, or the place may be lost.
    if (classroom.line.value !== "open" || classroom.seat !== from) return;
    const move = whereToMove({
      self: classroom.leads ? asAdult(classroom.room.localParticipant) : null,
      here: classroom.adults.value,
      found,
      order: byRank(classroom.members),
    });
    if (!move) return;
    if (await classroom.moveTo(move.place, move.adult.sub)) {
      failed = 0;
      return;
    }
    restUntilMs = performance.now() + Math.min(MOVE_AGAIN_AT_MOST_MS, MOVE_AGAIN_MS * 2 ** failed++) * (0.5 + Math.random());
  }

  const ticking = setInterval(() => void tick(), TICK_MS);
  return () => {
    clearInterval(ticking);
    stopWatching();
  };
}
