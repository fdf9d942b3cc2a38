/**
 * A histogram for the terminal, in plain text.
 *
 * @module
 */
import { median } from "../../scenario/survey.ts";
import { wrap } from "../terminal.ts";

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
