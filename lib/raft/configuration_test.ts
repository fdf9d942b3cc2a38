import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isMember, isVoter, majority, majorityIndex, membersOf } from "./configuration.ts";
import { newConfState, quorumIndex, voteResult, votersOf } from "./configuration.ts";
import { newTracker } from "./progress.ts";
import type { Index } from "./types.ts";

const cluster = fc.integer({ min: 1, max: 9 });

Deno.test("any two majorities of the same nodes have a node in common", () => {
  deepStrictEqual([1, 2, 3, 4, 5, 6, 7].map(majority), [1, 2, 2, 3, 3, 4, 4]);
  fc.assert(fc.property(cluster, (total) => {
    ok(2 * majority(total) > total);
    ok(2 * (majority(total) - 1) <= total);
  }));
});

Deno.test("a majority has reached the index in the middle, and no higher one", () => {
  const cases: [matchIndex: Index[], index: Index][] = [[[7], 7], [[7, 4], 4], [[9, 7, 4], 7], [[9, 8, 3, 2], 3]];
  for (const [matchIndex, index] of cases) strictEqual(majorityIndex(matchIndex), index, `[${matchIndex}]`);
  const indices = fc.array(fc.nat(20), { minLength: 1, maxLength: 9 });
  fc.assert(fc.property(indices, (matchIndex) => {
    const descending = [...matchIndex].sort((a, b) => b - a);
    strictEqual(majorityIndex(matchIndex), descending[majority(matchIndex.length) - 1]);
  }));
});

Deno.test("an election is won, lost or pending, and it cannot be two of these", () => {
  const ballots = cluster.chain((total) =>
    fc.array(fc.constantFrom(true, false, undefined), { minLength: total, maxLength: total })
  );
  fc.assert(fc.property(ballots, (ballots) => {
    const confState = newConfState({ voters: ballots.map((_, i) => i + 1) });
    const votes = new Map(ballots.flatMap((vote, i) => vote === undefined ? [] : [[i + 1, vote]]));
    const granted = ballots.filter((vote) => vote === true).length;
    const refused = ballots.filter((vote) => vote === false).length;
    const needed = majority(ballots.length);
    const isLost = ballots.length - refused < needed;
    strictEqual(voteResult(confState, votes), granted >= needed ? "won" : isLost ? "lost" : "pending");
  }));
});

const joint = newConfState({ voters: [1, 4, 5], votersOutgoing: [1, 2, 3], learners: [6], learnersNext: [3] });

Deno.test("an election takes a majority of each half of a joint configuration, and of voters only", () => {
  const cases: [result: string, granted: number[], refused: number[]][] = [
    ["pending", [1, 4], []],
    ["pending", [1, 2], []],
    ["pending", [1, 4, 6, 9], []],
    ["won", [1, 2, 4], []],
    ["won", [2, 3, 4, 5], []],
    ["lost", [1, 4, 5], [2, 3]],
    ["lost", [1, 2, 3, 6], [4, 5]],
  ];
  for (const [result, granted, refused] of cases) {
    const votes = new Map([...granted.map((id) => [id, true] as const), ...refused.map((id) => [id, false] as const)]);
    strictEqual(voteResult(joint, votes), result, `[${granted}] grant, [${refused}] refuse`);
  }
});

Deno.test("in a joint configuration an index is reached when a majority of each half has reached it", () => {
  const reached = (indices: Record<number, Index>) => quorumIndex(joint, (id) => indices[id] ?? 0);
  strictEqual(reached({ 1: 9, 4: 9, 5: 9 }), 0, "of the old voters only node 1 has any");
  strictEqual(reached({ 1: 9, 4: 9, 2: 5 }), 5);
  strictEqual(reached({ 1: 9, 2: 9, 3: 9, 4: 3, 6: 9 }), 3);
});

Deno.test("a configuration knows who votes, who receives the log, and of whom a leader keeps a progress", () => {
  deepStrictEqual(votersOf(joint), [1, 2, 3, 4, 5]);
  deepStrictEqual(membersOf(joint), [1, 2, 3, 4, 5, 6]);
  const all = [1, 2, 3, 4, 5, 6, 7];
  deepStrictEqual(all.filter((id) => isVoter(joint, id)), [1, 2, 3, 4, 5]);
  deepStrictEqual(all.filter((id) => isMember(joint, id)), [1, 2, 3, 4, 5, 6]);
  const progress = [...newTracker(joint, 4, 256).values()];
  deepStrictEqual(progress.map(({ id, nextIndex }) => [id, nextIndex]), membersOf(joint).map((id) => [id, 4]));
});

Deno.test("newConfState lists ids in ascending order, each once, and completes what is left out", () => {
  const rest = { learners: [], votersOutgoing: [], learnersNext: [], autoLeave: true };
  deepStrictEqual(newConfState({ voters: [3, 10, 1, 3], autoLeave: true }), { voters: [1, 3, 10], ...rest });
});
