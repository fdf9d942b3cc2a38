/**
 * A node that was cut off comes back, without PreVote and with it (thesis §9.6).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";

const refuse = ({ nodes }: ScenarioOptions) =>
  nodes < 3 ? `the rest must be able to go on; take 3 or more nodes, not ${nodes}` : null;

/** A follower is cut off, and a write is committed meanwhile. */
const cutOff = ({ key, value }: ScenarioOptions): readonly Step[] => [
  ...ALL_IS_WELL,
  { do: "name", as: "the leader", nodes: "leader" },
  { do: "name", as: "the lonely", nodes: "follower 1", title: "A follower is cut off, and a client writes" },
  { do: "name", as: "the others", except: "the lonely" },
  { do: "mark", as: "the cut" },
  { do: "cut", from: "the lonely", to: "the others" },
  { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
  { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
  { do: "run", ticks: 60 },
  {
    do: "expect",
    that: { is: "unchanged", nodes: "the others", what: "term", since: "the cut" },
    text: "the others go on in their term",
  },
];

/** With PreVote the node asks first, and its term stays. */
export const prevoteOn: Scenario = {
  name: "prevote-on",
  summary: "the same with PreVote: the leader leads on",
  premise: ["The same with PreVote. A node whose timeout ends asks first whether a majority would vote for it."],
  setting: { preVote: true },
  finding: "With PreVote the node comes back in the term that it left, and the leader leads on",
  chart: "roleLanes",
  refuse,
  steps: (options) => [
    ...cutOff(options),
    {
      do: "expect",
      that: { is: "unchanged", nodes: "the lonely", what: "term", since: "the cut" },
      text: "the node that is cut off has taken no new term",
    },
    { do: "heal", title: "The links are mended" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 40 },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "all", what: "term", since: "the cut" },
      text: "no election was held",
    },
    { do: "expect", that: { is: "leader", by: "the leader" }, text: "the leader leads on" },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(options.value, 1) } },
  ],
  shows: [
    "A pre-vote is a question. The node that is asked gives no vote, takes no new term, and restarts no timer.",
    "A node that would not get a majority does not campaign, so its term does not grow, and it deposes nobody.",
    "If the node that comes back asks before it hears from the leader, it is refused, for its log is behind. Had nothing been " +
    "written meanwhile, the others would say yes, though their leader is alive; CheckQuorum adds the rule that whoever hears " +
    "from a leader votes for nobody.",
  ],
};

/** Without it the node comes back with a great term, and the leader must step down. */
export const prevote: Scenario = {
  name: "prevote",
  summary: "a node that comes back deposes the leader, or asks first",
  premise: [
    "A follower is cut off, and its links are mended later. First without PreVote: cut off, it campaigns again and again, " +
    "each time in a new term.",
  ],
  finding: "A node that was cut off comes back with a greater term, and deposes a leader with which nothing is wrong",
  chart: "roleLanes",
  refuse,
  steps: (options) => [
    ...cutOff(options),
    {
      do: "expect",
      that: { is: "grown", nodes: "the lonely", what: "term", since: "the cut" },
      text: "the node that is cut off has raised its term, election by election",
    },
    { do: "heal", title: "The links are mended" },
    {
      do: "runUntil",
      until: { is: "grown", nodes: "the leader", what: "term", since: "the cut" },
      within: 60,
    },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    {
      do: "expect",
      that: { is: "grown", nodes: "all", what: "term", since: "the cut" },
      text: "the greater term has deposed the leader: another election was held",
    },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(options.value, 1) }, text: "nothing is lost" },
  ],
  shows: [
    "A request for a vote of a greater term deposes a leader, even if the node that sends it cannot win.",
    "Nothing that was committed is lost. What suffers is progress: until the next leader is elected, nobody takes writes.",
  ],
  next: [
    "deno task demo prevote --nodes 5",
    "deno task demo prevote --seeds 300       how long 300 clusters are without a leader",
    "deno task demo one-way-link              a follower that disrupts for as long as it hears nobody",
  ],
  sequel: prevoteOn,
};
