import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type Index, majority, ProgressTracker, quorumIndex, voteResult } from "./mod.ts";

const indices = fc.array(fc.nat(20), { minLength: 1, maxLength: 9 });
const cluster = fc.integer({ min: 1, max: 9 });

Deno.test("majority is the least number of nodes of which two groups cannot be apart", () => {
  deepStrictEqual([1, 2, 3, 4, 5, 6, 7].map(majority), [1, 2, 2, 3, 3, 4, 4]);
  fc.assert(fc.property(cluster, (total) => {
    ok(2 * majority(total) > total);
    ok(2 * (majority(total) - 1) <= total);
  }));
});

Deno.test("any two majorities of the same nodes have a node in common", () => {
  const twoOrders = cluster.chain((total) => {
    const nodes = Array.from({ length: total }, (_, i) => i + 1);
    const order = fc.shuffledSubarray(nodes, { minLength: total });
    return fc.tuple(order, order);
  });
  fc.assert(fc.property(twoOrders, ([one, other]) => {
    const needed = majority(one.length);
    const others = new Set(other.slice(0, needed));
    ok(one.slice(0, needed).some((node) => others.has(node)));
  }));
});

Deno.test("quorumIndex is the index in the middle when all are sorted", () => {
  fc.assert(fc.property(indices, (matchIndex) => {
    const descending = [...matchIndex].sort((a, b) => b - a);
    strictEqual(quorumIndex(matchIndex), descending[majority(matchIndex.length) - 1]);
  }));
});

Deno.test("quorumIndex is reached by a majority, and no higher index is", () => {
  const reachedBy = (matchIndex: readonly Index[], index: Index) => matchIndex.filter((other) => other >= index).length;
  fc.assert(fc.property(indices, (matchIndex) => {
    const index = quorumIndex(matchIndex);
    ok(reachedBy(matchIndex, index) >= majority(matchIndex.length));
    ok(reachedBy(matchIndex, index + 1) < majority(matchIndex.length));
  }));
});

Deno.test("quorumIndex of some clusters", () => {
  const cases: [matchIndex: Index[], index: Index][] = [
    [[7], 7],
    [[7, 4], 4],
    [[9, 7, 4], 7],
    [[0, 9, 0], 0],
    [[5, 5, 5], 5],
    [[9, 8, 3, 2], 3],
    [[2, 9, 5, 7, 3], 5],
  ];
  for (const [matchIndex, index] of cases) strictEqual(quorumIndex(matchIndex), index, `[${matchIndex}]`);
});

Deno.test("an election is won, lost or pending, and it cannot be two of these", () => {
  const ballots = cluster.chain((total) =>
    fc.array(fc.constantFrom(true, false, undefined), { minLength: total, maxLength: total })
  );
  fc.assert(fc.property(ballots, (ballots) => {
    const voters = ballots.map((_, i) => i + 1);
    const votes = new Map(ballots.flatMap((vote, i) => vote === undefined ? [] : [[i + 1, vote]]));
    const granted = ballots.filter((vote) => vote === true).length;
    const refused = ballots.filter((vote) => vote === false).length;
    const needed = majority(ballots.length);
    const isLost = ballots.length - refused < needed;
    strictEqual(voteResult(voters, votes), granted >= needed ? "won" : isLost ? "lost" : "pending");
  }));
});

Deno.test("who is no voter has no say in an election", () => {
  const outsiders = new Map([[1, true], [8, true], [9, true]]);
  strictEqual(voteResult([1, 2, 3], outsiders), "pending");
  strictEqual(voteResult([1, 2, 3], new Map([[1, false], [8, true], [2, false]])), "lost");
});

Deno.test("a ProgressTracker finds the highest index a majority holds, and knows members only", () => {
  const tracker = new ProgressTracker({ voters: [1, 2, 3, 4, 5] }, 4, 256);
  deepStrictEqual(tracker.all.map(({ nextIndex, matchIndex }) => [nextIndex, matchIndex]), Array(5).fill([4, 0]));
  strictEqual(tracker.maximalCommittedIndex(), 0);
  for (const [id, matchIndex] of [[1, 9], [3, 4], [5, 6]]) tracker.get(id)?.maybeUpdate(matchIndex);
  strictEqual(tracker.maximalCommittedIndex(), 4);
  strictEqual(tracker.get(6), undefined);
});
