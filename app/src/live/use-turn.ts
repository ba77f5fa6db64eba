import { useEffect, useRef } from "preact/hooks";
import type { LiveProps } from "../joining/live-loader";
import { plan } from "../state";
import { useCell } from "../ui/use-cell";
import { liveNameIn, turnOf } from "./turn";

// The whole class moves: not in the same instant. A door may hear of the plan a little later than the device.
const JITTER_MS = 5_000;
const AGAIN_MS = 10_000;
const TRY_AT_MOST = 12;

/** When the plan gives the meeting a new turn (somebody was taken out), get a ticket to its new live name. Returns the turn. */
export function useTurn({ ticket, sitting, onNewTicket }: LiveProps): number {
  const turn = turnOf(useCell(plan)?.schools ?? [], sitting.id);
  const known = useRef(turn);
  const name = useRef("");
  name.current = liveNameIn(ticket);
  useEffect(() => {
    if (turn <= known.current) return;
    known.current = turn;
    const before = name.current;
    let tries = 0;
    let timer: ReturnType<typeof setTimeout>;
    const ask = (): void => {
      if (name.current !== before || tries++ >= TRY_AT_MOST) return;
      onNewTicket();
      timer = setTimeout(ask, AGAIN_MS * (0.5 + Math.random()));
    };
    timer = setTimeout(ask, JITTER_MS * Math.random());
    return () => clearTimeout(timer);
  }, [turn]);
  return turn;
}
