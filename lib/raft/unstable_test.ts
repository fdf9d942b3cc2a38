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
