/**
 * Why a vote is synced before it is sent (paper Figure 2: state that must be on stable storage).
 *
 * @module
 */
import type { DemoNode } from "../node.ts";
import { type Scenario, valueAfter } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";

const refuse = ({ nodes }: ScenarioOptions) =>
  nodes === 3 ? null : `it takes two candidates and the one voter whom both need: 3 nodes, not ${nodes}`;

/** Node 3 votes for node 1, crashes, and is asked by node 2 in the same term. All clocks are paused; who campaigns is said. */
const VOTE_AND_CRASH: readonly Step[] = [
  { do: "pauseClock", nodes: "all", title: "Node 3 votes for node 1; node 2 hears nothing of it" },
  { do: "cut", from: 1, to: 2 },
  { do: "campaign", nodes: 1 },
  { do: "runUntil", until: { is: "leader", by: 1 }, within: 5 },
  { do: "stop", nodes: 3, title: "Node 3 crashes, and starts again on what its disk holds; node 1 is cut off" },
  { do: "cut", from: 1, to: "all" },
  { do: "run", ticks: 3 },
  { do: "restart", nodes: 3 },
  { do: "campaign", nodes: 2, title: "Node 2 asks node 3 for its vote, in the same term" },
  { do: "run", ticks: 2 },
  { do: "expect", that: { is: "number", nodes: "all", what: "term", equals: 1 } },
];

/** The same on a disk that does not sync: node 3 forgets its vote, and gives it again. */
export const missingSyncTwoLeaders: Scenario = {
  name: "missing-sync-two-leaders",
  summary: "the same with a disk that does not sync: two leaders",
  premise: [
    "Node 3's disk says that it has synced, and has not: what was written is gone after a crash. Nothing else is different.",
  ],
  disks: "files",
  nodes: 3,
  finding: "A vote that was not synced is given twice: two leaders in term 1",
  chart: "roleLanes",
  refuse,
  mutation: doNotSync,
  steps: ({ key, value }) => [
    ...VOTE_AND_CRASH,
    { do: "expect", that: { is: "leaders", count: 2 }, text: "nodes 1 and 2 both lead term 1" },
    { do: "propose", to: 1, title: "Each of them takes a write" },
    { do: "propose", to: 2, command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "runUntil", until: { is: "value", nodes: [2, 3], value: valueAfter(value, 1) }, within: 10 },
    {
      do: "expect",
      that: { is: "log", nodes: "all", terms: [1, 1] },
      text: "every log has entries of term 1 at indices 1 and 2",
    },
    {
      do: "expect",
      that: { is: "value", nodes: 1, value: null },
      text: "node 1 has applied nothing: its own entry at index 2 reached nobody",
    },
  ],
  shows: [
    "Two leaders in one term: Election Safety is broken, by a disk and not by a rule of Raft. One forgotten vote is enough.",
    "The rest of Raft rests on it. Logs are compared by index and term; here two entries of the same index and term differ, " +
    "and no comparison can find that out.",
  ],
};

/** A vote binds through a crash, because it was synced before it was sent. */
export const missingSync: Scenario = {
  name: "missing-sync",
  summary: "a synced vote binds; one that is not is given twice",
  premise: [
    "Node 3 votes and crashes right after that, on a disk that loses what was not synced. It starts again, and another node " +
    "asks for its vote in the same term. First the disk syncs when it is told to, then it does not. All clocks are paused: who " +
    "campaigns is said.",
  ],
  disks: "files",
  nodes: 3,
  finding: "A vote that was synced before it was sent binds through a crash: one leader in term 1",
  chart: "roleLanes",
  refuse,
  steps: [
    ...VOTE_AND_CRASH,
    { do: "expect", that: { is: "leaders", count: 1 }, text: "node 3 remembers its vote: only node 1 leads term 1" },
    { do: "campaign", nodes: 2, title: "Node 2 asks again, in the next term" },
    { do: "runUntil", until: { is: "leader", by: 2 }, within: 5 },
    { do: "expect", that: { is: "number", nodes: [2, 3], what: "term", equals: 2 } },
    { do: "heal", title: "The links are mended, and the clocks are resumed" },
    { do: "resumeClock", nodes: "all" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "propose" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "expect", that: { is: "leaders", count: 1 } },
    { do: "expect", that: { is: "value", nodes: "all" } },
  ],
  shows: [
    "A node gives one vote a term, and a crash does not change that: term and vote are on its disk before its answer leaves.",
    "The vote binds for its term only. In the next one node 3 is free to vote for node 2.",
  ],
  next: [
    "deno task demo power-cut          all nodes crash at once, and nothing is forgotten",
    "deno task demo crash-restart      crashes before and after the sync",
  ],
  sequel: missingSyncTwoLeaders,
};

/** Node 3's disk takes every sync for done. */
function doNotSync({ id, raft }: DemoNode): void {
  if (id === 3) Object.assign(raft.log.storage, { sync: () => {}, syncAsync: () => Promise.resolve() });
}
