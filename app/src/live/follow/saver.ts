import { ConnectionQuality, type LocalAudioTrack, RoomEvent, Track } from "livekit-client";
import { Cell } from "../../lib/cell";
import type { Classroom } from "../classroom";
import { onlyOf } from "../pictures";
import { SAVER } from "./kept-choices";
import { type Counted, count, since } from "./line-meter";
import { pinnedHere } from "./pinned";
import { PoorLine } from "./poor-line";

const LOOK_EVERY_MS = 2_000;
const RATE_OVER_MS = 10_000;
const MINUTE_MS = 60_000;
const SAVING_VOICE_BPS = 16_000;

export interface Rate {
  perMinute: number;
  picturesPerMinute: number;
}

/**
 * Sound, slides and shared screens only: no camera's picture is received or sent, but those of pinned people. Off the
 * line, not off the screen: no byte of them flows. Watches the line, and says when the saver would help.
 */
export class Saver {
  readonly on = new Cell(false);
  /** The line is poor, or metered, and she has not said what she wants yet. */
  readonly offered = new Cell(false);
  /** What the line carries now, both ways, in bytes a minute; null before it is known. */
  readonly rate = new Cell<Rate | null>(null);
  /** What it carried when the saver was put on. */
  readonly before = new Cell<Rate | null>(null);
  readonly counted = new Cell<Counted | null>(null);
  readonly #poor = new PoorLine();
  readonly #counts: { atMs: number; counted: Counted }[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #asked = false;

  constructor(readonly classroom: Classroom) {
    const { room } = classroom;
    for (const event of EVENTS) room.on(event, this.#apply);
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    if (isMetered() && SAVER.cell.value === "on") this.on.set(true);
    else if (isMetered() && SAVER.cell.value === "") this.offered.set((this.#asked = true));
  }

  stop(): void {
    clearInterval(this.#timer);
    onlyOf.set(null);
    for (const event of EVENTS) this.classroom.room.off(event, this.#apply);
  }

  /** Put it on or off: one tap. Kept for a metered line. */
  use(on: boolean): void {
    if (on) this.before.set(this.rate.value);
    this.#counts.length = 0;
    this.rate.set(null);
    this.#asked = true;
    this.offered.set(false);
    this.on.set(on);
    SAVER.set(on ? "on" : "off");
    this.#apply();
  }

  /** She keeps the pictures: it is not offered again in this class. */
  decline(): void {
    this.offered.set(false);
    SAVER.set("off");
  }

  async look(): Promise<void> {
    const { room, line } = this.classroom;
    if (line.value !== "open") {
      this.#counts.length = 0;
      return;
    }
    this.#apply();
    const now = { atMs: performance.now(), counted: await count(room).catch(() => null) };
    const { counted } = now;
    if (!counted) return;
    const last = this.#counts.at(-1);
    this.#counts.push({ atMs: now.atMs, counted });
    this.counted.set(counted);
    if (!last) return;
    while (this.#counts.length > 2 && now.atMs - this.#counts[1]!.atMs >= RATE_OVER_MS) this.#counts.shift();
    const first = this.#counts[0]!;
    const all = since(first.counted, counted);
    const minutes = (now.atMs - first.atMs) / MINUTE_MS;
    this.rate.set({ perMinute: Math.round((all.received + all.sent) / minutes), picturesPerMinute: Math.round(all.pictures / minutes) });
    const fresh = since(last.counted, counted);
    const poor = this.#poor.see({
      nowMs: now.atMs,
      quality: qualityOf(room.localParticipant.connectionQuality),
      loss: fresh.lost / Math.max(1, fresh.lost + fresh.packets),
      concealed: fresh.concealed / Math.max(1, fresh.samples),
      heldBack: [...room.remoteParticipants.values()].some((one) =>
        [...one.videoTrackPublications.values()].some((video) => video.track?.streamState === Track.StreamState.Paused),
      ),
    });
    if (poor && !this.#asked && !this.on.value) this.offered.set((this.#asked = true));
  }

  readonly #apply = (): void => {
    const saving = this.on.value;
    onlyOf.set(saving ? pinnedHere(this.classroom) : null);
    this.classroom.pictureRests.set(saving);
    void this.#voice(saving);
  };
  #voiceOf: RTCRtpSender | undefined;

  /** Fewer bits for the own voice: still clear. A browser that cannot sends as before. */
  async #voice(saving: boolean): Promise<void> {
    const track = this.classroom.room.localParticipant.getTrackPublication(Track.Source.Microphone)?.track as LocalAudioTrack | undefined;
    const sender = track?.sender;
    if (!sender || (!saving && this.#voiceOf !== sender) || (saving && this.#voiceOf === sender)) return;
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings;
    if (!encoding) return;
    this.#voiceOf = saving ? sender : undefined;
    if (saving) encoding.maxBitrate = SAVING_VOICE_BPS;
    else delete encoding.maxBitrate;
    await sender.setParameters(parameters).catch(() => undefined); // sent again with the next track
  }
}

const qualityOf = (quality: ConnectionQuality): "good" | "poor" | "unknown" =>
  quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost ? "poor" : quality === ConnectionQuality.Unknown ? "unknown" : "good";

/** The device says that its line costs by the byte. */
export function isMetered(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; type?: string } };
  return connection?.saveData === true;
}

const EVENTS = [RoomEvent.TrackPublished, RoomEvent.TrackSubscribed, RoomEvent.Connected, RoomEvent.Reconnected, RoomEvent.LocalTrackPublished] as const;
