/**
 * `demo --seeds`: a scenario with many seeds, in numbers.
 *
 * @module
 */
import type { Scenario } from "../../scenario/scenario.ts";
import type { ScenarioOptions } from "../../scenario/schema.ts";
import { median, type SeedResult, survey as playSeeds } from "../../scenario/survey.ts";
import { count, visible } from "../../trace/text.ts";
import { type Paint, paintFor, plain, table, withProgress, wrap, write } from "../terminal.ts";

/** How many of those that were not as expected are named. */
const NAMED = 5;

/** Play `scenarios` with so many seeds, and print what came of them; the exit status. */
export function survey(scenarios: readonly Scenario[], play: ScenarioOptions, seeds: number): number {
  const surveys = withProgress(Deno.stderr, (say) =>
    scenarios.map((scenario) => {
      const onSeed = ({ seed }: SeedResult) => say(`${scenario.name}: ${seed + 1} of ${seeds} seeds`);
      return { scenario, results: playSeeds(scenario, play, seeds, onSeed) };
    }));
  const texts = surveys.map(({ scenario, results }) => linesOf(scenario, results, paintFor(Deno.stdout)).join("\n"));
  write(Deno.stdout, `${texts.join("\n\n")}\n`);
  return surveys.every(({ results }) => results.every(({ asExpected }) => asExpected)) ? 0 : 1;
}

function linesOf({ name }: Scenario, results: readonly SeedResult[], paint: Paint): string[] {
  const seeds = results.length;
  const wrong = results.filter(({ asExpected }) => !asExpected);
  return [
    paint(
      wrong.length === 0 ? "good" : "bad",
      `${name}: ${seeds - wrong.length} of ${count(seeds, "seed")} as expected`,
    ),
    ...wrong.slice(0, NAMED).flatMap(({ seed, differences }) =>
      differences.flatMap(({ text, found }) => wrap(`  seed ${seed}: `, visible(`expected: ${text}; found: ${found}`)))
    ),
    ...(wrong.length > NAMED ? [`  and ${wrong.length - NAMED} more`] : []),
    ...(wrong.length > 0 ? [`  see one with --seed ${wrong[0].seed} in place of --seeds ${seeds}`] : []),
    "",
    "counted from the first fault of a node or a link on, or from the start:",
    "",
    ...histogram("elections", results.map(({ elections }) => elections)),
    "",
    ...histogram(
      "ticks without a leader that a majority follows",
      results.map(({ ticksWithoutLeader }) => ticksWithoutLeader),
      "over open links",
    ),
  ];
}

/** The most bars. */
const BARS = 12;

/** The length of the longest bar. */
const LENGTH = 50;

/** `title`, the median, `note`, and a bar for each range of whole numbers from the least to the greatest. */
export function histogram(title: string, numbers: readonly number[], note?: string): string[] {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const width = widthFor(least, most);
  const first = Math.floor(least / width);
  const counts = Array.from({ length: Math.floor(most / width) - first + 1 }, () => 0);
  for (const number of numbers) counts[Math.floor(number / width) - first]++;
  const greatest = Math.max(...counts);
  const rows = counts.map((runs, i) => {
    const bar = "#".repeat(runs === 0 ? 0 : Math.max(1, Math.round(runs / greatest * LENGTH)));
    const from = (first + i) * width;
    return [width === 1 ? `${from}` : `${from} to ${from + width - 1}`, `${runs}`, bar];
  });
  return [
    `${title}: median ${median(numbers)}`,
    ...(note === undefined ? [] : wrap("  ", `(${note})`)),
    ...table(rows, plain, [0, 1]).map((line) => `  ${line}`),
  ];
}

/** How many numbers share a bar: 1, 2, 5, 10, …: the first with which there are not too many bars. */
function widthFor(least: number, most: number): number {
  for (let power = 1;; power *= 10) {
    for (const width of [power, 2 * power, 5 * power]) {
      if (Math.floor(most / width) - Math.floor(least / width) < BARS) return width;
    }
  }
}
