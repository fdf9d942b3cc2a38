/**
 * Kill as many processes that write to a log as you like, and look after each whether all that they promised is there:
 *
 * ```sh
 * deno run --allow-read --allow-write=.jupyter --allow-run lib/wal/kill_bench.ts 300 1
 * ```
 *
 * The first number says how many (200 if it is left out), the second is the seed (1). `kill_test.ts` does it for a few.
 *
 * @module
 */
import process from "node:process";
import { withDirectory } from "./directory_cases.ts";
import { killLoop } from "./kill_loop_cases.ts";

const [kills = 200, seed = 1] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  console.error("error: write: kill_bench.ts [KILLS [SEED]], two whole numbers, the first from 1");
  process.exit(2);
}
await withDirectory(async (parent) => {
  const afterKill = ({ kills: done, acknowledged }: { kills: number; acknowledged: number }) => {
    if (done % 20 === 0) console.error(`${done} of ${kills} kills, ${acknowledged} steps acknowledged`);
  };
  const seen = await killLoop({ directory: `${parent}/log`, kills, seed, afterKill });
  console.log(`${seen.kills} kills (seed ${seed}), nothing acknowledged was lost, no vote given twice:`);
  console.log(`  ${seen.acknowledged} steps acknowledged, in ${seen.terms} terms and ${seen.segments} segments`);
  console.log(`  ${seen.beforeOpen} kills before the log was open`);
  console.log(`  ${seen.ahead} with steps there that were not acknowledged yet`);
  console.log(`  ${seen.torn} with a torn frame at the end, ${seen.unfinished} with an unfinished file`);
});
