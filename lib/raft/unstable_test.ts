import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { InvariantViolation, type Term } from "./mod.ts";
import { entry, snapshotAt } from "./paper_cases.ts";
import { Unstable } from "./unstable.ts";

/** What is unstable behind a stored log: entries of these terms, from `offset` on. */
function unstableOf(offset: number, terms: readonly Term[]): Unstable {
  const unstable = new Unstable(offset);
  if (terms.length > 0) unstable.append(terms.map((term, i) => entry(term, offset + i)));
  return unstable;
}

/** Offset and terms. */
function contents({ offset, entries }: Unstable): [number, Term[]] {
  return [offset, entries.map(({ term }) => term)];
}

Deno.test("Unstable knows only what is in it", () => {
  const empty = new Unstable(5);
  deepStrictEqual([empty.firstIndex(), empty.lastIndex(), empty.term(4)], [undefined, 4, undefined]);
  const some = unstableOf(5, [1, 2]);
  deepStrictEqual([some.firstIndex(), some.lastIndex()], [undefined, 6]);
  deepStrictEqual([4, 5, 6, 7].map((index) => some.term(index)), [undefined, 1, 2, undefined]);
});

Deno.test("Unstable begins behind a snapshot that is still to be stored", () => {
  const unstable = unstableOf(5, [1, 2]);
  unstable.restore(snapshotAt(9, 3));
  deepStrictEqual(contents(unstable), [10, []]);
  deepStrictEqual([unstable.firstIndex(), unstable.lastIndex()], [10, 9]);
  deepStrictEqual([6, 8, 9, 10].map((index) => unstable.term(index)), [undefined, undefined, 3, undefined]);
  unstable.append([entry(4, 10)]);
  deepStrictEqual([unstable.firstIndex(), unstable.lastIndex(), unstable.term(10)], [10, 10, 4]);
});

Deno.test("Unstable drops an entry and all behind it, stored ones too, and appends where it ends", () => {
  const cases: [from: number, expected: [number, Term[]]][] = [[7, [5, [1, 1, 2]]], [5, [5, [2]]], [3, [3, [2]]]];
  for (const [from, expected] of cases) {
    const unstable = unstableOf(5, [1, 1, 1]);
    unstable.truncate(from);
    unstable.append([entry(2, from)]);
    deepStrictEqual(contents(unstable), expected, `from ${from} on`);
  }
  throws(() => unstableOf(5, [1]).append([entry(1, 7)]), InvariantViolation, "there is no gap in a log");
  throws(() => unstableOf(5, [1]).append([entry(1, 5)]), InvariantViolation, "nothing is overwritten by an append");
});

Deno.test("Unstable forgets what is stored, but only what is there", () => {
  const unstable = unstableOf(5, [1, 2]);
  throws(() => unstable.stableEntries({ index: 5, term: 1 }), InvariantViolation);
  throws(() => unstable.stableEntries({ index: 6, term: 1 }), InvariantViolation);
  unstable.stableEntries({ index: 6, term: 2 });
  deepStrictEqual(contents(unstable), [7, []]);
  throws(() => unstable.stableEntries({ index: 6, term: 2 }), InvariantViolation);
});

Deno.test("Unstable has its snapshot stored before the entries behind it", () => {
  const unstable = new Unstable(1);
  throws(() => unstable.stableSnapshot(9), InvariantViolation);
  unstable.restore(snapshotAt(9, 3));
  unstable.append([entry(3, 10)]);
  throws(() => unstable.stableEntries({ index: 10, term: 3 }), InvariantViolation);
  throws(() => unstable.stableSnapshot(8), InvariantViolation);
  unstable.stableSnapshot(9);
  strictEqual(unstable.snapshot, null);
  unstable.stableEntries({ index: 10, term: 3 });
  deepStrictEqual(contents(unstable), [11, []]);
});

Deno.test("Unstable never changes what it has handed over once that is stored", () => {
  const unstable = unstableOf(5, [1, 2]);
  const handedOver = unstable.entries;
  unstable.stableEntries({ index: 6, term: 2 });
  unstable.truncate(6);
  unstable.append([entry(3, 6), entry(3, 7)]);
  deepStrictEqual(handedOver.map(({ term }) => term), [1, 2]);
});

Deno.test("Unstable gives out a part of what it has, and nothing else", () => {
  const unstable = unstableOf(5, [1, 2, 3]);
  deepStrictEqual(unstable.slice(6, 8), [entry(2, 6), entry(3, 7)]);
  deepStrictEqual(unstable.slice(6, 6), []);
  throws(() => unstable.slice(4, 6), InvariantViolation);
  throws(() => unstable.slice(6, 9), InvariantViolation);
});
