import { Track } from "livekit-client";
import { Cell } from "../../lib/cell";
import { nowSeconds } from "../../lib/clock";
import { ChatRelay } from "../chat-relay";
import type { Classroom } from "../classroom";
import { isFresh } from "../seat-token";
import { enforceIn } from "../steer/enforce";
import type { Wire } from "../wire";
import { Lookout, type Seen } from "./lookout";
import { nowMs } from "./now";

// Twenty lines that were lost together are not begun anew in one instant. Children wait 10 s before their group is quiet.
const REST_AT_MOST_MS = 2_000;

interface Held {
  lookout: Lookout;
  relay: ChatRelay;
  stops: (() => void)[];
}

export interface PlacesHear {
  /** Hear what is said in a place; returns how to stop. */
  hear: (wire: Wire, groupOf: () => number) => (() => void)[];
  /** Somebody came to a place that this device looks after. */
  came: (wire: Wire, who: Seen) => void;
}

/**
 * The places of a class where this grown-up's device is not, and looks after: 0 the class, from 1 its groups. In each it
 * holds a light line, relays the chat, and sees to it that what the grown-ups set holds at the live server too.
 */
export class Places {
  /** Rises with whatever changes in one of them. */
  readonly changes = new Cell(0);
  readonly #held = new Map<number, Held>();
  readonly #tokens = new Map<number, string>();
  readonly #restUntilMs = new Map<number, number>();

  constructor(
    readonly classroom: Classroom,
    readonly how: PlacesHear,
  ) {}

  get size(): number {
    return this.#held.size;
  }

  get groups(): number[] {
    return [...this.#held.keys()];
  }

  lookout(group: number): Lookout | undefined {
    return this.#held.get(group)?.lookout;
  }

  get lookouts(): Lookout[] {
    return [...this.#held.values()].map((one) => one.lookout);
  }

  /** The words between devices of any place: that of this device, or one it looks after. */
  wireOf(place: number): Wire | undefined {
    return place === this.classroom.group.value ? this.classroom.wire : this.lookout(place)?.wire;
  }

  /** The students who are in a place and can be sent to another one: who is on the phone stays where she is. */
  studentsIn(place: number): { identity: string; sub: string }[] {
    const students =
      place === this.classroom.group.value
        ? this.classroom.tiles.value.filter((tile) => !tile.self && tile.role === "student").flatMap(({ sub, devices }) => devices.map((identity) => ({ identity, sub })))
        : (this.lookout(place)?.people.value ?? []).filter((one) => one.student);
    return students.filter(atADevice);
  }

  /** A seat to look after a place, which came with another one. */
  learn(group: number, token: string): void {
    this.#tokens.set(group, token);
  }

  fresh(token: string | undefined): boolean {
    const [seat] = this.classroom.mainSeats;
    return token !== undefined && seat !== undefined && isFresh({ ...seat, token }, nowSeconds());
  }

  /** Hold a line into each of these; one that was lost is begun anew. `ask`: for the seats that are missing. */
  async hold(wanted: readonly number[], ask: (groups: number[]) => Promise<Record<string, string>>): Promise<void> {
    const now = performance.now();
    this.close((group) => {
      const lost = this.lookout(group)?.state.value === "lost";
      if (lost) this.#restUntilMs.set(group, now + Math.random() * REST_AT_MOST_MS);
      return lost;
    });
    const missing = wanted.filter((group) => !this.#held.has(group) && now >= (this.#restUntilMs.get(group) ?? 0));
    const stale = missing.filter((group) => !this.fresh(this.#tokens.get(group)));
    if (stale.length > 0) for (const [group, token] of Object.entries(await ask(stale))) this.#tokens.set(Number(group), token);
    for (const group of missing) {
      const token = this.#tokens.get(group);
      // While the door was asked she may have walked in there.
      if (token && group !== this.classroom.group.value && !this.#held.has(group)) this.#begin(group, token);
    }
  }

  /** Say something in all of them, in everybody's chat and with `topic` on top of every screen. */
  async say(entry: Parameters<ChatRelay["say"]>[0], topic: string, value: object): Promise<void> {
    const open = [...this.#held.values()].filter(({ lookout }) => lookout.state.value === "open");
    await Promise.allSettled(open.flatMap(({ lookout, relay }) => [relay.say(entry), lookout.wire.send(topic, value)]));
  }

  close(which: (group: number) => boolean): void {
    for (const [group, { lookout, relay, stops }] of this.#held)
      if (which(group)) {
        this.#held.delete(group);
        for (const stop of stops) stop();
        this.classroom.talk.elsewhere.delete(relay);
        relay.stop();
        lookout.close();
        this.#changed();
      }
  }

  /** A new turn of the class: its seats and what was said there are of no use. */
  forget(): void {
    this.close(() => true);
    this.#tokens.clear();
  }

  #begin(group: number, token: string): void {
    const { classroom, how } = this;
    const lookout: Lookout = new Lookout(group, (who) => {
      how.came(lookout.wire, who);
      void this.#held.get(group)?.relay.tellNewcomers([who.identity]).catch(() => undefined);
    });
    const relay = this.#relay(group, lookout);
    const changed = (): void => this.#changed();
    const stops = [
      ...how.hear(lookout.wire, () => group),
      lookout.people.watch(changed),
      lookout.hands.up.watch(changed),
      lookout.state.watch(changed),
      enforceIn({ room: lookout.room, steering: classroom.steering, seat: () => (lookout.state.value === "open" ? lookout.seat : null), when: [lookout.state] }),
    ];
    this.#held.set(group, { lookout, relay, stops });
    classroom.talk.elsewhere.add(relay);
    // Where her class is, first.
    const { mainSeats, seat } = classroom;
    const turned = [...mainSeats].sort((a, b) => Number(b.node === seat?.node) - Number(a.node === seat?.node));
    void lookout.open(turned.map((main) => ({ ...main, token })));
    this.#changed();
  }

  #relay(group: number, lookout: Lookout): ChatRelay {
    const { classroom } = this;
    const { talk } = classroom;
    return new ChatRelay({
      me: classroom.me,
      wire: lookout.wire,
      people: () => lookout.people.value,
      log: talk.log,
      saidHere: (id) => talk.wasSaidIn(group, id),
      leading: () => true,
      policy: () => talk.policy.value,
      onSaid: ({ id, sub, at, text, to }) => {
        if (group > 0) talk.saidIn.set(id, group);
        // Her own words to all are noted where she is.
        if (sub !== classroom.me) classroom.notes.write({ kind: "chat", key: id, sub, at, body: { text, to, ...(group > 0 && { group }) } });
      },
      onGone: (id, by, entry) =>
        classroom.notes.write({ kind: "chat_deleted", key: `gone:${id}`, sub: entry?.sub ?? id.split(":", 1)[0]!, at: nowMs(), body: { id, by } }),
      now: nowMs,
    });
  }

  #changed(): void {
    this.changes.set(this.changes.value + 1);
  }
}

/** What her microphone hears now, if it is open. */
export function voiceOf({ room, line }: Classroom): MediaStreamTrack | null {
  const publication = room.localParticipant.getTrackPublication(Track.Source.Microphone);
  return line.value === "open" && publication && !publication.isMuted ? (publication.track?.mediaStreamTrack ?? null) : null;
}

/** A student at a device of ours: the form of identity to which doors give seats. Who is on the phone has none. */
const AT_A_DEVICE = /^[^.]+\.[^.]{8}$/;
const atADevice = (one: { identity: string; sub: string }): boolean => AT_A_DEVICE.test(one.identity);
