/**
 * What a deposed leader's store still answers (paper §8).
 *
 * @module
 */
import { deposed, readIndexRead, refuseReads } from "./read_ways.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** A read from a store can be stale; a read through the log cannot. */
export const staleRead: Scenario = {
  name: "stale-read",
  summary: "four ways to read, and where an answer can be stale",
  premise: [
    "The leader is cut off with the smaller side, and goes on believing that it leads. The larger side elects another leader " +
    "and commits a write. Then clients read, in four ways, one after the other.",
    'First "store": a node answers from its store, and asks nobody. Then "log": a Get is appended, replicated and committed like a ' +
    'Put. "readIndex" and "lease" follow.',
  ],
  nodes: 5,
  finding: "The deposed leader applies nothing more, so its store keeps the old value while the others go on",
  chart: "timeline",
  refuse: refuseReads,
  steps: (options) => [
    ...deposed(options),
    {
      do: "expect",
      that: { is: "role", nodes: "old leader", role: "leader" },
      title: 'A client reads from stores ("store")',
    },
    { do: "read", way: "store", to: "new leader" },
    {
      do: "expect",
      that: { is: "read", answered: true, value: valueAfter(options.value, 1) },
      text: `the new leader's store answers ${options.key} = ${valueAfter(options.value, 1)}`,
    },
    { do: "read", way: "store", to: "old leader" },
    {
      do: "expect",
      that: { is: "read", answered: true },
      text: `the old leader's store answers ${options.key} = ${options.value}, which is stale`,
    },
    { do: "mark", as: "the Get", title: 'A client reads through the log of the old leader ("log")' },
    { do: "propose", to: "old leader", command: { kind: "Get", key: options.key } },
    { do: "run", ticks: 20 },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "the minority", what: "commit", since: "the Get" },
      text: "the Get is not committed, so there is no answer: better none than a wrong one",
    },
    { do: "propose", to: "new leader", command: { kind: "Get", key: options.key }, title: "It asks the new leader" },
    { do: "runUntil", until: { is: "agreed", nodes: "the majority" } },
    {
      do: "expect",
      that: { is: "grown", nodes: "the majority", what: "applied", since: "the Get" },
      text: "the Get is applied, behind the write",
    },
    { do: "heal", title: "The network heals" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(options.value, 1) } },
  ],
  shows: [
    "A leader's store holds what is committed as far as it knows. Whether it still leads it cannot know without asking others.",
    "A Get through the log is answered when it is applied: a majority was asked, and every write committed before it is there.",
    "There are cheaper ways than an entry for each read (thesis §6.4): a round of heartbeats before the answer, or a lease.",
  ],
  next: [
    "deno task demo stale-read --nodes 3     the old leader is alone",
    "deno task demo minority-partition       when clients write on both sides",
  ],
  sequel: readIndexRead,
};
