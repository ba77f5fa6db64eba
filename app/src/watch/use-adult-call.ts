import { useEffect, useRef, useState } from "preact/hooks";
import { ensureSession } from "../class-list/ensure-session";
import { firstGood } from "../door/first-good";
import { record } from "../evidence/queue";
import { nowSeconds } from "../lib/clock";
import { newEventId } from "../lib/ids";
import type { Sitting } from "../plan/day";
import { bundle, doors } from "../state";
import { call as callAt } from "./door-watch";

/** `at`: seconds. */
export type CallState = { kind: "none" } | { kind: "calling" } | { kind: "called"; at: number } | { kind: "failed" };

export interface AdultCalling {
  state: CallState;
  call: () => void;
  /** A grown-up came: the next call is a new one. */
  over: () => void;
}

/**
 * Call a grown-up into this class: the doors are asked in order, and the first receipt counts. The call is kept on this
 * device first, under the same id, so that it is known even if no door could be reached.
 */
export function useAdultCall(sitting: Sitting): AdultCalling {
  const [state, setState] = useState<CallState>({ kind: "none" });
  const event = useRef("");
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);

  async function run(): Promise<void> {
    const me = bundle.value?.person.id;
    if (!me) return;
    event.current ||= newEventId();
    await record({ id: event.current, kind: "adult_called", sub: me, meeting: sitting.id }, me);
    const asked = { meeting: sitting.id, section: sitting.section, event: event.current };
    const session = await ensureSession(sitting, stop.current.signal);
    await firstGood(doors(), (door) => callAt(door, asked, session));
  }

  return {
    state,
    call: () => {
      if (state.kind === "calling") return;
      setState({ kind: "calling" });
      run().then(
        () => setState({ kind: "called", at: nowSeconds() }),
        () => setState({ kind: "failed" }),
      );
    },
    over: () => {
      event.current = "";
      setState((before) => (before.kind === "none" ? before : { kind: "none" }));
    },
  };
}
