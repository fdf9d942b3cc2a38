/**
 * A client that gets no answer, and asks again (paper §8).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** The write was committed; only the answer was lost. */
export const clientRetry: Scenario = {
  name: "client-retry",
  summary: "a write without an answer is sent again, and applied twice",
  premise: [
    "A leader replicates a write, hears no acknowledgement, and crashes: its client gets no answer. The next leader commits the " +
    "write all the same. A second client writes, and then the first one tries again.",
  ],
  finding: "The next leader commits the write of the one that crashed, whose client was told nothing",
  chart: "timeline",
  refuse: ({ nodes }) => nodes < 3 ? `the rest must be able to go on; take 3 or more nodes, not ${nodes}` : null,
  steps: ({ key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "old leader", nodes: "leader", title: "The leader replicates a write, and crashes" },
    { do: "name", as: "the others", except: "old leader" },
    { do: "mark", as: "the write" },
    { do: "cut", from: "the others", to: "old leader", oneWay: true },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "run", ticks: 2 },
    { do: "stop", nodes: "old leader" },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "old leader", what: "commit", since: "the write" },
      text: "it had not committed the write: its client is told nothing",
    },
    { do: "heal" },
    { do: "runUntil", until: { is: "leader", by: "the others" } },
    { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
    {
      do: "expect",
      that: { is: "value", nodes: "the others", value: valueAfter(value, 1) },
      text: "the new leader has committed it with its empty entry: no answer does not mean not done",
    },
    {
      do: "propose",
      command: { kind: "Put", key, value: valueAfter(value, 2) },
      title: "A second client writes, and the first one tries again",
    },
    { do: "runUntil", until: { is: "value", nodes: "the others", value: valueAfter(value, 2) } },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
    {
      do: "expect",
      that: { is: "value", nodes: "the others", value: valueAfter(value, 1) },
      text: `the same write is applied again: ${key} was ${valueAfter(value, 2)}, and is ${
        valueAfter(value, 1)
      } once more`,
    },
    { do: "restart", nodes: "old leader", title: "The old leader is back" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 1) } },
  ],
  shows: [
    "A client that gets no answer cannot know whether its write was done, is still to be done, or never will be.",
    "To Raft, two entries that ask for the same are two entries. Every node applies both, so the nodes agree, and the second " +
    "client's write is gone.",
    "What helps is above Raft: the client numbers its requests, and the store skips a number that it has applied (paper §8). " +
    "The store of this library does not.",
  ],
  next: [
    "deno task demo client-retry --nodes 5",
    "deno task demo minority-partition       an entry that is replaced, and never done",
  ],
};
