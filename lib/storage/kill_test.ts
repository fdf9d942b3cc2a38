/** Processes killed while they write; as many more as you like with `kill_bench.ts`. */
import { ok, rejects, strictEqual } from "node:assert/strict";
import { readdirSync, truncateSync } from "node:fs";
import { withDirectory } from "./directory_cases.ts";
import { killLoop } from "./kill_loop_cases.ts";
import { readLog } from "./read_log.ts";

const KILLS = 200;

Deno.test("200 processes killed while they write lose nothing that they promised, and vote once in a term", () =>
  withDirectory(async (parent) => {
    const seen = await killLoop({ directory: `${parent}/log`, kills: KILLS, seed: 1 });
    strictEqual(seen.kills, KILLS);
    ok(seen.acknowledged > KILLS && seen.terms > KILLS && seen.segments > 5, `work was done: ${JSON.stringify(seen)}`);
    ok(seen.beforeOpen < KILLS / 2, "most were killed under load");
    const locks = readdirSync(`${parent}/log`).filter((name) => name.startsWith("lock-"));
    ok(locks.length <= 2, `a dead process' lock is taken over: ${locks}`);
  }));

Deno.test("a log that loses a frame that was promised does not pass", () =>
  withDirectory(async (parent) => {
    const directory = `${parent}/log`;
    const loseFrames = () => {
      const { frames } = readLog(directory);
      const first = frames.find(({ file }) => file === frames.at(-1)?.file);
      if (first !== undefined) truncateSync(first.file, first.offset + first.bytes);
    };
    await rejects(
      killLoop({ directory, kills: 10, seed: 2, afterKill: loseFrames }),
      /is not older than|one vote|no step is missing/,
    );
  }));
