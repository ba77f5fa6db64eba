import type { Language } from "../../contracts";
import { Cell } from "../../lib/cell";

const TAGS: Record<Language, string> = { en: "en-US", es: "es-US", ht: "ht-HT" };
const SAY_EVERY_MS = 250;
const AGAIN_AFTER_MS = 1_000;
// A browser without its maker's service fails so at each start, and so does one whose line is gone.
const FAILS_AT_MOST = 2;

interface Result {
  isFinal: boolean;
  0: { transcript: string };
}
interface Engine {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally?: boolean;
  onresult: ((event: { resultIndex: number; results: ArrayLike<Result> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start: () => void;
  abort: () => void;
}
type Maker = (new () => Engine) & { available?: (how: { langs: string[]; processLocally: boolean }) => Promise<string> };

/** "none": this browser has no engine, or none that this person may use; "language": it does not know the language. */
export type Hearing = "off" | "on" | "none" | "language" | "refused";

/**
 * The browser's own speech recognition, of this person's own voice. Most browsers send the voice to their maker for it:
 * a student's is only used where the browser hears on the device itself.
 */
export class Recogniser {
  readonly state = new Cell<Hearing>("off");
  /** This browser cannot write what this person says in the language that was wanted last, as far as is known. */
  readonly unable = new Cell(false);
  #engine: Engine | null = null;
  #language: Language | null = null;
  #sentence = 0;
  #saidAtMs = 0;
  #fails = 0;
  #unableIn: Language | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly how: { adult: boolean; say: (one: { id: string; text: string; final: boolean; lang: Language }) => void },
  ) {
    this.unable.set(maker() === undefined);
  }

  /** Hear in this language from now on; null: not at all. */
  want(language: Language | null): void {
    if (language === this.#language) return;
    this.#language = language;
    this.#end();
    this.#fails = 0;
    if (language === null) return this.state.set("off");
    if (language !== this.#unableIn) this.unable.set(maker() === undefined);
    void this.#begin(language);
  }

  async #begin(language: Language): Promise<void> {
    const Make = maker();
    if (!Make) return this.#giveUp("none");
    const here = await Make.available?.({ langs: [TAGS[language]], processLocally: true }).catch(() => "unavailable");
    if (this.#language !== language) return;
    if (!this.how.adult && here !== "available") return this.#giveUp("none");
    const engine = new Make();
    this.#engine = engine;
    Object.assign(engine, { lang: TAGS[language], continuous: true, interimResults: true });
    if (here === "available") engine.processLocally = true;
    engine.onresult = (event) => this.#heard(event, language);
    engine.onerror = ({ error }) => {
      if (error === "language-not-supported") this.#giveUp("language");
      if (error === "not-allowed" || error === "service-not-allowed") this.#giveUp("refused");
      if ((error === "network" || error === "audio-capture") && ++this.#fails >= FAILS_AT_MOST) this.#giveUp("none");
    };
    // Engines stop by themselves after a silence, and after a minute or so.
    engine.onend = () => {
      if (this.#engine !== engine) return;
      this.#engine = null;
      this.#sentence++;
      this.#timer = setTimeout(() => this.#language === language && void this.#begin(language), AGAIN_AFTER_MS);
    };
    try {
      engine.start();
      this.state.set("on");
    } catch {
      this.#giveUp("none");
    }
  }

  #heard(event: { resultIndex: number; results: ArrayLike<Result> }, lang: Language): void {
    const now = performance.now();
    this.#fails = 0;
    for (let index = event.resultIndex; index < event.results.length; index++) {
      const result = event.results[index]!;
      const text = result[0].transcript.trim();
      if (!text || (!result.isFinal && now - this.#saidAtMs < SAY_EVERY_MS)) continue;
      this.#saidAtMs = now;
      this.how.say({ id: `${this.#sentence}.${index}`, text, final: result.isFinal, lang });
    }
  }

  #giveUp(why: Hearing): void {
    this.#end();
    this.#unableIn = this.#language;
    this.state.set(why);
    this.unable.set(true);
  }

  #end(): void {
    clearTimeout(this.#timer);
    const engine = this.#engine;
    this.#engine = null;
    this.#sentence++;
    engine?.abort();
  }
}

function maker(): Maker | undefined {
  const found = globalThis as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker };
  return found.SpeechRecognition ?? found.webkitSpeechRecognition;
}
