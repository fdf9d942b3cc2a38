import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { completeOptions } from "../cluster_options.ts";
import { losingDisks } from "../storage/disk.ts";
import { basic, figure7, figure8WithoutTheRule, play, readScenario, scenarios } from "./mod.ts";
import { completeScenarioOptions, stepsOf } from "./scenario.ts";

/** What is wrong with `data`, a line each. */
function problems(data: unknown, nodes?: number): string[] {
  try {
    readScenario(data, nodes === undefined ? {} : { nodes });
    return [];
  } catch (error) {
    ok(error instanceof Error && error.name === "ScenarioError", `${error}`);
    const [first, ...lines] = error.message.split("\n  ");
    strictEqual(first, "Cannot read the scenario:");
    return lines;
  }
}

const placesOf = (lines: readonly string[]) => lines.map((line) => line.split(" ")[0]);
const stepProblems = (...steps: unknown[]) => problems({ name: "mine", steps });

/** What is no scenario, and fields that spoil one. */
const BAD_DATA: [data: unknown, ...problems: string[]][] = [
  ...[null, [], "basic", 7].map((data): [unknown, string] => [data, "it must be an object"]),
  [undefined, "it is missing"],
  [{}, "name is missing", "steps is missing"],
  [{ name: 7, steps: 7 }, "name must be text", "steps must be a list"],
  [{ name: "mine", steps: [] }, "steps must not be empty"],
];
/** Data that JavaScript can make no number and no text of. */
const NO_NUMBER = { toString: 1, valueOf: 1 };
const NODES = "nodes must be a whole number from 1 to 9";
const BAD_FIELDS: [fields: Record<string, unknown>, ...problems: string[]][] = [
  [{ name: "My Story" }, "name must be words of small letters and digits, joined by hyphens"],
  [{ colour: "red" }, "it has colour, which means nothing here"],
  [{ refuse: null, sequel: {} }, "it has refuse and sequel, which mean nothing here"],
  [{ summary: null, premise: "One." }, "summary must be text", "premise must be a list"],
  [
    { summary: "", premise: [""], shows: ["One.", "\t"] },
    "summary must not be blank",
    "premise[0] must not be blank",
    "shows[1] must not be blank",
  ],
  [{ shows: ["One.", 2], next: [null] }, "shows[1] must be text", "next[0] must be text"],
  [
    { chart: "pie", disks: "paper" },
    "disks must be memory or files",
    "chart must be timeline, roleLanes, termStaircase, logStages or operations",
  ],
  ...[0, 10, 2.5, "3"].map((nodes): [Record<string, unknown>, string] => [{ nodes }, NODES]),
  [{ nodes: 12, steps: [{ do: "stop", nodes: 9 }] }, NODES],
  [{ setting: 5 }, "setting must be an object"],
  [{ setting: { seed: 5 } }, "setting has seed, which means nothing here"],
  [
    { setting: { latency: 0, maxSizePerMsg: -1 } },
    "setting.latency must be a whole number of ticks from 1 to 1000000",
    "setting.maxSizePerMsg must be a whole number from 0",
  ],
  [
    { setting: { readOnlyOption: "leaseBased" } },
    "setting.readOnlyOption must be safe without checkQuorum, for there is no lease",
  ],
  [
    { setting: { electionTick: "ten", maxInflightMsgs: 0.5 } },
    "setting.electionTick must be a whole number of ticks from 1 to 1000000",
    "setting.maxInflightMsgs must be a whole number from 1",
  ],
  [{ setting: { electionTick: 5, heartbeatTick: 5 } }, "setting.electionTick must be greater than heartbeatTick (5)"],
  [
    { setting: { latency: undefined, electionTick: 3 } },
    "setting.latency is missing",
    "setting.electionTick must be greater than heartbeatTick (3)",
  ],
  [
    { setting: { heartbeatTick: NO_NUMBER } },
    "setting.heartbeatTick must be a whole number of ticks from 1 to 1000000",
  ],
  [{ setting: { heartbeatTick: 10 } }, "setting.heartbeatTick must be less than electionTick (10)"],
  [
    { setting: { logs: [[1]] }, disks: "files" },
    "disks must be memory, where setting.logs are kept, or those must be left out",
  ],
  [{ nodes: 1, setting: { logs: [[1], []] } }, "setting.logs must be at most 1, one a node"],
  [{ setting: { logs: 1 } }, "setting.logs must be a list"],
  [{ nodes: 2, setting: { spares: 2 } }, "setting.spares must be fewer than the nodes, which are 2"],
  [{ setting: { spares: 9 } }, "setting.spares must be a whole number from 0 to 8"],
  [{ setting: { spares: 1, logs: [[1], [1], [1]] } }, "setting.logs must be at most 2, one a node"],
  [{ setting: { electionTick: 2 ** 52 } }, "setting.electionTick must be a whole number of ticks from 1 to 1000000"],
  [{ setting: { logs: [[2 ** 53 - 1]] } }, `setting.logs[0][0] must be a whole number from 1 to ${2 ** 51}`],
  [
    { setting: { logs: [[1, 2], [2, 2], [2, 2]] } },
    "setting.logs must have one leader per term: term 2 begins at index 2 after term 1 on node 1, but at index 1 on node 2",
  ],
  [
    { setting: { logs: [[1], 2, [1, 0]] } },
    "setting.logs[1] must be a list",
    "setting.logs[2][1] must be a whole number from 1",
    "setting.logs[2] must be terms that never become less",
  ],
];

const spoilt = BAD_FIELDS.map(([fields, ...said]): [unknown, ...string[]] => {
  return [{ name: "mine", steps: [{ do: "heal" }], ...fields }, ...said];
});

for (const [data, ...expected] of [...BAD_DATA, ...spoilt]) {
  Deno.test(`${JSON.stringify(data)} is no scenario, and the error says why`, () => {
    deepStrictEqual(problems(data), expected);
  });
}

const ACTIONS =
  "name, mark, run, runUntil, propose, confChange, read, request, loseAnswer, transfer, crashAfter, fixTimeout, compact, delay, " +
  "partition, heal, campaign, stop, restart, pauseClock, resumeClock, cut, hold, mend, dropMessages, holdMessages, releaseMessages, " +
  "duplicateMessages, dropNext, loss or expect";
const TYPES =
  "RequestVote, RequestVoteResponse, RequestPreVote, RequestPreVoteResponse, Append, AppendResponse, Heartbeat, " +
  "HeartbeatResponse, Snapshot, Propose, TimeoutNow, TransferLeader, ReadIndex or ReadIndexResp";
const TICKS = "must be a whole number of ticks from 1 to 100000";
const NODE = 'must be a node (2, "leader")';
const NODE_OR_LIST = 'must be a node (2, "leader") or a list of nodes ([2, "leader"])';
const NOBODY = "which a cluster of 3 does not have";
const BOUNDS = "must have either equals, or atLeast, or atMost, or the last two";
const TIMEOUT = "must be from 10 to 19, as every timeout is if electionTick is 10";
const NO_BOB = 'is "bob", a name that no step before has set; known here: all, leader, followers';
const OTHER = "must be another node than from";
const QUANTITIES = "must be term, commit, applied, firstIndex or lastIndex";

/** Steps that are none in a cluster of three, and what is said of them: where, as seen from the step, and what. */
const BAD_STEPS: [step: unknown, ...problems: string[]][] = [
  ["heal", " must be an object"],
  [{}, `.do must be ${ACTIONS}`],
  [{ do: "fly", nodes: 4 }, `.do must be ${ACTIONS}`, `.nodes is node 4, ${NOBODY}`],
  [{ do: "heal", nodes: 1 }, " has nodes, which means nothing here"],
  [
    { do: "heal", x: 1, nodes: [9], until: { is: "leader", by: 9 } },
    " has x, nodes and until, which mean nothing here",
  ],
  [{ do: "heal", title: " \n" }, ".title must not be blank"],
  [{ do: "run" }, ".ticks is missing"],
  ...[0, 1.5, 1e9, 1e300, "9"].map((ticks): [unknown, string] => [{ do: "run", ticks }, `.ticks ${TICKS}`]),
  [{ do: "stop" }, ".nodes is missing"],
  ...[null, "", 0].map((nodes): [unknown, string] => [{ do: "stop", nodes }, `.nodes ${NODE_OR_LIST}`]),
  [{ do: "stop", nodes: ["", 9, [2]] }, `.nodes[0] ${NODE}`, `.nodes[1] is node 9, ${NOBODY}`, `.nodes[2] ${NODE}`],
  [{ do: "stop", nodes: [] }, ".nodes must not be empty"],
  [{ do: "stop", nodes: NO_NUMBER }, `.nodes ${NODE_OR_LIST}`],
  [{ do: "stop", nodes: "follower 3" }, `.nodes is "follower 3", ${NOBODY}`],
  [{ do: "stop", nodes: "bob" }, `.nodes ${NO_BOB}`],
  [{ do: "name", as: "leader", except: "bob" }, `.except ${NO_BOB}`, '.as is "leader", which has a meaning already'],
  [{ do: "name", as: "follower 2" }, '.as is "follower 2", which has a meaning already'],
  [{ do: "cut", from: 1, to: 9, oneWay: 1 }, ".oneWay must be true or false", `.to is node 9, ${NOBODY}`],
  [{ do: "cut", from: [], to: [] }, ".from must not be empty", ".to must not be empty"],
  [{ do: "cut", from: 2, to: 2 }, `.to ${OTHER}`],
  [{ do: "delay", from: "leader", to: "leader", ticks: 2 }, `.to ${OTHER}`],
  [{ do: "dropMessages", from: "follower 1", to: "follower 1" }, `.to ${OTHER}`],
  [{ do: "cut", from: 9, to: 9 }, `.from is node 9, ${NOBODY}`, `.to is node 9, ${NOBODY}`],
  [{ do: "cut", from: [1, 0], to: 1 }, `.from[1] ${NODE}`],
  [{ do: "partition", groups: "all" }, ".groups must be a list"],
  [{ do: "partition", groups: [[1, 9]] }, `.groups[0][1] is node 9, ${NOBODY}`, ".groups must be two groups or more"],
  [{ do: "partition", groups: [1, []] }, ".groups[1] must not be empty"],
  [{ do: "partition", groups: [[1, 2], [2, 3]] }, ".groups[1][0] is in another group too, as node 2"],
  [
    { do: "partition", groups: ["leader", "followers", ["leader", "follower 1"]] },
    '.groups[2][0] is in another group too, as "leader"',
    '.groups[2][1] is in another group too, as "followers"',
  ],
  [
    { do: "partition", groups: [9, [9, 0]] },
    `.groups[0] is node 9, ${NOBODY}`,
    `.groups[1][0] is node 9, ${NOBODY}`,
    `.groups[1][1] ${NODE}`,
  ],
  [{ do: "partition", groups: [1, ["all", 2]] }, '.groups[1][0] is "all", which leaves nobody for another group'],
  [{ do: "fixTimeout", nodes: 9, ticks: 0 }, `.ticks ${TICKS}`, `.nodes is node 9, ${NOBODY}`],
  [{ do: "fixTimeout", nodes: 1, ticks: 9 }, `.ticks ${TIMEOUT}`],
  [{ do: "crashAfter", nodes: 1, step: 8 }, ".step must be 1, 2, 3, 4, 5, 6 or 7"],
  [{ do: "propose", to: [1, 2] }, ".to must be one node"],
  [{ do: "confChange", to: [1, 2], addVoters: 9 }, ".to must be one node", `.addVoters is node 9, ${NOBODY}`],
  [
    { do: "request", client: 0, to: [1, 2], command: { kind: "Get", key: "x" }, way: "lease", timeout: 0 },
    ".client must be a whole number from 1 to 9",
    `.timeout ${TICKS}`,
    ".to must be one node",
    ".way must not be lease: setting.readOnlyOption is not leaseBased",
  ],
  [{ do: "request" }, ".client is missing"],
  [{ do: "request", client: 10 }, ".client must be a whole number from 1 to 9"],
  [{ do: "request", client: 1, way: "store" }, " must have the way log, or none, if it writes"],
  [
    { do: "request", client: 1, command: { kind: "Put", key: "x", value: "1" }, way: "readIndex" },
    " must have the way log, or none, if it writes",
  ],
  [
    { do: "request", client: 1, command: { kind: "Get", key: "" }, way: "cache", sessions: 1, to: 7 },
    ".command.key must not be empty",
    ".way must be log, readIndex, lease or store",
    ".sessions must be true or false",
    `.to is node 7, ${NOBODY}`,
  ],
  [{ do: "loseAnswer", client: 1 }, ".count is missing"],
  [{ do: "loseAnswer", client: 1, count: 0 }, ".count must be a whole number from 1"],
  [{ do: "read", way: "log" }, ".way must be readIndex, lease or store"],
  [{ do: "read", way: "lease" }, ".way must not be lease: setting.readOnlyOption is not leaseBased"],
  [
    { do: "expect", that: { is: "request", client: "1" } },
    ".that.client must be a whole number from 1 to 9",
    ".that.answered is missing",
  ],
  [{ do: "confChange", remove: [] }, ".remove must not be empty"],
  [{ do: "confChange", transition: "explicit" }, " must have the transition auto, or none, if it changes no node"],
  [
    { do: "confChange", addLearners: "bob", transition: "soon" },
    `.addLearners ${NO_BOB}`,
    ".transition must be auto, implicit or explicit",
  ],
  [{ do: "expect", that: { is: "configuration", nodes: 1 } }, ".that must have voters, learners or outgoing"],
  [
    { do: "expect", that: { is: "request", client: 1, answered: false, value: "a" } },
    ".that must have no value, for there is no answer",
  ],
  [
    { do: "expect", that: { is: "configuration", voters: 4, outgoing: [0] } },
    `.that.voters is node 4, ${NOBODY}`,
    `.that.outgoing[0] ${NODE}`,
  ],
  [{ do: "propose", command: "x = 1" }, ".command must be an object"],
  [{ do: "propose", command: { kind: "Set" } }, ".command.kind must be Put, Delete or Get"],
  [{ do: "propose", command: { kind: "Put", key: "" } }, ".command.key must not be empty", ".command.value is missing"],
  [{ do: "dropMessages", type: "Vote" }, `.type must be ${TYPES}`],
  [{ do: "dropNext", count: -1 }, ".count must be a whole number from 0"],
  [{ do: "expect" }, ".that is missing"],
  [{ do: "expect", that: "leader", text: "" }, ".that must be an object", ".text must not be blank"],
  [
    { do: "runUntil", until: { is: "led", by: 9 } },
    `.until.by is node 9, ${NOBODY}`,
    ".until.is must be leader, leaders, role, number, unchanged, grown, value, log, read, request, configuration or agreed",
  ],
  [{ do: "expect", that: { is: "value", nodes: 1, key: "" } }, ".that.key must not be empty"],
  [
    { do: "expect", that: { is: "role", nodes: 1, role: "king" } },
    ".that.role must be follower, preCandidate, candidate or leader",
  ],
  [
    { do: "expect", that: { is: "number", nodes: 9, what: "age", title: 1 } },
    `.that.what ${QUANTITIES}`,
    ".that has title, which means nothing here",
    `.that ${BOUNDS}`,
    `.that.nodes is node 9, ${NOBODY}`,
  ],
  [{ do: "expect", that: { is: "number", nodes: 1, what: "term", equals: 3, atMost: 2 } }, `.that ${BOUNDS}`],
  [
    { do: "expect", that: { is: "grown", nodes: 4, what: "age", since: "then" } },
    `.that.what ${QUANTITIES}`,
    `.that.nodes is node 4, ${NOBODY}`,
    '.that.since is "then", a mark that no step before has set; there is none yet',
  ],
];

const said = (i: number, expected: readonly string[]) => expected.map((line) => `steps[${i}]${line}`);

for (const [step, ...expected] of BAD_STEPS) {
  Deno.test(`the step ${JSON.stringify(step)} is refused, with the place and the reason`, () => {
    deepStrictEqual(stepProblems(step).sort(), said(0, expected).sort());
  });
}

Deno.test("everything that is wrong is named, and nothing hides anything else", () => {
  const data = {
    name: "Mine!",
    colour: "red",
    setting: { latency: 0, electionTick: 3, logs: [[1], [1], [2, 1, 0], [1]] },
    steps: BAD_STEPS.map(([step]) => step),
  };
  deepStrictEqual(
    problems(data).sort(),
    [
      "name must be words of small letters and digits, joined by hyphens",
      "it has colour, which means nothing here",
      "setting.latency must be a whole number of ticks from 1 to 1000000",
      "setting.electionTick must be greater than heartbeatTick (3)",
      "setting.logs[2][2] must be a whole number from 1",
      "setting.logs[2] must be terms that never become less",
      "setting.logs must be at most 3, one a node",
      // With a setting that is wrong, nobody knows how long a timeout is.
      ...BAD_STEPS.flatMap(([, ...expected], i) => said(i, expected.filter((line) => !line.endsWith(TIMEOUT)))),
    ].sort(),
  );
});

Deno.test("a run that would fill the memory is refused before it starts; one that would not is played", () => {
  const rows = /^steps must leave at most 4000000 rows in the trace, and may leave \d+: /;
  const long = { do: "run", ticks: 100_000 };
  const waits = { do: "runUntil", until: { is: "leaders", count: 0 }, within: 100_000 };
  for (const steps of [Array(10).fill(long), Array(10).fill(waits), Array(60_000).fill({ do: "propose" })]) {
    const [problem, ...others] = problems({ name: "mine", nodes: 9, steps });
    deepStrictEqual([rows.test(problem), others], [true, []], problem);
  }
  deepStrictEqual(problems({ name: "mine", nodes: 9, steps: [long, { ...long, ticks: 20_000 }] }), []);
  deepStrictEqual(problems({ name: "mine", nodes: 3, steps: Array(4).fill(long) }), []);
});

Deno.test("what has passed counts for a fork", () => {
  const name = "mine";
  const run = play({ name, steps: [{ do: "run", ticks: 2000 }] });
  const steps = Array(5).fill({ do: "run", ticks: 92_000 });
  throws(() => run.fork(2000, steps), /with up to 462000 ticks of 3 nodes$/);
  deepStrictEqual(problems({ name, steps }), []);
});

Deno.test("a scenario that is nested a thousand times over is refused like any other", () => {
  const nested = JSON.parse("[".repeat(100_000) + "2" + "]".repeat(100_000));
  for (const step of [{ do: "stop", nodes: nested }, { do: "partition", groups: nested }, { do: "fly", to: nested }]) {
    ok(problems({ name: "mine", steps: [step] }).length > 0);
  }
});

Deno.test("the options of a reader are checked too", () => {
  const data = { name: "mine", steps: [{ do: "heal" }] };
  throws(() => readScenario(data, JSON.parse("null")), /options must be an object/);
  throws(() => readScenario(data, { nodes: NaN }), /options.nodes must be a whole number from 1 to 9/);
});

const BOB = { do: "stop", nodes: "bob" };
const GROWN = { do: "expect", that: { is: "grown", nodes: 1, what: "term", since: "then" } };

Deno.test("names and marks are known from the step on that sets them", () => {
  const steps = [{ do: "name", as: "ann" }, BOB, { do: "name", as: "bob" }, BOB, { do: "mark", as: "start" }];
  deepStrictEqual(stepProblems(...steps, GROWN, { do: "mark", as: "then" }), [
    `steps[1].nodes ${NO_BOB}, ann`,
    'steps[5].that.since is "then", a mark that no step before has set; known here: start',
  ]);
  deepStrictEqual(stepProblems({ do: "name", as: "bob", except: "bob" }), [`steps[0].except ${NO_BOB}`]);
});

Deno.test("what only follows from another mistake is not told as well", () => {
  const named = [{ do: "name", as: "1 bob" }, { do: "name", is: "bob" }, { do: "mark", as: 7 }, BOB, GROWN];
  deepStrictEqual(stepProblems(...named), [
    "steps[0].as must begin with a letter",
    "steps[1].as is missing",
    "steps[1] has is, which means nothing here",
    "steps[2].as must be text",
  ]);
  const unknown = [{ do: "nmae", as: "bob" }, { do: "makr", as: "then" }, BOB, GROWN];
  deepStrictEqual(placesOf(stepProblems(...unknown)), ["steps[0].do", "steps[1].do"]);
  const timeout = [{ do: "fixTimeout", nodes: 1, ticks: 5 }];
  const settings: [setting: unknown, place: string][] = [
    [{ electionTick: "five" }, "setting.electionTick"],
    [{ electionTick: 3 }, "setting.electionTick"],
    [{ heartbeatTick: 0, electionTick: 4 }, "setting.heartbeatTick"],
    [5, "setting"],
  ];
  for (const [setting, place] of settings) {
    deepStrictEqual(placesOf(problems({ name: "mine", setting, steps: timeout })), [place]);
  }
});

Deno.test("a timeout, a receiver and groups are checked against the cluster that the setting makes", () => {
  const fix = (ticks: number | null) =>
    problems({ name: "mine", setting: { electionTick: 20 }, steps: [{ do: "fixTimeout", nodes: 1, ticks }] });
  for (const ticks of [20, 39, null]) deepStrictEqual(fix(ticks), []);
  for (const ticks of [19, 40]) {
    deepStrictEqual(fix(ticks), ["steps[0].ticks must be from 20 to 39, as every timeout is if electionTick is 20"]);
  }
  const fine = [
    { do: "propose", to: [2, 2] },
    { do: "partition", groups: ["leader", "followers"] },
    { do: "partition", groups: [[1, 1], 2, "follower 2"] },
    { do: "cut", from: "followers", to: "followers" },
    { do: "cut", from: "all", to: "all" },
    { do: "cut", from: 1, to: [1, 2] },
  ];
  deepStrictEqual(stepProblems(...fine), []);
  deepStrictEqual(problems({ name: "mine", nodes: 1, steps: [{ do: "propose", to: "all" }] }), []);
});

Deno.test("ids are checked against the number of nodes it is played with, the scenario's own, or three", () => {
  const steps = [{ do: "stop", nodes: 5 }, { do: "stop", nodes: "follower 4" }];
  const isRefused = (data: Record<string, unknown>, nodes?: number) =>
    problems({ name: "mine", ...data }, nodes).length;
  deepStrictEqual([isRefused({ steps }), isRefused({ nodes: 5, steps }), isRefused({ steps }, 5)], [2, 0, 0]);
  deepStrictEqual(isRefused({ nodes: 5, steps }, 4), 2);
});

Deno.test("whatever stands in any place of a scenario, what is said of it is a sentence that a reader can use", () => {
  const odd = [null, true, 0, -1.5, 1e300, "", "x", [], [[]], {}, { do: 1 }, { is: "x" }];
  const good = { ...basic, nodes: 3, setting: { logs: [[1]] }, chart: "timeline", shows: [] };
  const steps = stepsOf(basic, completeScenarioOptions(basic, {}));
  const spoilt = odd.flatMap((value) => [
    ...Object.keys(good).map((key) => ({ ...good, [key]: value })),
    ...steps.flatMap((step, i) =>
      Object.keys(step).map((key) => ({ ...good, steps: steps.with(i, { ...step, [key]: value }) }))
    ),
  ]);
  for (const line of spoilt.flatMap((data) => problems(data))) {
    ok(/^\S+ (must|has|is) /.test(line) && !/Invalid|undefined|expected|NaN/.test(line), line);
  }
});

Deno.test("a setting of which nothing is said makes a cluster, for every value of every option", () => {
  const odd = [undefined, null, -1, 0, 0.5, 1, 3, 9, 10, 11, 1e300, "3", {}, [], [[]], [[2, 1]], [[1], [], [1], [3]]];
  const isOther = (name: string) => ["nodes", "seed", "diskOf", "onStart", "observer"].includes(name);
  const options = Object.keys(completeOptions({})).filter((name) => !isOther(name));
  const settings = options.flatMap((first) => options.map((second) => [first, second] as const))
    .flatMap(([first, second]) => odd.flatMap((a) => odd.map((b) => ({ [second]: b, [first]: a }))));
  for (const setting of settings) {
    for (const disks of ["memory", "files"]) {
      const places = placesOf(problems({ name: "mine", setting, disks, steps: [{ do: "heal" }] }));
      strictEqual(new Set(places).size, places.length, places.join());
      ok(places.every((place) => place === "disks" || /^setting\.\w/.test(place)), places.join());
      if (places.length === 0) completeOptions({ ...setting, diskOf: disks === "files" ? losingDisks() : null });
    }
  }
});

Deno.test("every built-in scenario, written as JSON, can be read, plays as the original does, and expects something", () => {
  for (const scenario of [...scenarios, figure8WithoutTheRule]) {
    const { refuse: _refuse, mutation, sequel: _sequel, ...data } = scenario;
    const steps = stepsOf(scenario, completeScenarioOptions(scenario, { seed: 5 }));
    const read = readScenario(JSON.parse(JSON.stringify({ ...data, steps })));
    deepStrictEqual(read, { ...data, steps });
    const [played, original] = [play({ ...read, mutation }, { seed: 5 }), play(scenario, { seed: 5 })];
    strictEqual(played.trace.toJsonLines(), original.trace.toJsonLines(), scenario.name);
    ok(steps.some((step) => step.do === "expect"), scenario.name);
  }
});

Deno.test("data that is nested without end is refused as well", () => {
  const nested = (open: string, close: string) => JSON.parse(`${open.repeat(20_000)}1${close.repeat(20_000)}`);
  deepStrictEqual(stepProblems({ do: "stop", nodes: nested("[", "]") }), [`steps[0].nodes[0] ${NODE}`]);
  const conditions = stepProblems({ do: "expect", that: nested('{"that":', "}") });
  deepStrictEqual(placesOf(conditions), ["steps[0].that.is"]);
});

Deno.test("what only a program can say is no part of a file", () => {
  throws(() => readScenario(figure7), {
    message: "Cannot read the scenario:\n  it has refuse, which means nothing here",
  });
});
