import { deepStrictEqual } from "node:assert/strict";
import { problems } from "./schema_cases.ts";

const ACTIONS =
  "name, mark, run, runUntil, propose, crashAfter, fixTimeout, compact, delay, partition, heal, campaign, stop, restart, " +
  "pauseClock, resumeClock, cut, hold, mend, dropMessages, holdMessages, releaseMessages, duplicateMessages, dropNext, expect";
const TYPES =
  "RequestVote, RequestVoteResponse, Append, AppendResponse, Heartbeat, HeartbeatResponse, Snapshot, Propose";
const TICKS = "must be a whole number of ticks from 1 to 100000";
const NODES = 'must be a node (2, "leader") or a list of nodes ([2, "leader"])';
const NODE = 'must be a node (2, "leader")';
const WORDS = "known here: all, leader, followers";
const BOUNDS = "must have either equals, or atLeast, or atMost, or the last two";
const ONLY_3 = "is node 9, and there are only 3";

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
  [[{ do: "stop", nodes: [1, [2]] }], `steps[0].nodes[1] ${NODE}`],
  [
    [{ do: "stop", nodes: ["", 9, null] }],
    `steps[0].nodes[0] ${NODE}`,
    `steps[0].nodes[2] ${NODE}`,
    `steps[0].nodes[1] ${ONLY_3}`,
  ],
  [[{ do: "stop", nodes: [] }], "steps[0].nodes must not be empty"],
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
  [[{ do: "heal", title: "" }], "steps[0].title must not be blank"],
  [[{ do: "heal", title: " \n" }], "steps[0].title must not be blank"],
  [[{ do: "expect", that: { is: "agreed" }, text: "" }], "steps[0].text must not be blank"],
  [[{ do: "expect", that: { is: "leader", by: [] } }], "steps[0].that.by must not be empty"],
  [[{ do: "expect", that: { is: "value", nodes: 1, key: "" } }], "steps[0].that.key must not be empty"],
  [
    [{ do: "cut", from: 1, to: 9, oneWay: 1 }],
    "steps[0].oneWay must be true or false",
    `steps[0].to ${ONLY_3}`,
  ],
  [[{ do: "cut", from: [], to: [] }], "steps[0].from must not be empty", "steps[0].to must not be empty"],
  [[{ do: "cut", from: 2, to: 2 }], "steps[0].to must be another node than from"],
  [[{ do: "mend", from: [2], to: [2, 2] }], "steps[0].to must be another node than from"],
  [[{ do: "delay", from: "leader", to: "leader", ticks: 2 }], "steps[0].to must be another node than from"],
  [[{ do: "dropMessages", from: "follower 1", to: "follower 1" }], "steps[0].to must be another node than from"],
  [[{ do: "cut", from: 9, to: 9 }], `steps[0].from ${ONLY_3}`, `steps[0].to ${ONLY_3}`],
  [[{ do: "cut", from: [1, 0], to: 1 }], `steps[0].from[1] ${NODE}`],
  [
    [{ do: "cut", from: 6, to: 5 }],
    "steps[0].from is node 6, and there are only 3",
    "steps[0].to is node 5, and there are only 3",
  ],
  [[{ do: "partition", groups: "all" }], "steps[0].groups must be a list of groups of nodes"],
  [[{ do: "partition", groups: [] }], "steps[0].groups must be two groups or more"],
  [
    [{ do: "partition", groups: [[1, 9]] }],
    `steps[0].groups[0][1] ${ONLY_3}`,
    "steps[0].groups must be two groups or more",
  ],
  [[{ do: "partition", groups: [1, []] }], "steps[0].groups[1] must not be empty"],
  [[{ do: "partition", groups: [[1, 2], [2, 3]] }], "steps[0].groups[1][0] is in another group too, as node 2"],
  [
    [{ do: "partition", groups: ["leader", "followers", ["leader", "follower 1"]] }],
    'steps[0].groups[2][0] is in another group too, as "leader"',
    'steps[0].groups[2][1] is in another group too, as "followers"',
  ],
  [
    [{ do: "partition", groups: [9, [9, 0]] }],
    `steps[0].groups[1][1] ${NODE}`,
    `steps[0].groups[0] ${ONLY_3}`,
    `steps[0].groups[1][0] ${ONLY_3}`,
  ],
  [
    [{ do: "partition", groups: [1, ["all", 2]] }],
    'steps[0].groups[1][0] is "all", which leaves nobody for another group',
  ],
  [
    [{ do: "fixTimeout", nodes: 1, ticks: 9 }],
    "steps[0].ticks must be from 10 to 19, as every timeout is if electionTick is 10",
  ],
  [
    [{ do: "fixTimeout", nodes: 1, ticks: 20 }],
    "steps[0].ticks must be from 10 to 19, as every timeout is if electionTick is 10",
  ],
  [[{ do: "fixTimeout", nodes: 9, ticks: 0 }], `steps[0].ticks ${TICKS}`, `steps[0].nodes ${ONLY_3}`],
  [[{ do: "propose", to: [1, 2] }], "steps[0].to must be one node"],
  [[{ do: "propose", to: "all" }], "steps[0].to must be one node"],
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
    [{ do: "expect", that: { is: "number", nodes: 9, what: "age", title: 1 } }],
    "steps[0].that.what must be term, commit, applied or lastIndex",
    "steps[0].that has title, which means nothing here",
    `steps[0].that.nodes ${ONLY_3}`,
    `steps[0].that ${BOUNDS}`,
  ],
  [
    [{ do: "expect", that: { is: "number", nodes: 1, what: "term", equals: 3, atMost: 2 } }],
    `steps[0].that ${BOUNDS}`,
  ],
  [
    [{ do: "mark", as: "then" }, { do: "expect", that: { is: "grown", nodes: 9, what: "age", since: "then" } }],
    "steps[1].that.what must be term, commit, applied or lastIndex",
    `steps[1].that.nodes ${ONLY_3}`,
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
    "setting.heartbeatTick must be less than electionTick, which is 10 unless it is said",
    "steps[0].nodes is node 5, and there are only 4",
    "steps[3].nodes is follower 4, and there are only 3",
  ]);
});

Deno.test("what is wrong with a step, or with the setting, hides nothing else that is wrong with it", () => {
  const steps = [
    { do: "mark", as: "start" },
    { do: "cut", from: 9, too: 2, title: "" },
    { do: "expect", that: { is: "grown", nodes: 7, what: "age", since: "q" } },
    { do: "partition", groups: ["a", ["b", 0]] },
    { do: "fly", nodes: 8, from: "c", until: { is: "leader", by: "d" } },
    { do: "fixTimeout", nodes: { id: 1 }, ticks: 30 },
  ];
  const setting = { latency: 0, electionTick: 3, logs: [[1], [1], [2, 1, 0], [1]] };
  const set = "that no step before has set";
  deepStrictEqual(problems({ name: "mine", setting, steps }), [
    "setting.latency must be a whole number from 1",
    "setting.logs[2][2] must be a whole number from 1",
    "steps[1].title must not be blank",
    "steps[1].to is missing",
    "steps[1] has too, which means nothing here",
    "steps[2].that.what must be term, commit, applied or lastIndex",
    `steps[3].groups[1][1] ${NODE}`,
    `steps[4].do must be one of ${ACTIONS}`,
    `steps[5].nodes ${NODES}`,
    "setting.electionTick must be greater than heartbeatTick, which is 3 unless it is said",
    "setting.logs[2] must be terms that never become less",
    "setting.logs must be no more than there are nodes: 4 logs for 3 nodes",
    `steps[1].from ${ONLY_3}`,
    "steps[2].that.nodes is node 7, and there are only 3",
    `steps[2].that.since is "q", a mark ${set}; known here: start`,
    `steps[3].groups[0] is "a", a name ${set}; ${WORDS}`,
    `steps[3].groups[1][0] is "b", a name ${set}; ${WORDS}`,
    "steps[4].nodes is node 8, and there are only 3",
    `steps[4].from is "c", a name ${set}; ${WORDS}`,
    `steps[4].until.by is "d", a name ${set}; ${WORDS}`,
  ]);
});

Deno.test("what only follows from another mistake is not told as well", () => {
  const later = [{ do: "stop", nodes: "bob" }, {
    do: "expect",
    that: { is: "grown", nodes: 1, what: "term", since: "then" },
  }];
  const named = [{ do: "name", as: "1 bob" }, { do: "name", is: "bob" }, { do: "mark", as: 7 }, ...later];
  deepStrictEqual(problems({ name: "mine", steps: named }), [
    "steps[0].as must begin with a letter",
    "steps[1].as is missing",
    "steps[1] has is, which means nothing here",
    "steps[2].as must be text",
  ]);
  const unknown = [{ do: "nmae", as: "bob" }, { do: "makr", as: "then" }, ...later];
  deepStrictEqual(problems({ name: "mine", steps: unknown }).map((line) => line.split(" ")[0]), [
    "steps[0].do",
    "steps[1].do",
  ]);
  const extra = [{ do: "heal", nodes: 9, from: 1, to: 1, until: { is: "leader", by: 9 } }];
  deepStrictEqual(problems({ name: "mine", steps: extra }), [
    "steps[0] has nodes and from and to and until, which mean nothing here",
  ]);
  const timeout = [{ do: "fixTimeout", nodes: 1, ticks: 5 }];
  for (
    const [setting, says] of [
      [{ electionTick: "five" }, "setting.electionTick must be a whole number from 1"],
      [{ electionTick: 3 }, "setting.electionTick must be greater than heartbeatTick, which is 3 unless it is said"],
      [{ heartbeatTick: 0, electionTick: 4 }, "setting.heartbeatTick must be a whole number from 1"],
      [5, "setting must be an object"],
    ]
  ) deepStrictEqual(problems({ name: "mine", setting, steps: timeout }), [says]);
});

Deno.test("a timeout, a receiver and groups are checked against the cluster that the setting makes", () => {
  const fix = (ticks: number | null) => [{ do: "fixTimeout", nodes: 1, ticks }];
  const setting = { electionTick: 20 };
  for (const ticks of [20, 39, null]) deepStrictEqual(problems({ name: "mine", setting, steps: fix(ticks) }), []);
  for (const ticks of [19, 40]) {
    const says = "steps[0].ticks must be from 20 to 39, as every timeout is if electionTick is 20";
    deepStrictEqual(problems({ name: "mine", setting, steps: fix(ticks) }), [says]);
  }
  const fine = [
    { do: "propose", to: [2, 2] },
    { do: "partition", groups: ["leader", "followers"] },
    { do: "partition", groups: [[1, 1], 2, "follower 2"] },
    { do: "cut", from: "followers", to: "followers" },
    { do: "cut", from: "all", to: "all" },
    { do: "cut", from: 1, to: [1, 2] },
  ];
  deepStrictEqual(problems({ name: "mine", steps: fine }), []);
  deepStrictEqual(problems({ name: "mine", nodes: 1, steps: [{ do: "propose", to: "all" }] }), []);
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
