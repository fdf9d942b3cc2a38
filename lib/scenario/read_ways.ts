/**
 * Two ways to read that need no entry in the log: ReadIndex and leases (thesis §6.4).
 *
 * @module
 */
import { majority } from "../raft/mod.ts";
import { ALL_IS_WELL, followers } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";

/** Reads need a larger and a smaller side. */
export const refuseReads = ({ nodes }: ScenarioOptions): string | null =>
  nodes < 3 ? `it takes a larger and a smaller side; take 3 or more nodes, not ${nodes}` : null;

/** The larger side, without the leader, elects another, and a write is committed there. */
export const deposed = ({ nodes, key, value }: ScenarioOptions): readonly Step[] => [
  ...ALL_IS_WELL,
  { do: "name", as: "old leader", nodes: "leader", title: "The network splits; the larger side commits a write" },
  { do: "name", as: "the minority", nodes: ["old leader", ...followers(nodes - majority(nodes) - 1)] },
  { do: "name", as: "the majority", except: "the minority" },
  { do: "partition", groups: ["the minority", "the majority"] },
  { do: "runUntil", until: { is: "leader", by: "the majority" } },
  { do: "name", as: "new leader", nodes: "leader" },
  { do: "propose", to: "new leader", command: { kind: "Put", key, value: valueAfter(value, 1) } },
  { do: "runUntil", until: { is: "agreed", nodes: "the majority" } },
];

/** A leader trusts its lease: right while its clock runs, wrong once it does not. */
export const leaseRead: Scenario = {
  name: "stale-read-lease",
  summary: "the same with a lease: stale once a clock runs slow",
  premise: [
    'The fourth way, "lease", relies on CheckQuorum: a leader that hears from no majority steps down, and a node that hears from a ' +
    "leader votes for nobody, for an election timeout. So a leader that a majority has answered within that time takes it for " +
    "granted that nobody else leads, and answers at once. First its clock runs, then it is paused.",
  ],
  setting: { checkQuorum: true, readOnlyOption: "leaseBased" },
  nodes: 5,
  finding: "A leader whose clock is paused never notices that its lease has ended, and answers with an old value",
  chart: "roleLanes",
  refuse: refuseReads,
  steps: (options) => [
    ...deposed(options),
    { do: "run", ticks: 10 },
    { do: "read", way: "lease", to: "old leader", title: "A client asks the old leader, whose clock has run" },
    {
      do: "expect",
      that: { is: "read", answered: false },
      text: "it is refused, so that the client can ask another node …",
    },
    { do: "expect", that: { is: "leaders", count: 1 }, text: "… for the old leader has stepped down" },
    { do: "read", way: "lease", to: "new leader" },
    {
      do: "expect",
      that: { is: "read", answered: true, value: valueAfter(options.value, 1) },
      text: "the new leader answers at once, and asks nobody",
    },
    { do: "heal", title: "The network heals" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 10 },
    { do: "name", as: "the slow one", nodes: "leader", title: "The leader's clock is paused, and it is cut off" },
    { do: "name", as: "the others", except: "the slow one" },
    { do: "pauseClock", nodes: "the slow one" },
    { do: "cut", from: "the slow one", to: "the others" },
    { do: "runUntil", until: { is: "leader", by: "the others" } },
    {
      do: "propose",
      command: { kind: "Put", key: options.key, value: valueAfter(options.value, 2) },
    },
    { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
    { do: "read", way: "lease", to: "the slow one", title: "A client asks the leader whose clock is paused" },
    {
      do: "expect",
      that: { is: "read", answered: true, value: valueAfter(options.value, 1) },
      text: `it answers ${options.key} = ${
        valueAfter(options.value, 1)
      }, which is stale: for its clock no time has passed`,
    },
    { do: "resumeClock", nodes: "the slow one", title: "The clock runs again, and the links are mended" },
    { do: "heal" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(options.value, 2) } },
  ],
  shows: [
    "A lease is a promise of the others: whoever hears from a leader votes for nobody for an election timeout. It costs no " +
    "message, but it is measured with clocks.",
    "If the leader's clock runs slower than the others', the promise ends before the leader knows, and a read can be stale (§6.4.1).",
  ],
};

/** A leader asks a majority before it answers. */
export const readIndexRead: Scenario = {
  name: "stale-read-index",
  summary: "the same with ReadIndex: no answer, or a right one",
  premise: [
    'The same split, and the third way, "readIndex": the leader notes its commit index, sends heartbeats, and answers once ' +
    "a majority has answered those and it has applied that index.",
  ],
  nodes: 5,
  finding: "By ReadIndex the deposed leader answers nothing, and the new one answers with what was committed",
  chart: "timeline",
  refuse: refuseReads,
  steps: (options) => [
    ...deposed(options),
    { do: "mark", as: "the reads", title: "A client asks the old leader, in two ways" },
    { do: "read", way: "store", to: "old leader" },
    { do: "expect", that: { is: "read", answered: true }, text: "its store answers at once, and the answer is stale" },
    { do: "read", way: "readIndex", to: "old leader" },
    { do: "run", ticks: 20 },
    {
      do: "expect",
      that: { is: "read", answered: false },
      text: "by ReadIndex there is no answer, for its heartbeats reach no majority",
    },
    { do: "read", way: "readIndex", to: "new leader", title: "It asks the new leader by ReadIndex" },
    { do: "runUntil", until: { is: "read", answered: true, value: valueAfter(options.value, 1) }, within: 10 },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "the majority", what: "lastIndex", since: "the reads" },
      text: "a round of heartbeats was enough: no entry was appended",
    },
    { do: "heal", title: "The network heals, and the client asks a follower" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 10 },
    { do: "read", way: "readIndex", to: "follower 1" },
    { do: "runUntil", until: { is: "read", answered: true, value: valueAfter(options.value, 1) }, within: 10 },
  ],
  shows: [
    "A majority that answers a heartbeat had not gone over to a later leader until then. So whatever was committed " +
    "before the read was asked for is at the index that the leader noted, or before it. (For that the leader must first commit an " +
    "entry of its own term, §6.4.)",
    "A follower may answer, too: it asks the leader for the index, and waits until it has applied it.",
  ],
  sequel: leaseRead,
};
