import { RoomEvent } from "livekit-client";
import { Cell } from "../../lib/cell";
import { clock } from "../../lib/clock";
import { isRecord } from "../../lib/request";
import type { Classroom } from "../classroom";
import { type Kind, REACTION_TOPIC, Reactions, readReaction, SHOWN_MS } from "./reactions";
import { FROZEN, MICROPHONES } from "./rules";
import { MAY_SPEAK, REACTIONS } from "./steer-rules";

const AWAY_TOPIC = "away";
const CALL_TOPIC = "call_on";

/** What this device knows of the class beyond tiles and rules: reactions, who looks elsewhere, whether she is asked to speak. */
export class Desk {
  /** What floats over whose tile. */
  readonly reactions = new Cell<ReadonlyMap<string, Kind>>(new Map());
  readonly totals = new Cell<ReadonlyMap<Kind, number>>(new Map());
  /** Who looks at another window; at grown-ups' devices only, told by each child's own, and no more than that. */
  readonly away = new Cell<ReadonlySet<string>>(new Set());
  /** The teacher asked her to speak. */
  readonly called = new Cell(false);
  /** Which group a student is in, for the class list: told by the groups. */
  readonly groups = new Cell<ReadonlyMap<string, number>>(new Map());
  /** Whom this device saw in class since it came: who may come back into a locked one. */
  readonly seen = new Set<string>();
  readonly #counted = new Reactions();

  constructor(readonly classroom: Classroom) {}

  start(): () => void {
    const { classroom } = this;
    const stops = [
      classroom.wire.on(REACTION_TOPIC, (value, from) => {
        const kind = readReaction(value);
        if (kind && (from.adult || this.#mayReact())) this.#take(from.sub, kind);
      }),
      classroom.wire.on(AWAY_TOPIC, (value, from) => {
        if (!classroom.leads || !isRecord(value) || typeof value.away !== "boolean") return;
        const away = new Set(this.away.value);
        if (value.away) away.add(from.sub);
        else away.delete(from.sub);
        this.away.set(away);
      }),
      classroom.wire.on(CALL_TOPIC, (_value, from) => from.adult && this.called.set(true)),
      classroom.tiles.watch(() => {
        for (const tile of classroom.tiles.value) if (tile.role === "student" && !tile.waits) this.seen.add(tile.sub);
      }),
    ];
    const look = (): void => void this.#tellAway();
    document.addEventListener("visibilitychange", look);
    classroom.room.on(RoomEvent.ParticipantActive, look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      classroom.room.off(RoomEvent.ParticipantActive, look);
      for (const stop of stops) stop();
      this.#noteTotals();
    };
  }

  async react(kind: Kind): Promise<void> {
    const { classroom } = this;
    if (!classroom.leads && !this.#mayReact()) return;
    if (this.#take(classroom.me, kind)) await classroom.wire.send(REACTION_TOPIC, { kind }).catch(() => undefined);
  }

  /** Ask one student to speak: her hand goes down, and her own device offers the microphone. It is never opened from here. */
  async callOn(sub: string): Promise<void> {
    const { classroom } = this;
    const { steering } = classroom;
    const speakers = steering.cell(MAY_SPEAK).value;
    if (steering.cell(MICROPHONES).value === "closed" && !speakers.includes(sub)) await steering.set(MAY_SPEAK, [...speakers, sub]);
    const to = classroom.devicesOf(sub);
    await classroom.handTalk.lower([sub]);
    if (to.length > 0) await classroom.wire.send(CALL_TOPIC, { at: clock.now() }, to).catch(() => undefined);
  }

  #mayReact(): boolean {
    const { steering, quiet } = this.classroom;
    return steering.cell(REACTIONS).value && !steering.cell(FROZEN).value && !quiet.value;
  }

  #take(sub: string, kind: Kind): boolean {
    if (!this.#counted.take(sub, kind, performance.now())) return false;
    this.totals.set(new Map(this.#counted.totals));
    const show = (): void => this.reactions.set(this.#counted.shown(performance.now()));
    show();
    setTimeout(show, SHOWN_MS + 50);
    return true;
  }

  async #tellAway(): Promise<void> {
    const { classroom } = this;
    if (classroom.leads || classroom.line.value !== "open") return;
    const to = classroom.adults.value.map((one) => one.identity);
    if (to.length > 0) await classroom.wire.send(AWAY_TOPIC, { away: document.hidden }, to).catch(() => undefined);
  }

  #noteTotals(): void {
    const { classroom } = this;
    if (!classroom.leading.value || this.#counted.totals.size === 0) return;
    classroom.notes.write({
      kind: "reaction", key: `reactions:${classroom.me}:${clock.now()}`, sub: "", at: clock.now(), body: Object.fromEntries(this.#counted.totals),
    });
  }
}

const desks = new WeakMap<Classroom, Desk>();

/** The desk of a class on this device. */
export function deskOf(classroom: Classroom): Desk {
  const held = desks.get(classroom) ?? new Desk(classroom);
  desks.set(classroom, held);
  return held;
}
