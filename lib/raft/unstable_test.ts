import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { InvariantViolation, type Snapshot, type Term, Unstable } from "./mod.ts";
import { entry, voters } from "./paper_cases.ts";

/** What is unstable behind a stored log: entries of these terms, from `offset` on. */
function unstableOf(offset: number, terms: readonly Term[]): Unstable {
  const unstable = new Unstable(offset);
  if (terms.length > 0) unstable.truncateAndAppend(terms.map((term, i) => entry(term, offset + i)));
  return unstable;
}

function snapshotAt(index: number, term: Term): Snapshot {
  return { metadata: { index, term, confState: { voters: voters(3) } }, data: new Uint8Array() };
}

/** Offset and terms. */
function contents({ offset, entries }: Unstable): [number, Term[]] {
  return [offset, entries.map(({ term }) => term)];
}

Deno.test("Unstable knows only what is in it", () => {
  const empty = new Unstable(5);
  deepStrictEqual([empty.firstIndex(), empty.lastIndex(), empty.term(4)], [undefined, undefined, undefined]);
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
  unstable.truncateAndAppend([entry(4, 10)]);
  deepStrictEqual([unstable.firstIndex(), unstable.lastIndex(), unstable.term(10)], [10, 10, 4]);
});

Deno.test("Unstable drops what stands at the first new entry and behind it", () => {
  const cases: [first: number, terms: Term[], expected: [number, Term[]]][] = [
    [8, [2], [5, [1, 1, 1, 2]]],
    [7, [2, 2], [5, [1, 1, 2, 2]]],
    [6, [2], [5, [1, 2]]],
    [5, [2], [5, [2]]],
    [3, [2, 2], [3, [2, 2]]],
  ];
  for (const [first, terms, expected] of cases) {
    const unstable = unstableOf(5, [1, 1, 1]);
    unstable.truncateAndAppend(terms.map((term, i) => entry(term, first + i)));
    deepStrictEqual(contents(unstable), expected, `from ${first} on`);
  }
  throws(() => unstableOf(5, [1]).truncateAndAppend([entry(1, 7)]), InvariantViolation, "there is no gap in a log");
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
  unstable.truncateAndAppend([entry(3, 10)]);
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
  unstable.truncateAndAppend([entry(3, 6), entry(3, 7)]);
  deepStrictEqual(handedOver.map(({ term }) => term), [1, 2]);
});

Deno.test("Unstable gives out a part of what it has, and nothing else", () => {
  const unstable = unstableOf(5, [1, 2, 3]);
  deepStrictEqual(unstable.slice(6, 8), [entry(2, 6), entry(3, 7)]);
  deepStrictEqual(unstable.slice(6, 6), []);
  throws(() => unstable.slice(4, 6), InvariantViolation);
  throws(() => unstable.slice(6, 9), InvariantViolation);
});
