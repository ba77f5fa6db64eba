// Print how much compressed JavaScript Today needs before it shows; fail when it is over the budget.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 80_000; // 80 KB: the live part, the camera's reader and the fallback for signatures load apart
const DIST = "dist";
const ASSETS = join(DIST, "assets");

if (!existsSync(join(DIST, "index.html"))) {
  if (process.argv.includes("--if-built")) process.exit(0);
  console.error("measure: there is no dist/index.html. Run `npm run build` first.");
  process.exit(1);
}

const compressed = (path) => gzipSync(readFileSync(path)).length;
const html = readFileSync(join(DIST, "index.html"), "utf8");
const wanted = [...html.matchAll(/(?:src|href)="\/assets\/([\w.-]+\.js)"/g)].map((match) => match[1]);
const seen = new Set();
while (wanted.length > 0) {
  const name = wanted.pop();
  if (seen.has(name)) continue;
  seen.add(name);
  const code = readFileSync(join(ASSETS, name), "utf8");
  // Static imports only: `import("./x.js")` is loaded when it is wanted.
  for (const match of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) wanted.push(match[1]);
}
// One language comes with the first screen; the largest counts.
const languages = readdirSync(ASSETS).filter((name) => /^(en|es|ht)-[\w-]+\.js$/.test(name));
const largest = languages.sort((one, other) => compressed(join(ASSETS, other)) - compressed(join(ASSETS, one)))[0];
if (largest) seen.add(largest);

const parts = [...seen].map((name) => ({ name, bytes: compressed(join(ASSETS, name)) }));
const total = parts.reduce((sum, part) => sum + part.bytes, 0);
for (const part of parts) console.log(`${String(part.bytes).padStart(7)}  ${part.name}`);
console.log(`${String(total).padStart(7)}  bytes of compressed JavaScript before Today shows (at most ${BUDGET_BYTES})`);
if (total > BUDGET_BYTES) process.exit(1);
