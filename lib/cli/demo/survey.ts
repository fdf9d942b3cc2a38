/**
 * `demo --seeds`: a scenario with many seeds, in numbers.
 *
 * @module
 */
import type { Scenario } from "../../scenario/scenario.ts";
import { median, type SeedResult } from "../../scenario/survey.ts";
import { visible } from "../../trace/text.ts";
import { type Paint, wrap } from "../terminal.ts";

/** How many of those that were not as expected are named. */
const NAMED = 5;

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

/** The most bars. */
const BARS = 12;

/** The length of the longest bar. */
const LENGTH = 50;

/** `title`, the median, `note`, and a bar for each range of whole numbers from the least to the greatest. */
export function histogram(title: string, numbers: readonly number[], note?: string): string[] {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const width = widthFor(least, most);
  const first = Math.floor(least / width);
  const counts = Array.from({ length: Math.floor(most / width) - first + 1 }, () => 0);
  for (const number of numbers) counts[Math.floor(number / width) - first]++;
  const labels = counts.map((_, i) => labelOf((first + i) * width, width));
  const [labelWidth, greatest] = [Math.max(...labels.map(({ length }) => length)), Math.max(...counts)];
  const countWidth = `${greatest}`.length;
  return [
    `${title}: median ${median(numbers)}`,
    ...(note === undefined ? [] : wrap("  ", `(${note})`)),
    ...counts.map((count, i) => {
      const bar = "#".repeat(count === 0 ? 0 : Math.max(1, Math.round(count / greatest * LENGTH)));
      return `  ${labels[i].padStart(labelWidth)}  ${`${count}`.padStart(countWidth)}  ${bar}`.trimEnd();
    }),
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

function labelOf(from: number, width: number): string {
  return width === 1 ? `${from}` : `${from} to ${from + width - 1}`;
}
