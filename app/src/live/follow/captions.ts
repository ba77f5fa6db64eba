import { language } from "../../i18n";
import { personOf } from "../../lib/ids";
import { isPractice } from "../../plan/practice";
import type { Language } from "../../contracts";
import type { Classroom } from "../classroom";
import type { Sender } from "../wire";
import { type Caption, CAPTION_TOPIC, CaptionLog, CAPTIONS, readCaption } from "./caption";
import { CaptionsAgent } from "./captions-agent";
import { CAPTIONS_SPOKEN } from "./kept-choices";
import { Recogniser } from "./recogniser";

/**
 * Captions of a class on this device. A grown-up's own browser writes what she says; where the leading one's cannot, her
 * device asks the district's program, which then writes all grown-ups, and no browser listens. A student's own go to the
 * grown-ups' devices, and the leading one passes them on while her microphone is open: else they were a chat behind the
 * grown-ups' backs. Kept for some minutes, never stored.
 */
export class Captions {
  readonly log = new CaptionLog();
  readonly recogniser: Recogniser;
  readonly agent: CaptionsAgent;
  readonly #stops: (() => void)[];

  constructor(readonly classroom: Classroom, section: string) {
    const { wire, steering, line, leading, tiles, group } = classroom;
    const on = steering.cell(CAPTIONS);
    this.agent = new CaptionsAgent({ meeting: classroom.meeting, section });
    this.recogniser = new Recogniser({ adult: classroom.leads, say: (one) => this.#say(one) });
    const spoken = (): Language => CAPTIONS_SPOKEN.cell.value || language.value;
    const settle = (): void => {
      const listens = this.#serverListens();
      this.recogniser.want(on.value && this.#open(classroom.me) && !listens ? spoken() : null);
      if (!leading.value || line.value !== "open" || group.value > 0 || isPractice(classroom.meeting)) this.agent.want(null);
      else if (!on.value) this.agent.want(listens ? { on: false } : null);
      else this.agent.want(this.recogniser.unable.value ? { on: true, lang: spoken() } : null);
    };
    const moved = (): void => {
      settle();
      if (line.value === "open") this.agent.hurry();
    };
    const clear = (): void => void (on.value || this.log.clear());
    this.#stops = [
      wire.on(CAPTION_TOPIC, (value, from) => this.#heard(value, from)),
      on.watch(settle), on.watch(clear), language.watch(settle), CAPTIONS_SPOKEN.cell.watch(settle), tiles.watch(settle),
      leading.watch(settle), line.watch(moved), this.recogniser.unable.watch(settle),
      () => this.recogniser.want(null), () => this.agent.want(null),
    ];
    settle();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #say(said: { id: string; text: string; final: boolean; lang: Language }): void {
    const { classroom } = this;
    const caption = { ...said, sub: classroom.me };
    this.log.take(caption, classroom.me, performance.now());
    const adults = classroom.adults.value.map((one) => one.identity);
    if (classroom.leads) void classroom.wire.send(CAPTION_TOPIC, caption).catch(() => undefined);
    else if (adults.length > 0) void classroom.wire.send(CAPTION_TOPIC, caption, adults).catch(() => undefined);
  }

  #heard(value: unknown, from: Sender): void {
    const { classroom } = this;
    const caption = readCaption(value);
    if (!caption || !classroom.steering.cell(CAPTIONS).value) return;
    const listener = classroom.room.remoteParticipants.get(from.identity)?.attributes.role === "captions";
    if (listener || from.adult !== null) {
      this.log.take({ ...caption, sub: caption.sub || from.sub }, `${from.identity}:${caption.sub}`, performance.now());
    } else if (classroom.leads && this.#open(from.sub)) {
      const hers: Caption = { ...caption, sub: from.sub };
      if (this.log.take(hers, from.identity, performance.now()) && classroom.leading.value) void classroom.wire.send(CAPTION_TOPIC, hers).catch(() => undefined);
    }
  }

  #open(sub: string): boolean {
    return this.classroom.tiles.value.some((tile) => tile.sub === sub && tile.microphone);
  }

  /** A listener of the district's own is here: then no browser sends a voice anywhere. */
  #serverListens(): boolean {
    return [...this.classroom.room.remoteParticipants.values()].some((one) => one.attributes.role === "captions" && personOf(one.identity) !== this.classroom.me);
  }
}
