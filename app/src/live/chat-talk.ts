import type { ChatPolicy } from "../contracts";
import { Cell } from "../lib/cell";
import { ChatLog, type ChatMessage } from "./chat-log";
import { ChatOutbox, type Waiting } from "./chat-outbox";
import { ChatRelay } from "./chat-relay";
import { type Audience, type ChatEntry, CLASS, readRefused, readTold, REFUSED_TOPIC, SAID_TOPIC } from "./messages";
import type { Notes } from "./notes";
import { CHAT, FROZEN } from "./steer/rules";
import type { Steering } from "./steer/steering";
import type { Wire } from "./wire";

/** What the chat needs of the class it is in. `people`: the others here; `leads`: this device is a grown-up's. */
export interface ChatClass {
  me: string;
  leads: boolean;
  wire: Pick<Wire, "send" | "on">;
  steering: Steering;
  notes: Notes;
  people: () => readonly { identity: string; sub: string; adult: boolean }[];
  leading: () => boolean;
  /** Of a class in groups, in which this device is; 0: the class itself. */
  group: () => number;
  now: () => number;
}

/**
 * The chat of a class on one device. Students' devices show what a grown-up's device told them and nothing else, so
 * there is no private chat between students, whatever somebody's client sends.
 */
export class Talk {
  readonly log = new ChatLog();
  /** Whom students of this class may write to before a grown-up says otherwise: as the plan has it. */
  readonly usual = new Cell<ChatPolicy>("teacher");
  /** Whom students may write to now. */
  readonly policy = new Cell<ChatPolicy>("teacher");
  /** Own words that have not come back yet; of a grown-up those that found no line. */
  readonly waiting: Cell<Waiting[]>;
  readonly relay: ChatRelay | null;
  /** A grown-up's device also relays in the groups it looks after. */
  readonly elsewhere = new Set<ChatRelay>();
  /** In which group a word was said, by its id; of one that was said to the class nothing. */
  readonly saidIn = new Map<string, number>();
  readonly #outbox: ChatOutbox;

  constructor(readonly of: ChatClass) {
    const { me, wire, notes, people } = of;
    const chosen = of.steering.cell(CHAT);
    const frozen = of.steering.cell(FROZEN);
    const look = (): void => this.policy.set(frozen.value ? "off" : chosen.value || this.usual.value);
    for (const cell of [chosen, frozen, this.usual]) cell.watch(look);
    const adults = (): string[] => people().filter((one) => one.adult).map((one) => one.identity);
    this.#outbox = new ChatOutbox({ wire, adults: () => (of.leads ? [] : adults()), now: of.now });
    this.waiting = this.#outbox.waiting;
    const onSaid = ({ id, sub, at, text, to }: ChatEntry): void => {
      const group = of.group();
      if (group > 0) this.saidIn.set(id, group);
      notes.write({ kind: "chat", key: id, sub, at, body: { text, to, ...(group > 0 && { group }) } });
    };
    if (of.leads) {
      const onGone = (id: string, by: string, entry: ChatEntry | undefined): void =>
        notes.write({ kind: "chat_deleted", key: `gone:${id}`, sub: entry?.sub ?? id.split(":", 1)[0]!, at: of.now(), body: { id, by } });
      this.relay = new ChatRelay({
        me, wire, people, log: this.log, leading: of.leading, policy: () => this.policy.value, onSaid, onGone, now: of.now,
        saidHere: (id) => this.wasSaidIn(of.group(), id),
      });
    } else {
      this.relay = null;
      wire.on(SAID_TOPIC, (value, from) => {
        if (from.adult === null) return; // nobody else's word is shown here
        const told = readTold(value);
        this.log.drop(...told.gone);
        for (const entry of this.log.add(...told.entries)) onSaid(entry);
        const own = `${me}:`;
        for (const id of [...told.entries.map((one) => one.id), ...told.gone])
          if (id.startsWith(own)) this.#outbox.arrived(id.slice(own.length));
      });
      wire.on(REFUSED_TOPIC, (value, from) => {
        const refused = from.adult === null ? null : readRefused(value);
        if (refused) this.#outbox.refused(refused.id, refused.why);
      });
    }
  }

  get messages(): Cell<ChatMessage[]> {
    return this.log.messages;
  }

  /** Say something. A student's word waits here until a grown-up's device has told it; a grown-up's rejects without a line. */
  async say(text: string, to: Audience = CLASS): Promise<void> {
    if (!this.relay) return this.#outbox.add(text, to !== CLASS);
    await this.tell(text, to);
  }

  /** A grown-up's word, told at once; returns it as it was told. Rejects without a line. */
  async tell(text: string, to: Audience = CLASS): Promise<ChatEntry> {
    const id = Math.random().toString(36).slice(2, 12);
    const entry = { id: `${this.of.me}:${id}`, sub: this.of.me, at: this.of.now(), text, to };
    await this.relay?.say(entry);
    return entry;
  }

  /** Whether a word belongs to a place: what was said to the class does to all. */
  wasSaidIn(group: number, id: string): boolean {
    const said = this.saidIn.get(id) ?? 0;
    return said === 0 || said === group;
  }

  again(id: string): void {
    this.#outbox.again(id);
  }

  forget(id: string): void {
    this.#outbox.forget(id);
  }

  async delete(id: string): Promise<void> {
    await this.relay?.delete(id);
    await Promise.allSettled([...this.elsewhere].map((one) => one.delete(id)));
  }

  /** Tell these what was said before them. Without a line they are told when they ask again. */
  async tellNewcomers(identities: readonly string[]): Promise<void> {
    await this.relay?.tellNewcomers(identities).catch(() => undefined);
  }

  stop(): void {
    this.relay?.stop();
    this.#outbox.stop();
  }
}
