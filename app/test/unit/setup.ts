import "fake-indexeddb/auto";
import { beforeEach } from "vitest";
import { store } from "../../src/keep/db";

beforeEach(async () => {
  await store.clear("kept");
  await store.clear("evidence");
  await store.clear("notes");
});
