import { deepStrictEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseNotebook } from "./notebook_file.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

Deno.test("the map at the end of notebook 07 names every file of the core, once", () => {
  const name = "notebooks/07-reads-and-clients.ipynb";
  const { cells } = parseNotebook(readFileSync(join(ROOT, name), "utf8"), name);
  const text = cells.map(({ source }) => source).join("\n");
  const [, rows = ""] = /\| `lib\/raft\/`[^\n]*\n\|[ \-|]+\n((?:\|[^\n]*\n)+)/.exec(text) ?? [];
  const named = rows.trim().split("\n").flatMap((row) => row.split("|")[1].match(/\w+/g) ?? []);
  const files = readdirSync(join(ROOT, "lib/raft")).filter((file) => !/_(test|cases|bench)\.ts$/.test(file));
  deepStrictEqual(named.sort(), files.map((file) => file.replace(/\.ts$/, "")).sort());
});
