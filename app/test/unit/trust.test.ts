import { expect, test, vi } from "vitest";
import { b64 } from "../../src/lib/b64";
import { read } from "../../src/keep/kept";
import { doorsNearby, trustNearby } from "../../src/sign-on/doors-nearby";

const index = { district: "demo", portal_name: "My School Online", plan_hosts: ["/plan"], doors: [{ id: "d1", url: "/door/d1" }] };
const token = `v4.public.${b64(new Uint8Array([...new TextEncoder().encode(JSON.stringify(index)), ...new Uint8Array(64)]))}.e30`;

function origin(files: Record<string, string>) {
  vi.stubGlobal("fetch", async (url: string) => (url in files ? new Response(files[url]) : new Response("", { status: 404 })));
}

test("a device that never had a bundle learns doors and root key from its own origin, and keeps the key", async () => {
  origin({ "/plan/index.plan": token, "/plan/root.public": "cm9vdA\n" });
  expect(await doorsNearby()).toEqual(index.doors);
  expect((await trustNearby()).root_public).toBe("cm9vdA");
  origin({});
  expect((await trustNearby()).root_public).toBe("cm9vdA");
  expect(await read("trust")).toMatchObject({ district: "demo", plan_hosts: ["/plan"] });
});

test.each<Record<string, string>>([{}, { "/plan/index.plan": "<html>" }])("no plan, or a stranger's page, is a line that does not work", async (files) => {
  origin(files);
  await expect(doorsNearby()).rejects.toMatchObject({ code: "line", retryable: true });
});
