import type { ChatPolicy } from "../contracts";
import type { ChatLog } from "./chat-log";
import { ADULTS, type Audience, CHAT_TOPIC, type ChatEntry, ChatPace, CLASS, newestOf, type Refusal, readTold, readWord, REFUSED_TOPIC, SAID_TOPIC } from "./messages";
import type { Sender, Wire } from "./wire";

// The leading grown-up's device relays at once. When it has not, it is gone or it hangs: another one does.
const TAKE_OVER_MS = 5_000;
const LOOK_EVERY_MS = 1_000;
const HELD_AT_MOST = 100;
const NEWEST_GONE = 40;

/** One place in which a chat is: the class, or a group's room. `people`: the others who are in it now. */
export interface ChatPlace {
  me: string;
  wire: Pick<Wire, "send" | "on">;
  people: () => readonly { identity: string; sub: string; adult: boolean }[];
  /** This device is the leading grown-up's there. */
  leading: () => boolean;
  policy: () => ChatPolicy;
  log: ChatLog;
  /** Whether who comes here may know this word: of a class in groups, what was said in another one is not told. */
  saidHere?: (id: string) => boolean;
  /** A word was told, or one was deleted: for the book. */
  onSaid: (entry: ChatEntry) => void;
  onGone: (id: string, by: string, entry: ChatEntry | undefined) => void;
  /** ms, by the servers' clock. */
  now: () => number;
  ticks?: () => number;
}

/**
 * A grown-up's side of the chat: students' words come here, and here alone they go to the class, when the policy lets
 * them. All grown-ups have every word that is said, also one to one child. Told twice, by two of them, a word is one.
 */
export class ChatRelay {
  readonly #pace = new ChatPace();
  readonly #held = new Map<string, { entry: ChatEntry; from: string; private: boolean; sinceMs: number }>();
  readonly #stops: (() => void)[];

  constructor(readonly place: ChatPlace) {
    const { wire } = place;
    const timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#stops = [
      wire.on(CHAT_TOPIC, (value, from) => this.#heardWord(value, from)),
      wire.on(SAID_TOPIC, (value, from) => this.#heardTold(value, from)),
      () => clearInterval(timer),
    ];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  /** Say something as a grown-up: to the class, to the grown-ups, or to one child, which all grown-ups read. Rejects without a line. */
  async say(entry: ChatEntry): Promise<void> {
    await this.#tell({ entries: [entry] }, entry.to, entry.sub);
    this.#take(entry);
  }

  /** Delete one message on everybody's device; the book keeps it with who did. Rejects without a line. */
  async delete(id: string): Promise<void> {
    await this.#tell({ gone: [id] }, CLASS, "");
    this.#drop([id], this.place.me);
  }

  /** Tell newcomers what was said, as far as each may know: a student what was for her or for the class. */
  async tellNewcomers(identities: readonly string[]): Promise<void> {
    const { log, policy, people, wire, me, saidHere = () => true } = this.place;
    const gone = log.gone.slice(-NEWEST_GONE);
    const adults = new Set([me, ...people().filter((one) => one.adult).map((one) => one.sub)]);
    for (const one of people().filter((person) => identities.includes(person.identity))) {
      const classReads = policy() === "class";
      const hers = (entry: ChatEntry): boolean =>
        one.adult || entry.sub === one.sub || entry.to === one.sub || (entry.to === CLASS && (classReads || adults.has(entry.sub)));
      const entries = newestOf(log.messages.value.filter((entry) => hers(entry) && saidHere(entry.id)));
      if (entries.length > 0 || gone.length > 0) await wire.send(SAID_TOPIC, { entries, gone }, [one.identity]);
    }
  }

  /** Relay what waits: of a leading device everything, of another what the leading one has left lying. */
  look(): void {
    for (const [id, held] of this.#held) {
      if (this.place.log.knows(id)) this.#held.delete(id);
      else if (this.place.leading() || this.#ticks() - held.sinceMs >= TAKE_OVER_MS) this.#relay(id);
    }
  }

  #heardWord(value: unknown, from: Sender): void {
    if (from.adult !== null) return; // a grown-up tells, and asks nobody
    const word = readWord(value);
    if (!word) return this.#refuse(value, from, "form");
    // Every grown-up's device counts, so that one who takes over lets no flood through that the other one stopped.
    if (!this.#pace.allows(from.sub, this.#ticks())) return this.#refuse(value, from, "pace");
    const id = `${from.sub}:${word.id}`;
    const { log, leading } = this.place;
    if (log.knows(id)) return this.#tellAgain(id, from);
    if (this.#held.has(id)) return;
    if (this.#held.size >= HELD_AT_MOST) return; // its owner says it again
    const entry = { id, sub: from.sub, at: this.place.now(), text: word.text, to: CLASS };
    this.#held.set(id, { entry, from: from.identity, private: word.private, sinceMs: this.#ticks() });
    if (leading()) this.#relay(id);
  }

  #relay(id: string): void {
    const held = this.#held.get(id)!;
    this.#held.delete(id);
    const { entry } = held;
    const from = { identity: held.from, sub: entry.sub, adult: null };
    const policy = this.place.policy();
    if (policy === "off") return this.#refuse({ id: id.slice(entry.sub.length + 1) }, from, "off");
    const said = { ...entry, to: policy === "class" && !held.private ? CLASS : ADULTS };
    // Without a line it waits for the next look.
    const keep = (): void => void (this.place.log.knows(id) || this.#held.set(id, held));
    void this.#tell({ entries: [said] }, said.to, said.sub).then(() => this.#take(said), keep);
  }

  /** It was told, but she does not know it: her line was gone. */
  #tellAgain(id: string, from: Sender): void {
    const entry = this.place.log.find(id);
    if (this.place.leading()) void this.place.wire.send(SAID_TOPIC, entry ? { entries: [entry] } : { gone: [id] }, [from.identity]).catch(() => undefined);
  }

  #refuse(value: unknown, from: Sender, why: Refusal): void {
    const id = typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" ? value.id : "";
    if (id && this.place.leading()) void this.place.wire.send(REFUSED_TOPIC, { id: id.slice(0, 64), why }, [from.identity]).catch(() => undefined);
  }

  #heardTold(value: unknown, from: Sender): void {
    if (from.adult === null) return;
    const told = readTold(value);
    for (const entry of told.entries) this.#take(entry);
    this.#drop(told.gone, from.sub);
  }

  #take(entry: ChatEntry): void {
    if (this.place.log.add(entry).length > 0) this.place.onSaid(entry);
    this.#held.delete(entry.id);
  }

  #drop(ids: readonly string[], by: string): void {
    for (const id of ids) {
      if (this.place.log.isGone(id)) continue;
      const [entry] = this.place.log.drop(id);
      this.#held.delete(id);
      this.place.onGone(id, by, entry);
    }
  }

  /** Send to those an audience means: grown-ups always, and whose word it is. An empty list would be everybody: it is never sent. */
  async #tell(told: object, to: Audience, owner: string): Promise<void> {
    if (to === CLASS) return this.place.wire.send(SAID_TOPIC, told);
    const hers = this.place.people().filter((one) => one.adult || one.sub === owner || one.sub === to);
    if (hers.length > 0) await this.place.wire.send(SAID_TOPIC, told, hers.map((one) => one.identity));
  }

  #ticks(): number {
    return (this.place.ticks ?? (() => performance.now()))();
  }
}
