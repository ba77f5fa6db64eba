import { Cell } from "../../lib/cell";
import type { Classroom } from "../classroom";
import { nowMs } from "./now";
import type { Places } from "./places";
import { HEARD_TOPIC } from "./topics";

/** A call for help that nobody has tapped. `at`: which of her calls; `since`: ms. */
export interface Call {
  sub: string;
  group: number;
  at: number;
  since: number;
}

/** The calls for help of all groups, until each is answered. A child's device says hers again and again, so a reload loses none. */
export class Calls {
  readonly open = new Cell<readonly Call[]>([]);

  constructor(
    readonly classroom: Classroom,
    readonly places: Places,
  ) {}

  /** One was heard, or its child has taken it back. `round`: of the groups, for the book. */
  heard(call: Call, over: boolean, round: number): void {
    const known = this.open.value.find((one) => one.sub === call.sub);
    if (over) return this.open.set(this.open.value.filter((one) => one !== known));
    if (known && known.at === call.at && known.group === call.group) return;
    this.open.set([...this.open.value.filter((one) => one !== known), call]);
    const body = { group: call.group, round };
    this.classroom.notes.write({ kind: "call_for_help", key: `help:${call.sub}:${call.at}`, sub: call.sub, at: nowMs(), body });
  }

  /** Take a call from the screen; the child reads that somebody comes, or that she has seen it and comes `later`. */
  answer(call: Call, later = false): void {
    this.#tellCaller(call, later);
    this.open.set(this.open.value.filter((one) => one !== call));
  }

  /** She is there: whoever called from this group is answered. */
  answerAllOf(group: number): void {
    for (const call of this.open.value.filter((one) => one.group === group)) this.answer(call);
  }

  clear(): void {
    if (this.open.value.length > 0) this.open.set([]);
  }

  #tellCaller(call: Call, later: boolean): void {
    const { classroom, places } = this;
    const there = places.lookout(call.group)?.people.value ?? [];
    const to =
      call.group === classroom.group.value
        ? classroom.devicesOf(call.sub)
        : there.filter((who) => who.sub === call.sub).map((who) => who.identity);
    if (to.length > 0) void places.wireOf(call.group)?.send(HEARD_TOPIC, { at: call.at, over: true, later }, to).catch(() => undefined);
  }
}
