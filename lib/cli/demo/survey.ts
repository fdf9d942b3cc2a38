/**
 * `demo --seeds`: a scenario with many seeds, in numbers.
 *
 * @module
 */
import type { Scenario } from "../../scenario/scenario.ts";
import type { ScenarioOptions } from "../../scenario/schema.ts";
import { type SeedResult, survey } from "../../scenario/survey.ts";
import { histogram } from "./histogram.ts";
import { visible } from "../../trace/text.ts";
import { type Paint, wrap, write } from "../terminal.ts";

/** How many of those that were not as expected are named. */
const NAMED = 5;

/** What came of `seeds` seeds. How far it is, is said while it lasts, if somebody watches. */
export function surveyed(
  scenario: Scenario,
  options: Omit<ScenarioOptions, "seed">,
  seeds: number,
): readonly SeedResult[] {
  const { stderr } = Deno;
  const step = Math.ceil(seeds / 100);
  const isWatched = stderr.isTerminal();
  const results = survey(scenario, options, seeds, ({ seed }) => {
    if (isWatched && (seed + 1) % step === 0) write(stderr, `\r${scenario.name}: ${seed + 1} of ${seeds} seeds`);
  });
  if (isWatched) write(stderr, "\r\x1b[K");
  return results;
}

/** `results` in lines. */
export function surveyLines({ name }: Scenario, results: readonly SeedResult[], paint: Paint): string[] {
  const seeds = results.length;
  const wrong = results.filter(({ asExpected }) => !asExpected);
  const count = `${seeds - wrong.length} of ${seeds} ${seeds === 1 ? "seed" : "seeds"}`;
  return [
    paint(wrong.length === 0 ? "good" : "bad", `${name}: ${count} as expected`),
    ...wrong.slice(0, NAMED).flatMap(({ seed, differences }) =>
      differences.flatMap(({ text, found }) => wrap(`  seed ${seed}: `, visible(`expected: ${text}; found: ${found}`)))
    ),
    ...(wrong.length > NAMED ? [`  and ${wrong.length - NAMED} more`] : []),
    ...(wrong.length > 0 ? [`  see one with --seed ${wrong[0].seed} in place of --seeds ${seeds}`] : []),
    "",
    ...histogram("elections needed", results.map(({ elections }) => elections)),
    "",
    ...histogram(
      "ticks without a leader that a majority follows",
      results.map(({ ticksWithoutLeader }) => ticksWithoutLeader),
      "over open links; from the first tick on, the first election included",
    ),
  ];
}
