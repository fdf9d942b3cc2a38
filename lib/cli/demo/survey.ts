/**
 * `demo --seeds`: a scenario with many seeds, in numbers.
 *
 * @module
 */
import type { Scenario, ScenarioOptions } from "../../scenario/scenario.ts";
import { type SeedResult, survey } from "../../scenario/survey.ts";
import { histogram } from "./histogram.ts";
import { visible, word } from "../../trace/text.ts";
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

/** `results` in lines; `again` is the command that plays the scenario, without a seed. */
export function surveyLines({ name }: Scenario, results: readonly SeedResult[], again: string, paint: Paint): string[] {
  const seeds = results.length;
  const wrong = results.filter(({ asExpected }) => !asExpected);
  const count = `${seeds - wrong.length} of ${seeds} ${seeds === 1 ? "seed" : "seeds"}`;
  return [
    paint(wrong.length === 0 ? "good" : "bad", `${name}: ${count} as expected`),
    ...wrong.slice(0, NAMED).flatMap(({ seed, differences }) =>
      differences.flatMap(({ text, found }) => wrap(`  seed ${seed}: `, visible(`expected: ${text}; found: ${found}`)))
    ),
    ...(wrong.length > NAMED ? [`  and ${wrong.length - NAMED} more`] : []),
    ...(wrong.length > 0 ? wrap("  see one with: ", `${again} --seed ${wrong[0].seed}`) : []),
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

/** The command that plays the scenario with these options. */
export function commandFor(
  named: Scenario | null,
  file: string | undefined,
  { nodes, key, value }: Omit<ScenarioOptions, "seed">,
): string {
  const what = named?.name ?? `--scenario ${word(file ?? "")}`;
  const rest = [key === "x" ? "" : ` --key=${word(key)}`, value === "1" ? "" : ` --value=${word(value)}`];
  return `deno task demo ${what} --nodes ${nodes}${rest.join("")}`;
}
