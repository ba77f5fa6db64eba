import { useEffect, useRef, useState } from "preact/hooks";
import { nowSeconds } from "../lib/clock";
import type { Sitting } from "../plan/day";
import { type AdultCalling, useAdultCall } from "../watch/use-adult-call";
import type { Classroom } from "./classroom";
import { callAfterMs, callsByItself, Supervision } from "./supervision";

const TICK_MS = 500;

export interface Supervised extends AdultCalling {
  /** A grown-up was in this class while this device was. */
  hadAdult: boolean;
}

/** Keep a student's class quiet while no grown-up is in it, and call one after a minute. */
export function useSupervision(classroom: Classroom, sitting: Sitting): Supervised {
  const calling = useAdultCall(sitting);
  const latest = useRef(calling);
  latest.current = calling;
  const [supervision] = useState(() => new Supervision());
  useEffect(() => {
    if (classroom.leads) return;
    const afterMs = callAfterMs();
    let calledByItself = false;
    const look = (): void => {
      const nowMs = performance.now();
      const adult = classroom.adults.value.length > 0;
      const quiet = supervision.see({ adult, lineOpen: classroom.line.value === "open", nowMs });
      classroom.quiet.set(quiet);
      if (!quiet) return latest.current.over();
      const me = classroom.room.localParticipant.identity;
      const students = classroom.tiles.value.filter((tile) => tile.role === "student");
      const now = nowSeconds();
      const calls = callsByItself({
        aloneForMs: supervision.aloneForMs(nowMs),
        afterMs,
        running: sitting.startsAt <= now && now < sitting.endsAt,
        called: calledByItself || latest.current.state.kind !== "none",
        me,
        others: students.flatMap((tile) => tile.devices).filter((device) => device !== me),
      });
      if (!calls) return;
      calledByItself = true;
      latest.current.call();
    };
    const timer = setInterval(look, TICK_MS);
    const stops = [classroom.adults.watch(look), classroom.line.watch(look)];
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }, []);
  return { ...calling, hadAdult: supervision.hadAdult };
}
