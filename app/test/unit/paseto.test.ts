import { beforeAll, expect, test } from "vitest";
import { unb64 } from "../../src/lib/b64";
import { verifyEd25519, verifyWithNoble } from "../../src/signing/ed25519";
import { BadSignature, openToken, preAuthEncode, readFooter, utf8 } from "../../src/signing/paseto";
import { makeKey, sign, type TestKey } from "./sign";

let key: TestKey;
let other: TestKey;
beforeAll(async () => {
  key = await makeKey("k1");
  other = await makeKey("k1");
});
const keys = (of: TestKey) => new Map([[of.kid, unb64(of.public)]]);

test("opens what the key signed for this use", async () => {
  expect(await openToken(await sign({ a: "Naïka" }, key, "plan:index"), keys(key), "plan:index")).toEqual({ a: "Naïka" });
});

test.each([
  ["another use", async () => sign({}, key, "plan:school")],
  ["another use bound in than the footer says", async () => sign({}, key, "plan:index", "plan:school")],
  ["another key of the same name", async () => sign({}, other, "plan:index")],
  ["a letter changed", async () => change(await sign({ a: 1 }, key, "plan:index"), 14)],
  ["a letter of the signature changed", async () => change(await sign({ a: 1 }, key, "plan:index"), 60)],
  ["cut short", async () => (await sign({ a: 1 }, key, "plan:index")).slice(0, 60)],
  ["no footer", async () => (await sign({ a: 1 }, key, "plan:index")).split(".").slice(0, 3).join(".")],
  ["another version", async () => (await sign({ a: 1 }, key, "plan:index")).replace("v4.", "v3.")],
  ["nothing", async () => ""],
])("refuses %s", async (_why, make) => {
  await expect(openToken(await make(), keys(key), "plan:index")).rejects.toThrow(BadSignature);
});

test("refuses a key that is not in force", async () => {
  await expect(openToken(await sign({}, key, "plan:index"), new Map(), "plan:index")).rejects.toThrow(BadSignature);
});

test("reads a footer only to choose a key", async () => {
  expect(readFooter(await sign({}, key, "plan:index"))).toEqual({ kid: "k1", use: "plan:index" });
});

// paseto-standard/test-vectors, v4.json, 4-S-3: payload, footer and implicit assertion.
test("agrees with the specification's own vector", async () => {
  const publicKey = hex("1eb9dbbbbc047c03fd70604e0071f0987e16b28b757225c11f00415d0e20b1a2");
  const token =
    "v4.public.eyJkYXRhIjoidGhpcyBpcyBhIHNpZ25lZCBtZXNzYWdlIiwiZXhwIjoiMjAyMi0wMS0wMVQwMDowMDowMCswMDowMCJ9NPWciuD3d0o5eXJXG5pJy-DiVEoyPYWs1YSTwWHNJq6DZD3je5gf-0M4JR9ipdUSJbIovzmBECeaWmaqcaP0DQ.eyJraWQiOiJ6VmhNaVBCUDlmUmYyc25FY1Q3Z0ZUaW9lQTlDT2NOeTlEZmdMMVc2MGhhTiJ9";
  const [, , body = "", footer = ""] = token.split(".");
  const raw = unb64(body);
  const message = raw.slice(0, -64);
  const signed = preAuthEncode([utf8("v4.public."), message, unb64(footer), utf8('{"test-vector":"4-S-3"}')]);
  for (const verify of [verifyEd25519, verifyWithNoble]) {
    expect(await verify(publicKey, raw.slice(-64), signed)).toBe(true);
    expect(await verify(publicKey, raw.slice(-64), utf8("another"))).toBe(false);
  }
});

function change(token: string, place: number): string {
  return token.slice(0, place) + (token[place] === "A" ? "B" : "A") + token.slice(place + 1);
}

function hex(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(text.match(/../g)!.map((byte) => Number.parseInt(byte, 16)));
}
