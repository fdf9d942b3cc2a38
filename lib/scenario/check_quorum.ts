/**
 * A leader that is cut off, without CheckQuorum and with it (thesis §6.2).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";

const refuse = ({ nodes }: ScenarioOptions) =>
  nodes < 3 ? `the rest must be able to elect another; take 3 or more nodes, not ${nodes}` : null;

const CUT_OFF: readonly Step[] = [
  ...ALL_IS_WELL,
  { do: "name", as: "old leader", nodes: "leader", title: "The leader is cut off" },
  { do: "name", as: "the others", except: "old leader" },
  { do: "mark", as: "the cut" },
  { do: "cut", from: "old leader", to: "the others" },
  { do: "runUntil", until: { is: "leader", by: "the others" } },
  { do: "run", ticks: 20 },
];

const healed = (value: string): readonly Step[] => [
  { do: "heal", title: "The links are mended" },
  { do: "runUntil", until: { is: "agreed" } },
  { do: "run", ticks: 3 },
  { do: "expect", that: { is: "leaders", count: 1 } },
  { do: "expect", that: { is: "value", nodes: "all", value }, text: "nothing is lost" },
];

/** With CheckQuorum the leader steps down. */
export const checkQuorumOn: Scenario = {
  name: "check-quorum-on",
  summary: "the same with CheckQuorum: the leader steps down",
  premise: [
    "The same with CheckQuorum. Once in an election timeout a leader looks whether a majority has been heard from since it looked " +
    "last; if not, it steps down.",
  ],
  setting: { checkQuorum: true },
  finding: "With CheckQuorum a leader that is cut off steps down within two election timeouts, and refuses writes",
  chart: "roleLanes",
  refuse,
  steps: ({ key, value }) => [
    ...CUT_OFF,
    {
      do: "expect",
      that: { is: "leaders", count: 1 },
      text: "the old leader has stepped down, though it has heard from nobody",
    },
    {
      do: "propose",
      to: "old leader",
      command: { kind: "Put", key, value: valueAfter(value, 1) },
      title: "A client asks the old leader",
    },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "old leader", what: "lastIndex", since: "the cut" },
      text: "the write is refused at once, so that its client can ask another node",
    },
    ...healed(value),
  ],
  shows: [
    "A leader that hears from no majority can commit nothing. With CheckQuorum it finds that out by itself, and says so.",
    "CheckQuorum has another half: a node that hears from its leader votes for nobody (thesis §4.2.3). Both together are the lease " +
    "on which lease-based reads rely (§6.4.1; demo stale-read).",
  ],
};

/** Without it the leader leads on, and takes writes that it cannot commit. */
export const checkQuorum: Scenario = {
  name: "check-quorum",
  summary: "a leader that is cut off leads on, or steps down",
  premise: [
    "Every link of the leader is cut, and a client goes on to ask it. First without CheckQuorum: the leader does not ask " +
    "whether anybody answers.",
  ],
  finding: "A leader that is cut off leads on, and takes a write that it can never commit",
  chart: "roleLanes",
  refuse,
  steps: ({ key, value }) => [
    ...CUT_OFF,
    { do: "expect", that: { is: "leaders", count: 2 }, text: "the old leader leads on in its term" },
    {
      do: "propose",
      to: "old leader",
      command: { kind: "Put", key, value: valueAfter(value, 1) },
      title: "A client asks the old leader",
    },
    { do: "run", ticks: 20 },
    {
      do: "expect",
      that: { is: "grown", nodes: "old leader", what: "lastIndex", since: "the cut" },
      text: "it has appended the write",
    },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "old leader", what: "commit", since: "the cut" },
      text: "and has not committed it: its client waits",
    },
    ...healed(value),
  ],
  shows: [
    "Raft stays safe: the old leader commits nothing. But while it is cut off, clients that ask it wait, and nobody tells them to ask " +
    "elsewhere.",
  ],
  next: [
    "deno task demo check-quorum --nodes 5",
    "deno task demo one-way-link              a leader that is heard, and hears nobody",
    "deno task demo stale-read                what such a leader's store still answers",
  ],
  sequel: checkQuorumOn,
};
