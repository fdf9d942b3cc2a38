/** Processes killed while they write. */
import { ok, rejects, strictEqual } from "node:assert/strict";
import { readdirSync, truncateSync } from "node:fs";
import { withDirectory } from "./directory_cases.ts";
import { killLoop } from "./kill_loop_cases.ts";
import { readLog } from "./read_log.ts";

/** Loops at the same time, each with a log of its own. */
const LOOPS = 4;
const KILLS = 50;

Deno.test("200 processes killed while they write lose nothing that they promised, and vote once in a term", () =>
  withDirectory(async (parent) => {
    await Promise.all(Array.from({ length: LOOPS }, async (_, loop) => {
      const directory = `${parent}/log-${loop}`;
      const seen = await killLoop({ directory, kills: KILLS, seed: 1 + 1000 * loop });
      strictEqual(seen.kills, KILLS);
      ok(
        seen.acknowledged > KILLS && seen.terms > KILLS && seen.segments > 5,
        `work was done: ${JSON.stringify(seen)}`,
      );
      ok(seen.beforeOpen < KILLS / 2, "most were killed under load");
      const locks = readdirSync(directory).filter((name) => name.startsWith("lock-"));
      ok(locks.length <= 2, `a dead process' lock is taken over: ${locks}`);
    }));
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
