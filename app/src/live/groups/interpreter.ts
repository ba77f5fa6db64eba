import { Cell } from "../../lib/cell";
import type { Sitting } from "../../plan/day";
import type { Classroom } from "../classroom";
import { askSeats } from "./door";
import { GROUPS } from "./rule";

/** An interpreter's device: she goes into the group where she is needed, by her own choice, and comes back with everyone. */
export class InterpreterGroups {
  /** No door gave her a seat; she taps again. */
  readonly failed = new Cell(false);
  readonly #stop = new AbortController();

  constructor(
    readonly classroom: Classroom,
    readonly sitting: Sitting,
  ) {}

  start(): () => void {
    const { classroom } = this;
    const rule = classroom.steering.cell(GROUPS);
    const look = (): void => {
      // After a reload nothing is known yet: a round that is none says nothing.
      const { open, round, names } = rule.value;
      if (round > 0 && classroom.group.value > (open ? names.length : 0)) void classroom.enterClass();
    };
    const stops = [rule.watch(look), classroom.line.watch(look)];
    return () => {
      this.#stop.abort();
      for (const stop of stops) stop();
    };
  }

  /** Go into a group, or with 0 back into the class. */
  async visit(group: number): Promise<void> {
    this.failed.set(false);
    if (group === 0) return this.classroom.enterClass();
    try {
      const { own } = await askSeats(this.sitting, { own: [group] }, this.#stop.signal);
      const token = own[String(group)];
      if (!token) throw new Error("no seat");
      this.classroom.holdSeat(group, token);
      await this.classroom.enterGroup();
    } catch {
      this.failed.set(true);
    }
  }
}
