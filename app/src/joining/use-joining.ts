import { useEffect, useRef, useState } from "preact/hooks";
import type { Ticket } from "../contracts";
import { nowSeconds } from "../lib/clock";
import { sleep } from "../lib/jitter";
import type { Step } from "./ladder";
import { getTicket, type Wish } from "./ticket";
import { TriedNotes } from "./tried";

// When a class opens everybody waiting asks; within these milliseconds, not in the same one.
const OPENS_JITTER_MS = 2_000;

export interface Joining {
  step: Step | null;
  /** No door has answered a whole round: time to show the alternate. */
  allFailed: boolean;
  ticket: Ticket | null;
  trouble: unknown;
  /** Ask for a ticket again: after a live server was lost, or by the person's own wish. */
  again: () => void;
}

/** Get a ticket, and a new one when the class opens. */
export function useJoining(wish: Wish): Joining {
  const [step, setStep] = useState<Step | null>(null);
  const [allFailed, setAllFailed] = useState(false);
  const [ticket, setTicket] = useState<Ticket | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const tried = useRef(new TriedNotes(wish.sub, wish.meeting));

  useEffect(() => {
    const stop = new AbortController();
    const onStep = (now: Step): void => {
      setStep(now);
      if (now.kind === "all_failed") setAllFailed(true);
    };
    async function run(): Promise<void> {
      for (;;) {
        const { ticket: got } = await getTicket(wish, { onStep, tried: tried.current, signal: stop.signal });
        if (stop.signal.aborted) return;
        setAllFailed(false);
        setTicket(got);
        if (got.state !== "wait") return;
        await sleep(Math.max(0, got.opens_at - nowSeconds()) * 1000 + Math.random() * OPENS_JITTER_MS, stop.signal);
        if (stop.signal.aborted) return;
      }
    }
    setTrouble(null);
    run().catch((error: unknown) => !stop.signal.aborted && setTrouble(error));
    return () => stop.abort();
  }, [wish.meeting, turn]);

  return { step, allFailed, ticket, trouble, again: () => setTurn((before) => before + 1) };
}
