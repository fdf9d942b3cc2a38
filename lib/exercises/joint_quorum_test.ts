import { ok, strictEqual } from "node:assert/strict";
import { play, type Scenario } from "../scenario/mod.ts";
import { firstDifference } from "../trace/difference.ts";
import { testChecker, untyped } from "./exercise_cases.ts";
import { followRules } from "./follow_rules.ts";
import { checkQuorumRule, type QuorumRule, type QuorumView } from "./joint_quorum.ts";
import { heldByMajority, quorum } from "./rules_cases.ts";

type Indices = QuorumView["matchIndex"];

const held = (ids: readonly number[], matchIndex: Indices) => heldByMajority(ids.map((id) => matchIndex[id]));
const holders = (ids: readonly number[], matchIndex: Indices, index: number) =>
  ids.filter((id) => matchIndex[id] >= index).length;

/** What many would write: a majority of all who vote. */
const ofAll: QuorumRule = ({ voters, votersOutgoing, matchIndex }) =>
  held([...new Set([...voters, ...votersOutgoing])], matchIndex);

testChecker<QuorumRule>("the joint quorum", {
  check: checkQuorumRule,
  right: {
    "the lesser of two majorities": quorum,
    "from the top, the first index that both hold": ({ voters, votersOutgoing, matchIndex }) => {
      const halves = [voters, votersOutgoing].filter((ids) => ids.length > 0);
      let index = Math.max(...Object.values(matchIndex));
      while (!halves.every((ids) => 2 * holders(ids, matchIndex, index) > ids.length)) index--;
      return index;
    },
    "from 0 on, as long as both hold it": ({ voters, votersOutgoing, matchIndex }) => {
      const isHeld = (ids: number[], index: number) =>
        ids.length === 0 || holders(ids, matchIndex, index) >= Math.floor(ids.length / 2) + 1;
      let index = 0;
      while (isHeld(voters, index + 1) && isHeld(votersOutgoing, index + 1)) index++;
      return index;
    },
    "of all indices that both hold, the greatest": ({ voters, votersOutgoing, matchIndex }) =>
      Math.max(
        0,
        ...Object.values(matchIndex).filter((index) =>
          [voters, votersOutgoing].every((ids) => ids.length === 0 || 2 * holders(ids, matchIndex, index) > ids.length)
        ),
      ),
    "sorted from below": ({ voters, votersOutgoing, matchIndex }) => {
      const of = (ids: number[]) =>
        ids.map((id) => matchIndex[id]).sort((a, b) => a - b)[Math.ceil(ids.length / 2) - 1];
      return Math.min(of(voters), of(votersOutgoing) ?? Infinity);
    },
  },
  wrong: {
    "a majority of all who vote": [ofAll, /old voters|new voters/],
    "the new voters alone": [({ voters, matchIndex }) => held(voters, matchIndex), /of \d old voters, no majority/],
    "the old voters alone, if there are any": [
      ({ voters, votersOutgoing, matchIndex }) => held(votersOutgoing.length > 0 ? votersOutgoing : voters, matchIndex),
      /of \d new voters, no majority/,
    ],
    "either half": [
      ({ voters, votersOutgoing, matchIndex }) =>
        Math.max(held(voters, matchIndex), held(votersOutgoing, matchIndex) || 0),
      /no majority/,
    ],
    "both, also where there are no old voters": [
      ({ voters, votersOutgoing, matchIndex }) =>
        Math.min(held(voters, matchIndex), held(votersOutgoing, matchIndex) || 0),
      /answers 0; Raft answers 1: index 1 is on 1 of 1 voters, a majority/,
    ],
    "learners count": [
      ({ matchIndex }) => heldByMajority(Object.values(matchIndex)),
      /no majority|a majority/,
    ],
    "half is enough": [
      ({ voters, votersOutgoing, matchIndex }) => {
        const of = (ids: number[]) => ids.map((id) => matchIndex[id]).sort((a, b) => a - b)[Math.floor(ids.length / 2)];
        return Math.min(of(voters), votersOutgoing.length === 0 ? Infinity : of(votersOutgoing));
      },
      /is on 1 of 2 voters, no majority|1 of 2 new voters|1 of 2 old voters/,
    ],
    "everybody": [({ matchIndex }) => Math.min(...Object.values(matchIndex)), /a majority/],
    "indices are sorted as text": [
      ({ voters, votersOutgoing, matchIndex }) => {
        const of = (ids: number[]) => ids.map((id) => matchIndex[id]).sort().reverse()[Math.floor(ids.length / 2)];
        return Math.min(of(voters), votersOutgoing.length === 0 ? Infinity : of(votersOutgoing));
      },
      /\d{2}/,
    ],
    "no number": [({ voters, matchIndex }) => matchIndex[voters[9]], /answers undefined; an answer is an index/],
    "nothing": [untyped(() => {}), /answers undefined/],
  },
});

/** Two of three are replaced; nodes 2 and 3 are cut off as soon as node 1 is in the joint configuration, and a client writes. */
const replacement: Scenario = {
  name: "two-of-three",
  nodes: 5,
  setting: { spares: 2 },
  steps: [
    { do: "pauseClock", nodes: [2, 3, 4, 5] },
    { do: "runUntil", until: { is: "leader", by: 1 } },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "confChange", addLearners: [4, 5] },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "confChange", addVoters: [4, 5], remove: [2, 3], transition: "explicit" },
    { do: "runUntil", until: { is: "configuration", nodes: 1, outgoing: [1, 2, 3] } },
    { do: "partition", groups: [[1, 4, 5], [2, 3]] },
    { do: "propose", to: 1 },
    { do: "run", ticks: 10 },
  ],
};

const playBy = (rule: QuorumRule | null) => play({ ...replacement, mutation: followRules({ quorum: rule }) });
const isCommitted = (rule: QuorumRule | null) => playBy(rule).cluster.node(1).store.get("x") !== null;

Deno.test("a cluster that goes by a right quorum does as the library's, row by row", () => {
  strictEqual(firstDifference(playBy(null).trace, playBy(quorum).trace), null);
  strictEqual(isCommitted(quorum), false);
});

Deno.test("by a majority of all who vote, the new voters commit without the old", () => ok(isCommitted(ofAll)));
