import { personOf } from "../../lib/ids";
import { language } from "../../i18n";
import type { Language } from "../../contracts";
import type { Classroom } from "../classroom";
import type { Sender } from "../wire";
import { type Caption, CAPTION_TOPIC, CaptionLog, CAPTIONS, readCaption } from "./caption";
import { Recogniser } from "./recogniser";

/**
 * Captions of a class on this device. A student's own go to the grown-ups' devices, and the leading one passes them on
 * while her microphone is open: else they were a chat behind the grown-ups' backs. Kept for some minutes, never stored.
 */
export class Captions {
  readonly log = new CaptionLog();
  readonly recogniser: Recogniser;
  readonly #stops: (() => void)[];

  constructor(readonly classroom: Classroom) {
    const { wire, steering } = classroom;
    const on = steering.cell(CAPTIONS);
    this.recogniser = new Recogniser({ adult: classroom.leads, say: (one) => this.#say(one) });
    const settle = (): void => this.recogniser.want(on.value && this.#open(classroom.me) && !this.#serverListens() ? language.value : null);
    const clear = (): void => void (on.value || this.log.clear());
    this.#stops = [
      wire.on(CAPTION_TOPIC, (value, from) => this.#heard(value, from)),
      on.watch(settle), on.watch(clear), language.watch(settle), classroom.tiles.watch(settle),
      () => this.recogniser.want(null),
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

  /** A listener of the district's own hears everybody: then no browser sends a voice anywhere. */
  #serverListens(): boolean {
    return [...this.classroom.room.remoteParticipants.values()].some((one) => one.attributes.role === "captions" && personOf(one.identity) !== this.classroom.me);
  }
}
