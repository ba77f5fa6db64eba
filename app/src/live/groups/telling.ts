import type { Classroom } from "../classroom";
import { type Said, STEER_TOPIC } from "../steer/steering";
import type { Wire } from "../wire";
import type { Places } from "./places";

/** What the grown-ups set holds in every group: this device tells each place it looks after. */
export class Telling {
  #told: Record<string, Said> = {};

  constructor(
    readonly classroom: Classroom,
    readonly places: Places,
  ) {}

  /** What was set since the last time, to everybody in each place. */
  tellNew(): void {
    const all = this.classroom.steering.all;
    const fresh = Object.entries(all).filter(([name, said]) => this.#told[name]?.v !== said.v || this.#told[name]?.by !== said.by);
    this.#told = all;
    for (const [name, said] of fresh)
      for (const one of this.places.lookouts)
        if (one.state.value === "open") void one.wire.send(STEER_TOPIC, { rules: { [name]: said } }).catch(() => undefined);
  }

  /** Everything that was ever set, to these. One message a rule: together they may be too long for one. */
  async tellAll(wire: Wire, to: readonly string[]): Promise<void> {
    for (const [name, said] of Object.entries(this.classroom.steering.all))
      await wire.send(STEER_TOPIC, { rules: { [name]: said } }, to).catch(() => undefined);
  }
}
