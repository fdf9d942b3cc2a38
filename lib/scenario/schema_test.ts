import { deepStrictEqual } from "node:assert/strict";
import { problems } from "./schema_cases.ts";

const ACTIONS =
  "name, mark, run, runUntil, propose, crashAfter, fixTimeout, compact, delay, partition, heal, campaign, stop, restart, " +
  "mute, unmute, cut, hold, mend, dropMessages, holdMessages, releaseMessages, duplicateMessages, dropNext, expect";
const TYPES =
  "RequestVote, RequestVoteResponse, Append, AppendResponse, Heartbeat, HeartbeatResponse, Snapshot, Propose";
const TICKS = "must be a whole number of ticks from 1 to 100000";
const NODES = 'must be a node (2, "leader") or a list of nodes ([2, "leader"])';
const WORDS = "known here: all, leader, followers";

/** Steps that are none, in a cluster of three, and what is said of them. */
const BAD_STEPS: [steps: unknown, ...problems: string[]][] = [
  [{}, "steps must be a list of steps"],
  [[], "steps must not be empty"],
  [["heal"], 'steps[0] must be an object, such as {"do": "heal"}'],
  [[null], 'steps[0] must be an object, such as {"do": "heal"}'],
  [[{}], `steps[0].do must be one of ${ACTIONS}`],
  [[{ do: "fly" }], `steps[0].do must be one of ${ACTIONS}`],
  [[{ do: "heal", nodes: 1 }], "steps[0] has nodes, which means nothing here"],
  [[{ do: "heal", x: 1, y: 2 }], "steps[0] has x and y, which mean nothing here"],
  [[{ do: "heal", title: 7 }], "steps[0].title must be text"],
  [[{ do: "run" }], "steps[0].ticks is missing"],
  [[{ do: "run", ticks: 0 }], `steps[0].ticks ${TICKS}`],
  [[{ do: "run", ticks: 1.5 }], `steps[0].ticks ${TICKS}`],
  [[{ do: "run", ticks: 1e9 }], `steps[0].ticks ${TICKS}`],
  [[{ do: "run", ticks: 1e300 }], `steps[0].ticks ${TICKS}`],
  [[{ do: "run", ticks: "9" }], `steps[0].ticks ${TICKS}`],
  [[{ do: "fixTimeout", nodes: 1 }], "steps[0].ticks is missing"],
  [[{ do: "stop" }], "steps[0].nodes is missing"],
  [[{ do: "stop", nodes: null }], `steps[0].nodes ${NODES}`],
  [[{ do: "stop", nodes: "" }], `steps[0].nodes ${NODES}`],
  [[{ do: "stop", nodes: 0 }], `steps[0].nodes ${NODES}`],
  [[{ do: "stop", nodes: [1, [2]] }], `steps[0].nodes ${NODES}`],
  [[{ do: "stop", nodes: 4 }], "steps[0].nodes is node 4, and there are only 3"],
  [[{ do: "stop", nodes: [1, 99] }], "steps[0].nodes[1] is node 99, and there are only 3"],
  [[{ do: "stop", nodes: "follower 3" }], "steps[0].nodes is follower 3, and there are only 2"],
  [[{ do: "stop", nodes: "bob" }], `steps[0].nodes is "bob", a name that no step before has set; ${WORDS}`],
  [
    [{ do: "name", as: "ann" }, { do: "stop", nodes: "bob" }, { do: "name", as: "bob" }, { do: "stop", nodes: "bob" }],
    `steps[1].nodes is "bob", a name that no step before has set; ${WORDS}, ann`,
  ],
  [
    [{ do: "name", as: "bob", except: "bob" }],
    `steps[0].except is "bob", a name that no step before has set; ${WORDS}`,
  ],
  [[{ do: "name", as: "1st" }], "steps[0].as must begin with a letter"],
  [[{ do: "name", as: "leader" }], 'steps[0].as is "leader", which has a meaning already'],
  [[{ do: "name", as: "follower 2" }], 'steps[0].as is "follower 2", which has a meaning already'],
  [[{ do: "cut", from: 1, to: 5, oneWay: 1 }], "steps[0].oneWay must be true or false"],
  [
    [{ do: "cut", from: 6, to: 5 }],
    "steps[0].from is node 6, and there are only 3",
    "steps[0].to is node 5, and there are only 3",
  ],
  [[{ do: "partition", groups: "all" }], "steps[0].groups must be a list of groups of nodes"],
  [[{ do: "partition", groups: [1, [2, 4]] }], "steps[0].groups[1][1] is node 4, and there are only 3"],
  [[{ do: "dropMessages", type: "Vote" }], `steps[0].type must be one of ${TYPES}`],
  [[{ do: "dropNext" }], "steps[0].count is missing"],
  [[{ do: "dropNext", count: -1 }], "steps[0].count must be a whole number from 0"],
  [[{ do: "propose", command: "x = 1" }], 'steps[0].command must be an object, such as {"kind": "Get", "key": "x"}'],
  [[{ do: "propose", command: { kind: "Set" } }], "steps[0].command.kind must be Put, Delete or Get"],
  [
    [{ do: "propose", command: { kind: "Put", key: "" } }],
    "steps[0].command.key must not be empty",
    "steps[0].command.value is missing",
  ],
  [[{ do: "expect" }], "steps[0].that is missing"],
  [[{ do: "expect", that: "leader" }], 'steps[0].that must be an object, such as {"is": "leader"}'],
  [
    [{ do: "runUntil", until: { is: "led" } }],
    "steps[0].until.is must be leader, leaders, role, number, unchanged, grown, value, log or agreed",
  ],
  [
    [{ do: "expect", that: { is: "role", nodes: 1, role: "king" } }],
    "steps[0].that.role must be follower, candidate or leader",
  ],
  [
    [{ do: "expect", that: { is: "number", nodes: 4, what: "term" } }],
    "steps[0].that must have either equals, or atLeast, or atMost, or the last two",
  ],
  [
    [{ do: "expect", that: { is: "number", nodes: 1, what: "term", equals: 3, atMost: 2 } }],
    "steps[0].that must have either equals, or atLeast, or atMost, or the last two",
  ],
  [
    [{ do: "mark", as: "then" }, { do: "expect", that: { is: "grown", nodes: 4, what: "age", since: "then" } }],
    "steps[1].that.what must be term, commit, applied or lastIndex",
  ],
  [
    [{ do: "expect", that: { is: "grown", nodes: 4, what: "term", since: "then" } }, { do: "mark", as: "then" }],
    "steps[0].that.nodes is node 4, and there are only 3",
    'steps[0].that.since is "then", a mark that no step before has set; there is none yet',
  ],
  [
    [{ do: "name", as: "bob", nodes: 1.5 }, { do: "run", ticks: 0 }, { do: "stop", nodes: ["bob", 7] }],
    `steps[0].nodes ${NODES}`,
    `steps[1].ticks ${TICKS}`,
    "steps[2].nodes[1] is node 7, and there are only 3",
  ],
];

for (const [steps, ...expected] of BAD_STEPS) {
  Deno.test(`the steps ${JSON.stringify(steps)} are refused: ${expected.join("; ").slice(0, 60)}`, () => {
    deepStrictEqual(problems({ name: "mine", steps }), expected);
  });
}

Deno.test("everything that is wrong is named, whatever kind of thing it is", () => {
  const data = {
    name: "Mine!",
    nodes: 4,
    colour: "red",
    setting: { heartbeatTick: 10 },
    steps: [{ do: "stop", nodes: 5 }, { do: "fly" }, { do: "run" }, { do: "stop", nodes: "follower 4" }],
  };
  deepStrictEqual(problems(data), [
    "name must be words of small letters and digits, joined by hyphens",
    `steps[1].do must be one of ${ACTIONS}`,
    "steps[2].ticks is missing",
    "it has colour, which means nothing here",
    "setting makes no cluster. Cannot use electionTick = 10: it must be a whole number from 11",
    "steps[0].nodes is node 5, and there are only 4",
    "steps[3].nodes is follower 4, and there are only 3",
  ]);
});

Deno.test("ids are checked against the number of nodes it is played with, the scenario's own, or three", () => {
  const steps = [{ do: "stop", nodes: 5 }];
  deepStrictEqual(problems({ name: "mine", steps }), ["steps[0].nodes is node 5, and there are only 3"]);
  deepStrictEqual(problems({ name: "mine", nodes: 5, steps }), []);
  deepStrictEqual(problems({ name: "mine", steps }, 5), []);
  deepStrictEqual(problems({ name: "mine", nodes: 5, steps }, 4), ["steps[0].nodes is node 5, and there are only 4"]);
  const alone = [{ do: "stop", nodes: 2 }, { do: "stop", nodes: "follower 1" }];
  deepStrictEqual(problems({ name: "mine", nodes: 1, steps: alone }), [
    "steps[0].nodes is node 2, and there is only one",
    "steps[1].nodes is follower 1, and there is none",
  ]);
  deepStrictEqual(problems({ name: "mine", nodes: 2, steps: [{ do: "stop", nodes: "follower 2" }] }), [
    "steps[0].nodes is follower 2, and there is only one",
  ]);
});
