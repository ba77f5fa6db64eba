import { Cell } from "../../../lib/cell";
import { clock } from "../../../lib/clock";
import { newEventId } from "../../../lib/ids";
import type { Sitting } from "../../../plan/day";
import { bundle } from "../../../state";
import type { Classroom } from "../../classroom";
import { Mix } from "./mix";
import { Picture } from "./picture";
import { noteWaits } from "./progress";
import { roomLeft } from "./room-left";
import { RECORDING } from "./rule";
import { type Held, keepChunk, shelf } from "./shelf";
import { StagePicture } from "./stage-picture";
import { recordedOf } from "./who";

export const RECORDING_TOPIC = "recording";
/** As `CHUNK_SECONDS` of the office. */
const CHUNK_MS = 5_000;
const VIDEO_BITS_A_SECOND = 1_200_000;
const AUDIO_BITS_A_SECOND = 64_000;
const KINDS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];

export type Phase = "off" | "starting" | "on" | "paused" | "stopping";
/** Why it did not begin, or ended by itself. */
export type Why = "" | "no_line" | "other_records" | "full" | "nearly_full" | "not_here";

/**
 * Records one class on this device: one canvas, one mixed sound, a piece every five seconds that is on the disk before
 * anything else happens with it. It begins only after everybody was told.
 */
export class Recorder {
  readonly phase = new Cell<Phase>("off");
  readonly trouble = new Cell<Why>("");
  readonly bytes = new Cell(0);
  /** Subs of the students who are left out, and of those who are in it. */
  readonly leftOut = new Cell<readonly string[]>([]);
  #parts: { mix: Mix; stage: StagePicture; picture: Picture; media: MediaRecorder; stopWatching: () => void; beat: ReturnType<typeof setInterval> } | null = null;
  #held: Held | null = null;
  #heard = new Set<string>();
  #writing: Promise<void> = Promise.resolve();
  #runFrom = 0;
  #ranMs = 0;

  constructor(
    readonly classroom: Classroom,
    readonly sitting: Sitting,
  ) {}

  /** Seconds recorded so far, without pauses. */
  get seconds(): number {
    return (this.#ranMs + (this.phase.value === "on" ? performance.now() - this.#runFrom : 0)) / 1000;
  }

  get running(): boolean {
    return this.phase.value !== "off";
  }

  async start(): Promise<void> {
    if (this.running) return;
    this.trouble.set("");
    const { classroom } = this;
    const rule = classroom.steering.cell(RECORDING);
    const mediaType = KINDS.find((kind) => globalThis.MediaRecorder?.isTypeSupported(kind));
    if (!mediaType) return this.trouble.set("not_here");
    if (rule.value.on) return this.trouble.set("other_records");
    if (classroom.line.value !== "open") return this.trouble.set("no_line");
    this.phase.set("starting");
    const me = classroom.room.localParticipant.identity;
    try {
      const room = await roomLeft();
      if (room !== "enough") this.trouble.set(room);
      if (room === "full") return this.phase.set("off");
      const since = clock.now();
      await classroom.steering.set(RECORDING, { on: true, since, by: me });
      // The rule is told as far as there is a line; this rejects when there is none, and then nothing is recorded.
      await classroom.wire.send(RECORDING_TOPIC, { on: true });
      await this.#begin(mediaType, since);
    } catch {
      this.trouble.set(this.trouble.value || "no_line");
      this.#close();
      await classroom.steering.set(RECORDING, { on: false, since: 0, by: me });
      this.phase.set("off");
    }
  }

  pause(): void {
    if (this.phase.value !== "on" || !this.#parts) return;
    this.#ranMs = this.seconds * 1000;
    this.phase.set("paused");
    this.#parts.media.pause();
  }

  resume(): void {
    if (this.phase.value !== "paused" || !this.#parts) return;
    this.#runFrom = performance.now();
    this.phase.set("on");
    this.#parts.media.resume();
  }

  /** End it; what is left goes to the disk, and from there to the office. */
  async stop(): Promise<void> {
    const parts = this.#parts;
    if (!parts || this.phase.value === "stopping") return;
    this.#ranMs = this.seconds * 1000;
    this.phase.set("stopping");
    if (parts.media.state !== "inactive") {
      const stopped = new Promise<void>((resolve) => parts.media.addEventListener("stop", () => resolve(), { once: true }));
      parts.media.stop();
      await stopped;
    }
    await this.#writing;
    this.#close();
    if (this.#held) await (await shelf()).put("recordings", { ...this.#held, seconds: this.seconds, ended: true }).catch(() => null);
    this.#note(false);
    this.#held = null;
    this.phase.set("off");
    await this.classroom.steering.set(RECORDING, { on: false, since: 0, by: this.classroom.room.localParticipant.identity });
  }

  async #begin(mediaType: string, since: number): Promise<void> {
    const held: Held = {
      id: newEventId(), owner: bundle.value!.person.id, meeting: this.sitting.id, section: this.sitting.section,
      startedAt: since, mediaType, chunks: 0, seconds: 0, ended: false, touchedAt: Date.now(),
    };
    await (await shelf()).put("recordings", held);
    noteWaits(true);
    this.#held = held;
    const [mix, stage] = [new Mix(), new StagePicture(this.classroom, () => this.#look())];
    const picture = new Picture(stage);
    const media = new MediaRecorder(new MediaStream([picture.track, mix.track]), {
      mimeType: mediaType, videoBitsPerSecond: VIDEO_BITS_A_SECOND, audioBitsPerSecond: AUDIO_BITS_A_SECOND,
    });
    this.#parts = { mix, stage, picture, media, stopWatching: this.classroom.tiles.watch(() => this.#look()), beat: setInterval(() => void this.#touch(), CHUNK_MS) };
    this.bytes.set(0);
    this.#ranMs = 0;
    this.#look();
    media.ondataavailable = ({ data }) => void (this.#writing = this.#writing.then(() => this.#keep(data)));
    media.onerror = () => void this.stop();
    media.start(CHUNK_MS);
    this.#runFrom = performance.now();
    this.phase.set("on");
    this.#note(true);
  }

  /** Who is in class, and what they send, has changed: exactly those who may be in it are connected from now on. */
  #look(): void {
    if (!this.#parts) return;
    const now = recordedOf(this.classroom.room, this.classroom.members, this.#parts.stage.canvas !== null);
    this.#parts.mix.take(now.sounds);
    this.#parts.picture.take(now);
    for (const sub of now.heard) this.#heard.add(sub);
    if (now.leftOut.join() !== this.leftOut.value.join()) this.leftOut.set(now.leftOut);
  }

  async #keep(data: Blob): Promise<void> {
    if (data.size === 0 || !this.#held) return;
    const heard = [...this.#heard];
    this.#heard.clear();
    this.#look();
    const held: Held = { ...this.#held, chunks: this.#held.chunks + 1, seconds: this.seconds, touchedAt: Date.now() };
    try {
      await keepChunk(held, { recording: held.id, number: this.#held.chunks, data: await data.arrayBuffer(), heard });
      this.#held = held;
      this.bytes.set(this.bytes.value + data.size);
      const room = await roomLeft();
      if (room !== "enough") this.trouble.set(room);
      if (room === "full") void this.stop();
    } catch {
      // The disk did not take it. A file with a hole plays no further: it ends here, and what was before is safe.
      this.trouble.set("full");
      this.#held = { ...this.#held, touchedAt: Date.now() };
      void this.stop();
    }
  }

  async #touch(): Promise<void> {
    if (!this.#held || this.phase.value !== "paused") return;
    this.#held = { ...this.#held, touchedAt: Date.now() };
    await (await shelf()).put("recordings", this.#held).catch(() => null);
  }

  #close(): void {
    if (!this.#parts) return;
    const { mix, stage, picture, stopWatching, beat } = this.#parts;
    this.#parts = null;
    stopWatching();
    clearInterval(beat);
    mix.close();
    stage.close();
    picture.close();
  }

  #note(on: boolean): void {
    if (!this.#held) return;
    this.classroom.notes.write({
      kind: "recording", key: `recording:${this.#held.id}:${on ? "on" : "off"}`, sub: "", at: clock.now(), body: { on, seconds: Math.round(this.seconds) },
    });
  }
}
