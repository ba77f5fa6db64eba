import { useEffect, useState } from "preact/hooks";
import type { PlanIndex } from "../contracts";
import { forget } from "../keep/kept";
import { clock, nowSeconds } from "../lib/clock";
import { sleep } from "../lib/jitter";
import { Trouble } from "../lib/trouble";
import * as state from "../state";
import { AllSchools } from "./all-schools";
import { askBell, askProbes, deskSession, isOver } from "./ask";
import { type Change, changesOf } from "./changes";
import type { Bell, ProbeReport } from "./contracts";
import { type InForce, inForceNow } from "./in-force";
import { mergeBells, newestReport, type Truth } from "./merge";

const EVERY_MS = 10_000;

/** What the desk shows. `at`: seconds, when doors last answered; 0: none has. `refused`: this person may not look. */
export interface Desk {
  truth: Truth | null;
  at: number;
  doors: number;
  refused: boolean;
  noPass: boolean;
  report: ProbeReport | null;
  index: PlanIndex | null;
  changes: Change[];
  inForce: InForce[];
  downMinutes: number;
  looked: boolean;
}

const EMPTY: Desk = {
  truth: null, at: 0, doors: 0, refused: false, noPass: false, report: null, index: null, changes: [], inForce: [], downMinutes: 0, looked: false,
};

/** Ask all doors and plan hosts every ten seconds while the desk is open; never the office. */
export function useDesk(): Desk {
  const [desk, setDesk] = useState(EMPTY);
  useEffect(() => {
    const stop = new AbortController();
    void run(new Looking(), stop.signal, setDesk);
    return () => stop.abort();
  }, []);
  return desk;
}

async function run(looking: Looking, signal: AbortSignal, show: (desk: Desk) => void): Promise<void> {
  while (!signal.aborted) {
    const desk = await looking.once();
    if (signal.aborted) return;
    show(desk);
    await sleep(EVERY_MS * (0.75 + Math.random() / 2), signal);
  }
}

/** One desk's memory: what each door and host said last. */
class Looking {
  readonly #bells = new Map<string, Bell>();
  readonly #reports = new Map<string, ProbeReport>();
  readonly #schools = new AllSchools();
  readonly #down = new Set<number>();
  #held: Truth | null = null;
  #at = 0;
  #turn = 0;

  async once(): Promise<Desk> {
    const hosts = [...new Set([...(state.trust.value?.plan_hosts ?? []), ...(state.plan.value?.index.plan_hosts ?? [])])];
    const [refusal] = await Promise.all([this.#askDoors(), this.#askHosts(hosts), this.#askPlan(hosts)]);
    const truth = mergeBells(this.#bells.values(), clock.now());
    if (truth) {
      this.#held = truth;
      this.#at = Math.max(...[...this.#bells.values()].map((bell) => bell.server_at)) / 1000;
      if (truth.down) this.#down.add(Math.floor(clock.now() / 60_000));
    }
    const index = this.#schools.index ?? state.plan.value?.index ?? null;
    return {
      truth: refusal === "refused" ? null : this.#held,
      at: this.#at,
      doors: state.doors().length,
      refused: refusal === "refused",
      noPass: refusal === "no_pass",
      report: newestReport(this.#reports.values(), nowSeconds()),
      index,
      changes: changesOf(index, this.#schools.plans, nowSeconds()),
      inForce: inForceNow(this.#schools.plans, nowSeconds()),
      downMinutes: this.#down.size,
      looked: true,
    };
  }

  async #askDoors(again = true): Promise<"" | "refused" | "no_pass"> {
    let session: string;
    try {
      session = await deskSession();
    } catch (error) {
      return error instanceof Trouble && error.code === "no_pass" ? "no_pass" : "";
    }
    const answers = await Promise.allSettled(state.doors().map((door) => askBell(door, session)));
    const refusals = answers.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    for (const answer of answers) if (answer.status === "fulfilled") this.#bells.set(answer.value.door, answer.value);
    if (again && refusals.some(isOver)) {
      await forget("session");
      state.session.set(null);
      return this.#askDoors(false);
    }
    const none = answers.every((one) => one.status === "rejected");
    return none && refusals.some((one) => one instanceof Trouble && one.code === "not_your_class") ? "refused" : "";
  }

  async #askHosts(hosts: readonly string[]): Promise<void> {
    const answers = await Promise.allSettled(hosts.map(async (host) => [host, await askProbes(host)] as const));
    for (const answer of answers) if (answer.status === "fulfilled") this.#reports.set(...answer.value);
  }

  /** One host a look, in turn: a dead one costs one look. */
  async #askPlan(hosts: readonly string[]): Promise<void> {
    const host = hosts[this.#turn++ % Math.max(hosts.length, 1)];
    if (host) await this.#schools.look(host).catch(() => undefined);
  }
}
