import { Cell } from "../../lib/cell";
import { clock } from "../../lib/clock";
import { isRecord } from "../../lib/request";
import type { Sender, Wire } from "../wire";

export const STEER_TOPIC = "steer";
const RULES_AT_MOST = 64;

/**
 * One rule of a class, which its grown-ups set and everybody follows: whether it is frozen, what is on the stage, until
 * when a timer runs. `read` returns the value when it is of the rule's form, else null.
 */
export interface Rule<T> {
  name: string;
  initial: T;
  read: (value: unknown) => T | null;
}

/**
 * Which of two words on one rule holds: the one with the higher `v`, of two with the same `v` the one of the higher identity.
 * `v` is the servers' time, or one more than the last: a grown-up who has not heard the rules of a class still has its last word.
 */
interface Stamp {
  v: number;
  by: string;
}

export interface Said extends Stamp {
  value: unknown;
}

/**
 * The rules of one class as this device knows them. Each rule is a register in which the last word wins, so two
 * grown-ups who steer at once end with the same class on every device. Words of others than grown-ups are not heard.
 */
export class Steering {
  readonly #said = new Map<string, Said>();
  readonly #cells = new Map<string, { rule: Rule<unknown>; cell: Cell<unknown> }>();
  /** Rises with each word that is new here: what a keeper of them watches. */
  readonly changes = new Cell(0);

  constructor(
    readonly me: () => string,
    readonly mayTell: () => boolean,
    readonly wire: Pick<Wire, "send" | "on">,
  ) {
    wire.on(STEER_TOPIC, (value, from) => this.#heard(value, from));
  }

  /** Return the value of a rule, to watch. */
  cell<T>(rule: Rule<T>): Cell<T> {
    const known = this.#cells.get(rule.name);
    if (known) return known.cell as Cell<T>;
    const made = new Cell<T>(rule.initial);
    this.#cells.set(rule.name, { rule: rule as Rule<unknown>, cell: made as Cell<unknown> });
    this.#show(rule.name);
    return made;
  }

  /** Set a rule for everybody. Only a grown-up's device may; without a line it holds here, and is told when others come. */
  async set<T>(rule: Rule<T>, value: T): Promise<void> {
    if (!this.mayTell()) throw new Error(`${rule.name}: only a grown-up steers`);
    const said = { v: Math.max((this.#said.get(rule.name)?.v ?? 0) + 1, Math.floor(clock.now())), by: this.me(), value };
    this.#take(rule.name, said);
    await this.wire.send(STEER_TOPIC, { rules: { [rule.name]: said } }).catch(() => undefined);
  }

  /** Tell these devices all rules that were ever set: newcomers, and those whose line was gone. */
  async tell(identities: readonly string[]): Promise<void> {
    // One message a rule: together they may be too long for one.
    for (const [name, said] of this.#said) await this.wire.send(STEER_TOPIC, { rules: { [name]: said } }, identities);
  }

  /** Everything that was set, for this device to keep over a reload. */
  get all(): Record<string, Said> {
    return Object.fromEntries(this.#said);
  }

  /** Take what this device kept, or what it heard; older words change nothing. */
  learn(rules: unknown): void {
    if (!isRecord(rules)) return;
    for (const [name, said] of Object.entries(rules).slice(0, RULES_AT_MOST)) {
      if (isRecord(said) && typeof said.v === "number" && Number.isSafeInteger(said.v) && typeof said.by === "string")
        this.#take(name, { v: said.v, by: said.by, value: said.value });
    }
  }

  #heard(value: unknown, from: Sender): void {
    if (from.adult !== null && isRecord(value)) this.learn(value.rules);
  }

  #take(name: string, said: Said): void {
    const held = this.#said.get(name);
    if (!held && this.#said.size >= RULES_AT_MOST) return;
    if (held && (said.v < held.v || (said.v === held.v && said.by <= held.by))) return;
    this.#said.set(name, said);
    this.#show(name);
    this.changes.set(this.changes.value + 1);
  }

  #show(name: string): void {
    const known = this.#cells.get(name);
    const said = this.#said.get(name);
    if (!known || !said) return;
    known.cell.set(known.rule.read(said.value) ?? known.rule.initial);
  }
}
