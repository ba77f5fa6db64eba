import { useEffect, useRef } from "preact/hooks";
import type { LiveProps } from "../joining/live-loader";
import { plan } from "../state";
import { useCell } from "../ui/use-cell";
import { turnOf } from "./turn";

// The whole class moves: not in the same instant. A door may hear of the plan a little later than the device.
const JITTER_MS = 5_000;
const AGAIN_MS = 10_000;
const TRY_AT_MOST = 12;

/**
 * The meeting's turn by the plan. It rises when somebody was taken out, and the class has a new live name then: as long
 * as the ticket is of an earlier turn, also of a door that has not heard of it yet, ask for another one.
 */
export function useTurn({ ticket, sitting, onNewTicket }: LiveProps): number {
  const turn = turnOf(useCell(plan)?.schools ?? [], sitting.id);
  const isBehind = (ticket.turn ?? 0) < turn;
  const newTicket = useRef(onNewTicket);
  newTicket.current = onNewTicket;
  useEffect(() => {
    if (!isBehind) return;
    let tries = 0;
    let timer: ReturnType<typeof setTimeout>;
    const ask = (): void => {
      if (tries++ >= TRY_AT_MOST) return;
      newTicket.current();
      timer = setTimeout(ask, AGAIN_MS * (0.5 + Math.random()));
    };
    timer = setTimeout(ask, JITTER_MS * Math.random());
    return () => clearTimeout(timer);
  }, [turn, isBehind]);
  return turn;
}
