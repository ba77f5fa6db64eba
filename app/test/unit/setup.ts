import "fake-indexeddb/auto";
import { beforeEach } from "vitest";
import { db } from "../../src/keep/db";

beforeEach(async () => {
  const database = await db();
  await database.clear("kept");
  await database.clear("evidence");
});
