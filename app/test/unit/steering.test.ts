import { expect, test } from "vitest";
import { CAMERAS, FROZEN, STAGE } from "../../src/live/steer/rules";
import { Steering, STEER_TOPIC } from "../../src/live/steer/steering";
import type { Hearer, Sender } from "../../src/live/wire";
import { seeded } from "./seeded";

/** A class of steering devices that hear each other when the test says so. */
class Class {
  readonly waiting: { to: string; value: unknown; from: Sender }[] = [];
  readonly #hearers = new Map<string, Hearer>();

  device(identity: string, adult: Sender["adult"]): Steering {
    const from = { identity, sub: identity.split(".")[0]!, adult };
    return new Steering(() => identity, () => adult !== null, {
      on: (topic, hearer) => {
        expect(topic).toBe(STEER_TOPIC);
        this.#hearers.set(identity, hearer);
        return () => undefined;
      },
      send: async (_topic, value, to) => {
        for (const other of to ?? this.#hearers.keys())
          if (other !== identity) this.waiting.push({ to: other, value: JSON.parse(JSON.stringify(value)), from });
      },
    });
  }

  deliver(pick: (of: number) => number = () => 0): void {
    while (this.waiting.length > 0) {
      const [one] = this.waiting.splice(pick(this.waiting.length), 1);
      this.#hearers.get(one!.to)?.(one!.value, one!.from);
    }
  }

  say(to: string, value: unknown, from: Sender): void {
    this.#hearers.get(to)?.(value, from);
  }
}

test("what a grown-up sets holds on every device, and a student's word on none", async () => {
  const all = new Class();
  const [teacher, child] = [all.device("t.1", "teacher"), all.device("s.1", null)];
  await teacher.set(FROZEN, true);
  all.deliver();
  expect(child.cell(FROZEN).value).toBe(true);
  await expect(child.set(FROZEN, false)).rejects.toThrow("only a grown-up steers");
  all.say("t.1", { rules: { frozen: { v: 99, by: "s.1", value: false } } }, { identity: "s.1", sub: "s", adult: null });
  expect(teacher.cell(FROZEN).value).toBe(true);
});

test("two who steer at once end with the same class, in whatever order words arrive", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seeded(seed);
    const all = new Class();
    const devices = [all.device("a.1", "teacher"), all.device("b.1", "aide"), all.device("s.1", null)];
    const cameras = ["class", "teacher", "closed"] as const;
    for (let turn = 0; turn < 12; turn++) {
      const who = devices[Math.floor(random() * 2)]!;
      if (random() < 0.5) await who.set(FROZEN, random() < 0.5);
      else await who.set(CAMERAS, cameras[Math.floor(random() * 3)]!);
      if (random() < 0.4) all.deliver((of) => Math.floor(random() * of));
    }
    all.deliver((of) => Math.floor(random() * of));
    const ends = devices.map((one) => [one.cell(FROZEN).value, one.cell(CAMERAS).value]);
    expect(ends[1], `seed ${seed}`).toEqual(ends[0]);
    expect(ends[2], `seed ${seed}`).toEqual(ends[0]);
  }
});

test("newcomers are told, and a reload forgets nothing", async () => {
  const all = new Class();
  const teacher = all.device("t.1", "teacher");
  await teacher.set(STAGE, { what: "board", item: "1" });
  const late = all.device("s.2", null);
  await teacher.tell(["s.2"]);
  all.deliver();
  expect(late.cell(STAGE).value).toEqual({ what: "board", item: "1" });
  const reloaded = new Class().device("t.1", "teacher");
  reloaded.learn(teacher.all);
  expect(reloaded.cell(STAGE).value).toEqual({ what: "board", item: "1" });
  await reloaded.set(STAGE, { what: "", item: "" });
  late.learn(reloaded.all);
  expect(late.cell(STAGE).value.what).toBe("");
});

test("a value that is not of the rule's form is as if it had not been set", () => {
  const one = new Class().device("t.1", "teacher");
  one.learn({ frozen: { v: 3, by: "t.2", value: "yes" }, stage: { v: 1, by: "t.2", value: { what: 5 } }, cameras: "x" });
  expect(one.cell(FROZEN).value).toBe(false);
  expect(one.cell(STAGE).value.what).toBe("");
  one.learn("nonsense");
  one.learn({ frozen: { v: 2, by: "t.2", value: true } });
  expect(one.cell(FROZEN).value, "older than what is held").toBe(false);
});
