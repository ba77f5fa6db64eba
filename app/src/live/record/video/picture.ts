import { fit, HEIGHT, type Place, places, WIDTH } from "./layout";
import type { StagePicture } from "./stage-picture";
import type { Recorded } from "./who";

const BACKGROUND = "#12263a";
const FRAMES_A_SECOND = 20;
const POINTER = { colour: "#e52207", radius: 9 };

/** One picture of several, without names. Painted 20 times a second, also while the page is not in front. */
export class Picture {
  readonly #canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;
  readonly #ticker = new Worker(new URL("./ticker.ts", import.meta.url), { type: "module" });
  readonly #videos = new Map<MediaStreamTrack, HTMLVideoElement>();
  #main: MediaStreamTrack | null = null;
  #faces: MediaStreamTrack[] = [];
  readonly #stream: MediaStream;

  /** `stage`: the board or slide that is large for everybody, if there is one. */
  constructor(readonly stage: StagePicture) {
    this.#canvas.width = WIDTH;
    this.#canvas.height = HEIGHT;
    this.#context = this.#canvas.getContext("2d", { alpha: false })!;
    this.#stream = this.#canvas.captureStream(FRAMES_A_SECOND);
    this.#ticker.onmessage = () => this.#paint();
  }

  get track(): MediaStreamTrack {
    return this.#stream.getVideoTracks()[0]!;
  }

  /** From now on exactly these are seen. */
  take(recorded: Pick<Recorded, "main" | "faces">): void {
    this.#main = recorded.main;
    this.#faces = [...recorded.faces.values()];
    const wanted = new Set([...(this.#main ? [this.#main] : []), ...this.#faces]);
    for (const [track, video] of this.#videos) {
      if (wanted.has(track)) continue;
      video.srcObject = null;
      this.#videos.delete(track);
    }
    for (const track of wanted) {
      if (this.#videos.has(track)) continue;
      const video = document.createElement("video");
      video.muted = true;
      video.playsInline = true;
      video.srcObject = new MediaStream([track]);
      void video.play().catch(() => null); // a track that ended meanwhile
      this.#videos.set(track, video);
    }
  }

  close(): void {
    this.#ticker.terminate();
    this.take({ main: null, faces: new Map() });
    this.track.stop();
  }

  #paint(): void {
    this.#context.fillStyle = BACKGROUND;
    this.#context.fillRect(0, 0, WIDTH, HEIGHT);
    const where = places(this.#faces.length);
    if (this.#main) this.#draw(this.#main, where.main);
    else this.#drawStage(where.main);
    where.faces.forEach((place, index) => this.#draw(this.#faces[index]!, place));
  }

  #drawStage(into: Place): void {
    const { canvas, point } = this.stage;
    if (!canvas) return;
    const { x, y, width, height } = fit(canvas, into);
    this.#context.drawImage(canvas, x, y, width, height);
    if (!point) return;
    this.#context.fillStyle = POINTER.colour;
    this.#context.beginPath();
    this.#context.arc(x + point.x * width, y + point.y * height, POINTER.radius, 0, 2 * Math.PI);
    this.#context.fill();
  }

  #draw(track: MediaStreamTrack, into: Place): void {
    const video = this.#videos.get(track);
    if (!video || video.videoWidth === 0 || track.readyState !== "live") return;
    const { x, y, width, height } = fit({ width: video.videoWidth, height: video.videoHeight }, into);
    this.#context.drawImage(video, x, y, width, height);
  }
}
