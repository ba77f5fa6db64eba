import { chime } from "../../ui/chime";

const AGAIN_AFTER_MS = 8_000;
const CALL = [660, 880, 660].map((hz) => ({ hz, seconds: 0.18, level: 0.25 }));

/** Says that somebody waits, until nobody does: a sound again and again, and a number in the title of the window. */
export class Alarm {
  #timer: ReturnType<typeof setInterval> | undefined;
  #waiting = 0;

  show(waiting: number): void {
    const plain = document.title.replace(/\(\d+!\) /, "");
    document.title = waiting > 0 ? `(${waiting}!) ${plain}` : plain;
    if (waiting > this.#waiting) chime(CALL);
    this.#waiting = waiting;
    clearInterval(this.#timer);
    if (waiting > 0) this.#timer = setInterval(() => chime(CALL), AGAIN_AFTER_MS);
  }
}
