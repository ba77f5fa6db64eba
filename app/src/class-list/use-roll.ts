import { useEffect, useState } from "preact/hooks";
import type { Roll } from "../contracts";
import { roll } from "../door/door";
import { ensureSession } from "./ensure-session";
import type { Sitting } from "../plan/day";
import { doors } from "../state";
import { firstArrivals } from "./roll-rows";

const ASK_EVERY_MS = 3_000;

export interface LiveRoll {
  arrivals: ReadonlyMap<string, number>;
  /** Whether any door answered at the last turn. */
  answered: boolean | null;
}

/** Ask every door, every 3 s, who came through it. A door that falls silent keeps what it said last. */
export function useRoll(sitting: Sitting | undefined): LiveRoll {
  const [state, setState] = useState<LiveRoll>({ arrivals: new Map(), answered: null });
  useEffect(() => {
    if (!sitting) return;
    const stop = new AbortController();
    const last = new Map<string, Roll>();
    let asking = false;
    async function ask(): Promise<void> {
      if (asking || !sitting || document.hidden) return;
      asking = true;
      const session = await ensureSession(sitting, stop.signal).catch(() => null);
      const answers = session ? await Promise.allSettled(doors().map((door) => roll(door, sitting.id, session))) : [];
      asking = false;
      if (stop.signal.aborted) return;
      const good = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
      for (const one of good) last.set(one.door, one);
      setState({ arrivals: firstArrivals(last.values()), answered: good.length > 0 });
    }
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [sitting?.id]);
  return state;
}
