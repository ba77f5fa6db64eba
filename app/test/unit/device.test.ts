import { expect, test } from "vitest";
import { countUnconfirmed, record } from "../../src/evidence/queue";
import { arrivalId } from "../../src/joining/arrival";
import { TriedNotes } from "../../src/joining/tried";
import { b64, unb64 } from "../../src/lib/b64";
import { prove, publicHalf } from "../../src/keep/device-key";
import { forgetBadgeDay, forgetPerson, read, write } from "../../src/keep/kept";
import { sha256Hex, utf8 } from "../../src/signing/paseto";

test("an arrival has one id, however often it is tried", async () => {
  const first = await arrivalId("m1");
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await arrivalId("m1")).toBe(first);
  expect(await arrivalId("m2")).not.toBe(first);
});

test("the proof is over nonce and pass, as a door checks it", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const proof = unb64(await prove(pair, "n", "pass"));
  const message = utf8(`schoolday-first-contact\nn\n${await sha256Hex("pass")}`);
  expect(proof).toHaveLength(64);
  expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pair.publicKey, proof, message)).toBe(true);
  const { x, y } = await publicHalf(pair);
  expect([unb64(x).length, unb64(y).length]).toEqual([32, 32]);
  await expect(crypto.subtle.exportKey("jwk", pair.privateKey)).rejects.toThrow();
});

test("base64 is strict: one text for one value", () => {
  expect(unb64(b64(new Uint8Array([251, 255])))).toEqual(new Uint8Array([251, 255]));
  for (const bad of ["YQ==", "Y+", "YR", "a b"]) expect(() => unb64(bad)).toThrow();
});

test("a child who waits for an hour is one line a minute, not hundreds", async () => {
  const notes = new TriedNotes("me", "m");
  for (let i = 0; i < 5; i++) await notes.note({ layer: "line", code: "line" }, "d1");
  await notes.note({ layer: "slow", code: "slow" }, "d1");
  await notes.note({ layer: "line", code: "line" }, "d2");
  expect(await countUnconfirmed()).toBe(3);
});

test("sign-off clears what is the person's, and keeps the public plan", async () => {
  await write("session", { text: "s", sub: "me", how: "pass" });
  await write("trust", { district: "d", root_public: "", plan_hosts: [], portal_name: "" });
  await record({ kind: "tried", sub: "me", meeting: "m" }, "me");
  await forgetPerson();
  expect(await read("session")).toBeUndefined();
  expect(await read("trust")).toBeDefined();
  expect(await countUnconfirmed()).toBe(0);
});

test("when a badge's day is over nobody's name is left, but unconfirmed events are", async () => {
  await write("session", { text: "s", sub: "me", how: "badge", until: 1 });
  await record({ kind: "tried", sub: "me", meeting: "m" }, "me");
  await forgetBadgeDay();
  expect(await read("session")).toBeUndefined();
  expect(await countUnconfirmed()).toBe(1);
});
