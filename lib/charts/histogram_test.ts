import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { spreadOf } from "./bins.ts";
import { labelsOf } from "./label_cases.ts";
import { histogram } from "./mod.ts";
import { isAlone, isReadable, isWellFormed, marks } from "./svg_cases.ts";

const options = { title: "The first leader comes soon", label: "ticks without a leader", what: "seeds" };
const squares = Array.from({ length: 300 }, (_, i) => (i * i) % 37);

Deno.test("a histogram says how many values there are, the least, the median, the greatest and the fullest bin", () => {
  strictEqual(
    histogram([14, 12, 19, 14], options).alt,
    "Ticks without a leader of 4 seeds: least 12, median 14, greatest 19. The fullest bin, at 14, has 2 of them.",
  );
  match(
    histogram([1, 2, 3, 4], options).caption,
    /^Ticks without a leader of 4 seeds: least 1, median 2\.5, greatest 4\./,
  );
  match(
    histogram([0.125, 7.5], options).alt,
    /least 0\.13, median 3\.81, greatest 7\.5\. The fullest bin, from 0 to below 1,/,
  );
  match(histogram([3, 199, 5], options).alt, /The fullest bin, from 0 to 9, has 2 of them\.$/);
});

Deno.test("bins are 1, 2, 5, 10, … wide, begin at multiples of that, and leave out no value", () => {
  const cases: [number[], number][] = [[[5], 1], [[1, 22], 1], [[0, 30], 2], [[-7, 100], 5], [[0, 1000], 50], [[
    0.5,
    9e15,
  ], 5e14]];
  for (const [values, width] of cases) {
    const spread = spreadOf(values);
    strictEqual(spread.width, width, `${values}`);
    ok(spread.bins.every(({ from }) => from % width === 0) && spread.bins.length <= 24);
    strictEqual(spread.bins.reduce((sum, { count }) => sum + count, 0), values.length);
  }
  deepStrictEqual(
    spreadOf([4, 1, 1]).bins,
    [1, 2, 3, 4].map((from) => ({ from, count: from === 1 ? 2 : from === 4 ? 1 : 0 })),
  );
});

for (
  const [name, values] of Object.entries({
    "300 values": squares,
    "one value": [13],
    "equal values": [7, 7, 7],
    "two values far apart": [0, 100_000],
    "great values": [9_007_199_254_740_991, 4_000_000_000_000_000],
    "values that are not whole": squares.map((value) => value / 3 - 2),
    "values below zero": [-40, -12, -3],
    "a median at the edge": [1, 1, 1, 1, 90],
  })
) {
  Deno.test(`a histogram of ${name} is readable and stands alone`, async () => {
    const figure = histogram(values, options);
    const svg = await figure.svg();
    isAlone(svg);
    isWellFormed(svg);
    isReadable(svg, name);
    ok(marks(svg, "bins", "rect") > 0);
    strictEqual(marks(svg, "median", "line"), 1);
    ok(labelsOf(svg).some(({ text }) => /^median -?[\d.]+$/.test(text)));
    for (const word of ["ticks without a leader", "seeds"]) ok(labelsOf(svg).some(({ text }) => text === word), word);
    strictEqual(await histogram(values, options).svg(), svg);
  });
}

Deno.test("a histogram with long words stays within its figure", async () => {
  const words = "<words> & more words ".repeat(20);
  const svg = await histogram(squares, { title: words, label: words, what: words }).svg();
  isWellFormed(svg);
  isReadable(svg, "long words");
});

Deno.test("a histogram refuses what it cannot count, by name", () => {
  throws(() => histogram([], options), /^RangeError: Cannot make a histogram of no values/);
  throws(() => histogram([1, NaN], options), /^RangeError: Cannot use values\[1\]: NaN; it must be a finite number/);
  throws(() => histogram([Infinity], options), /Cannot use values\[0\]: Infinity/);
  throws(() => histogram([1], { ...options, title: " " }), /Cannot make a figure without a title/);
  throws(() => histogram([1], { ...options, label: "" }), /Cannot make a histogram without label/);
  throws(() => histogram([1], { ...options, what: " " }), /Cannot make a histogram without what/);
});
