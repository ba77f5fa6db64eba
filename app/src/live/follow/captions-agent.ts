import type { Language } from "../../contracts";
import { deskSession, isOver } from "../../desk/ask";
import { forget } from "../../keep/kept";
import { Cell } from "../../lib/cell";
import { fullJitter } from "../../lib/jitter";
import { has, request } from "../../lib/request";
import { codeOf } from "../../lib/trouble";
import * as state from "../../state";

const TIMEOUT_MS = 10_000;
// Asked again, the program follows its class to another server, and comes back when it was started anew.
const ON_AGAIN_MS = 30_000;
const COMING_AGAIN_MS = 2_000;
const FAILED_AGAIN_MS = 5_000;
const FAILED_AGAIN_AT_MOST_MS = 60_000;

/** "coming": within seconds; "busy": all its places are taken; "language": it does not know it; "none": nobody answers. */
export type AgentState = "off" | "coming" | "on" | "busy" | "language" | "none";

/** What is wanted of it; null: nothing is asked, and whatever runs goes on. */
export type AgentWish = { on: true; lang: Language } | { on: false } | null;

interface Answer {
  state: "on" | "coming" | "off";
}
const isAnswer = has<Answer>("state");

/**
 * Asks the district's own captions program into a class, and out of it (`POST /agents/captions`, by a grown-up's day
 * session). Asks until it is so, and says what stands in the way.
 */
export class CaptionsAgent {
  readonly state = new Cell<AgentState>("off");
  #wish: AgentWish = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  /** Rises with each wish: an answer to an older one says nothing. */
  #turn = 0;

  constructor(readonly where: { meeting: string; section: string }) {}

  want(wish: AgentWish): void {
    if (JSON.stringify(wish) === JSON.stringify(this.#wish)) return;
    this.#wish = wish;
    this.#turn++;
    this.#failures = 0;
    clearTimeout(this.#timer);
    if (!wish?.on) this.state.set("off");
    if (wish) void this.#look();
  }

  /** Ask now instead of later: the class is on another server. */
  hurry(): void {
    if (!this.#wish) return;
    clearTimeout(this.#timer);
    void this.#look();
  }

  async #look(): Promise<void> {
    const [wish, turn] = [this.#wish, ++this.#turn];
    if (!wish) return;
    if (wish.on && this.state.value === "off") this.state.set("coming");
    const found = await this.#ask(wish).catch((error: unknown) => error);
    if (turn !== this.#turn) return;
    if (isAnswer(found)) {
      this.#failures = 0;
      if (found.state === "off") return this.state.set("off");
      this.state.set(found.state);
      return this.#again(found.state === "on" ? ON_AGAIN_MS : COMING_AGAIN_MS);
    }
    const code = codeOf(found);
    // While one waits for it, it does not listen in another language than she speaks.
    if (wish.on && code === "no_such_language") void this.#ask({ on: false }).catch(() => undefined);
    if (wish.on) this.state.set(code === "no_such_language" ? "language" : code === "busy" ? "busy" : "none");
    if (code !== "no_such_language") this.#again(fullJitter(++this.#failures, FAILED_AGAIN_MS, FAILED_AGAIN_AT_MOST_MS) + COMING_AGAIN_MS);
  }

  #again(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #ask(wish: NonNullable<AgentWish>): Promise<Answer> {
    const send = async (): Promise<Answer> =>
      request("/agents/captions", {
        method: "POST", body: { ...this.where, ...wish }, headers: { Authorization: `Day ${await deskSession()}` }, timeoutMs: TIMEOUT_MS, accepts: isAnswer,
      });
    try {
      return await send();
    } catch (error) {
      if (!isOver(error)) throw error;
      await forget("session");
      state.session.set(null);
      return send();
    }
  }
}
