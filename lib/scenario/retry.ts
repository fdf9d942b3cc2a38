/**
 * A client that gets no answer, and asks again: without sessions, and with them (thesis §6.3).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";

/** A write is applied, its answer is lost, another client reads it and writes, and the first one tries again. */
const retried = ({ key, value }: ScenarioOptions, sessions: boolean): readonly Step[] => [
  ...ALL_IS_WELL,
  {
    do: "loseAnswer",
    client: 1,
    count: 1,
    title: "Client 1 writes, and the answer to it is lost",
  },
  {
    do: "request",
    client: 1,
    to: "leader",
    sessions,
    timeout: 12,
    command: { kind: "Put", key, value: valueAfter(value, 1) },
  },
  { do: "runUntil", until: { is: "value", nodes: "all", value: valueAfter(value, 1) } },
  {
    do: "expect",
    that: { is: "request", client: 1, answered: false },
    text: "every store has the write, and the client does not know",
  },
  {
    do: "request",
    client: 2,
    to: "leader",
    sessions,
    command: { kind: "Get", key },
    title: `Client 2 reads ${key}, and writes another value; then client 1 tries again`,
  },
  { do: "runUntil", until: { is: "request", client: 2, answered: true } },
  {
    do: "request",
    client: 2,
    to: "leader",
    sessions,
    command: { kind: "Put", key, value: valueAfter(value, 2) },
  },
  { do: "runUntil", until: { is: "value", nodes: "all", value: valueAfter(value, 2) }, within: 8 },
  { do: "runUntil", until: { is: "request", client: 1, answered: true } },
  {
    do: "request",
    client: 2,
    to: "leader",
    sessions,
    command: { kind: "Get", key },
    title: `Client 2 reads ${key} again`,
  },
  { do: "runUntil", until: { is: "request", client: 2, answered: true } },
  { do: "runUntil", until: { is: "agreed" } },
  { do: "run", ticks: 3 },
];

/** A request that is known again is answered, and not applied again. */
export const retryOnce: Scenario = {
  name: "retry-once",
  summary: "the same with sessions: it is applied once",
  premise: [
    "The same, but now each entry says whose request it is, and which. A request that is sent again keeps its number. The store " +
    "remembers, for every client, the last request that it has applied, and the answer.",
  ],
  finding: "With sessions the repeated request is answered from memory, and changes no store",
  chart: "operations",
  steps: (options) => [
    ...retried(options, true),
    {
      do: "expect",
      that: { is: "value", nodes: "all", value: valueAfter(options.value, 2) },
      text: `${options.key} is still what client 2 wrote: the repeated request has changed nothing`,
    },
    {
      do: "expect",
      that: { is: "request", client: 2, answered: true, value: valueAfter(options.value, 2) },
      text: "client 2 reads what it has written",
    },
    {
      do: "expect",
      that: { is: "request", client: 1, answered: true },
      text: "client 1 has its answer",
    },
  ],
  shows: [
    "The repeated request is an entry like any other. What it does is decided by the store when it is applied, on every node alike, " +
    "for the memory of requests is a part of the store. So it is in snapshots, too.",
    "A client has one request under way at a time, so the store need remember only the last one of each. A real store must also " +
    "forget clients that do not come back.",
  ],
};

/** The write was applied; only the answer was lost. */
export const retry: Scenario = {
  name: "retry",
  summary: "a write is sent again: applied twice, or once by session",
  premise: [
    "A client's write is committed and applied, and the answer to it is lost. A second client reads it, and writes another value. " +
    "Then the first one, which has heard nothing for 12 ticks, tries again. First without sessions: no entry says whose request it is.",
  ],
  finding: "Without sessions the write whose answer was lost is applied twice, and the other client's value is gone",
  chart: "operations",
  steps: (options) => [
    ...retried(options, false),
    {
      do: "expect",
      that: { is: "value", nodes: "all", value: valueAfter(options.value, 1) },
      text: `the same write was applied again: ${options.key} was ${valueAfter(options.value, 2)}, and is ${
        valueAfter(options.value, 1)
      } once more`,
    },
    {
      do: "expect",
      that: { is: "request", client: 2, answered: true, value: valueAfter(options.value, 1) },
      text: "client 2 does not read what it has written",
    },
  ],
  shows: [
    "A client that gets no answer cannot know whether its write was done, is still to be done, or never will be. So it must ask again.",
    "To Raft, two entries that ask for the same are two entries. Every node applies both, so the nodes agree, and the second " +
    "client's write is gone, though it was told that it is done. It has read the first one's value, overwritten it, and reads it " +
    "again: no single moment for each request explains what it has seen.",
  ],
  next: [
    "deno task demo retry --nodes 5",
    "deno task demo drop-leader               a leader that falls silent, and a client's write that waits",
  ],
  sequel: retryOnce,
};
