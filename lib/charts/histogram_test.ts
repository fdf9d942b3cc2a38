import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { spreadOf } from "./histogram.ts";
import { histogram } from "./mod.ts";
import { isReadable, marks, textsOf } from "./svg_cases.ts";

const options = { title: "The first leader comes soon", label: "ticks without a leader", what: "seeds" };
const squares = Array.from({ length: 300 }, (_, i) => (i * i) % 37);

Deno.test("a histogram says how many values there are, the least, the median, the greatest and the fullest bin", () => {
  strictEqual(
    histogram([14, 12, 19, 14], options).alt,
    "Ticks without a leader of 4 seeds: least 12, median 14, greatest 19. The fullest bin, at 14, has 2 of them.",
  );
  match(histogram([1, 2, 3, 4], options).caption, /of 4 seeds: least 1, median 2\.5, greatest 4\./);
  match(histogram([3, 199, 5], options).alt, /The fullest bin, from 0 to 9, has 2 of them\.$/);
});

Deno.test("bins are 1, 2, 5, 10, … wide, begin at multiples of that, and leave out no value", () => {
  const cases: [number[], number][] = [[[5], 1], [[1, 22], 1], [[0, 30], 2], [[-7, 100], 5], [[0, 1000], 50]];
  for (const [values, width] of cases) {
    const spread = spreadOf(values);
    strictEqual(spread.width, width, `${values}`);
    ok(spread.bins.every(({ from }) => from % width === 0) && spread.bins.length <= 24);
    strictEqual(spread.bins.reduce((sum, { count }) => sum + count, 0), values.length);
  }
  deepStrictEqual(spreadOf([4, 1, 1]).bins.map(({ from, count }) => [from, count]), [[1, 2], [2, 0], [3, 0], [4, 1]]);
});

Deno.test("a histogram of any values and any words is readable, with a bar a bin and a line at the median", async () => {
  const great = [4e15, Number.MAX_SAFE_INTEGER];
  for (const values of [squares, [13], [7, 7, 7], [0, 100_000], great, [-40, -12, -3], [1, 1, 1, 1, 90]]) {
    const figure = histogram(values, options);
    const svg = await figure.svg();
    isReadable(svg, `${values}`);
    ok(marks(svg, "bins", "rect") > 0);
    strictEqual(marks(svg, "median", "line"), 1);
    const texts = (await textsOf(figure)).join("\n");
    match(texts, /^median -?[\d.]+$/m);
    match(texts, /^seeds$[^]*^ticks without a leader$|^ticks without a leader$[^]*^seeds$/m);
  }
  const words = "<words> & more words ".repeat(20);
  isReadable(await histogram(squares, { title: words, label: words, what: words }).svg(), "long words");
});

Deno.test("a histogram refuses what it cannot count, by name", () => {
  throws(() => histogram([], options), /^RangeError: Cannot make a histogram of no values/);
  throws(() => histogram([1, 0.5], options), /values\[1\] must be a whole number, and is 0.5$/);
  throws(() => histogram(JSON.parse("[1, null, 3]"), options), /^RangeError: .* values\[1\] .*, and is null$/);
  throws(() => histogram(JSON.parse("5"), options), /^RangeError: .* values must be a list, and is 5$/);
  throws(() => histogram([1], JSON.parse("null")), /^RangeError: Cannot make a figure without a title/);
  throws(() => histogram([1], { ...options, label: "" }), /Cannot make a histogram without label/);
  throws(() => histogram([1], { ...options, what: " " }), /Cannot make a histogram without what/);
});
