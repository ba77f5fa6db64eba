import { useEffect, useRef, useState } from "preact/hooks";
import type { Ticket } from "../contracts";
import { lookForPlan, sendEvidence } from "../background";
import { clock, nowSeconds } from "../lib/clock";
import { sleep, Wake } from "../lib/jitter";
import { isOffline } from "../lib/line";
import { Trouble } from "../lib/trouble";
import type { Sitting } from "../plan/day";
import * as state from "../state";
import type { Step } from "./ladder";
import { spareTicket } from "./spare";
import { getTicket, recordArrival, type Wish } from "./ticket";
import { TriedNotes } from "./tried";

// When a class opens everybody waiting asks; within these milliseconds, not in the same one.
const OPENS_JITTER_MS = 2_000;
// When the line is back a whole school comes at once.
const LINE_BACK_JITTER_MS = 2_000;
// A spare seat that was lost after this long was a good one, and is taken again.
const SPARE_WAS_GOOD_MS = 60_000;
const SPARES_IN_VAIN_AT_MOST = 2;

export interface Joining {
  step: Step | null;
  /** No door has answered a whole round: time to show the alternate. */
  allFailed: boolean;
  ticket: Ticket | null;
  trouble: unknown;
  /** Ask for a ticket again: a live server was lost, or a refusal may have ended. */
  again: () => void;
  /** One try at once, by the person's own wish. */
  tryNow: () => void;
}

/**
 * Get a ticket, and a new one when the class opens. After a round without an answer the spare ticket opens the class;
 * the climb goes on behind it, so that the arrival reaches a door, and a refusal still ends it.
 */
export function useJoining(sitting: Sitting, sub: string): Joining {
  const [step, setStep] = useState<Step | null>(null);
  const [allFailed, setAllFailed] = useState(false);
  const [ticket, setTicket] = useState<Ticket | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const tried = useRef(new TriedNotes(sub, sitting.id));
  const wake = useRef(new Wake());
  const spare = useRef<{ ticket: Ticket; ticks: number } | null>(null);
  const inVain = useRef(0);

  const planned = useRef(sitting.pathway);
  planned.current = sitting.pathway;
  const climbing = useRef(false);
  const refused = useRef(false);

  function takeSpare(): boolean {
    // A no of ours is final, whatever else this device holds.
    if (refused.current || inVain.current >= SPARES_IN_VAIN_AT_MOST) return false;
    const made = spareTicket(sitting, state.bundle.value, state.plan.value, nowSeconds());
    if (!made) return false;
    spare.current = { ticket: made, ticks: clock.ticks() };
    setTicket(made);
    return true;
  }

  useEffect(() => {
    const stop = new AbortController();
    const wish: Wish = { meeting: sitting.id, section: sitting.section, sub };
    const onStep = (now: Step): void => {
      setStep(now);
      if (now.kind !== "all_failed") return;
      // One look at the plan: it may say by now that the class meets elsewhere, and if it comes, the line is good.
      if (now.round === 0) void lookForPlan().then(() => (state.reached.value ? tried.current.lineIsGood() : undefined));
      if (spare.current) return;
      // Without any line there is nothing to go into; a busy door is up, and is given one chance to be free.
      const mayUse = !isOffline() && !(now.busy && now.round === 0);
      if (mayUse && takeSpare()) void recordArrival(wish).then(() => sendEvidence());
      else setAllFailed(true);
    };
    const lineIsBack = (): void => {
      void sleep(Math.random() * LINE_BACK_JITTER_MS, stop.signal).then(() => wake.current.now());
    };

    async function run(): Promise<void> {
      for (;;) {
        climbing.current = true;
        const { ticket: got } = await getTicket(wish, { onStep, tried: tried.current, signal: stop.signal, wake: wake.current });
        if (stop.signal.aborted) return;
        climbing.current = false;
        refused.current = false;
        // The door's plan is another than ours: one of the two is older, and we would rather know now.
        if (got.state !== "closed" && got.pathway !== planned.current) void lookForPlan().catch(() => null);
        setAllFailed(false);
        // Who sits in class by the spare stays there: another ticket to the same seat would only interrupt.
        if (!(spare.current && got.state === "live")) setTicket(got);
        if (got.state !== "wait") return;
        await sleep(Math.max(0, got.opens_at - nowSeconds()) * 1000 + Math.random() * OPENS_JITTER_MS, stop.signal);
        if (stop.signal.aborted) return;
      }
    }
    setTrouble(null);
    addEventListener("online", lineIsBack);
    run().catch((error: unknown) => {
      if (stop.signal.aborted) return;
      climbing.current = false;
      refused.current = error instanceof Trouble && error.layer === "refused";
      spare.current = null;
      setTrouble(error);
    });
    return () => {
      stop.abort();
      removeEventListener("online", lineIsBack);
    };
  }, [sitting.id, turn]);

  function again(): void {
    const before = spare.current;
    spare.current = null;
    if (before) inVain.current = clock.ticks() - before.ticks > SPARE_WAS_GOOD_MS ? 0 : inVain.current + 1;
    if (before && climbing.current) {
      // Still no door: the spare once more, and when that is in vain the alternates; the climb goes on behind both.
      if (takeSpare()) return;
      setTicket(null);
      setAllFailed(true);
      return;
    }
    setTurn((count) => count + 1);
  }

  function tryNow(): void {
    inVain.current = 0;
    wake.current.now();
  }

  return { step, allFailed, ticket, trouble, again, tryNow };
}
