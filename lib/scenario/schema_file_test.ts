import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { completeOptions } from "../cluster_options.ts";
import { losingDisks } from "../storage/disk.ts";
import { disksFor } from "./run.ts";
import { Trace } from "../trace/trace.ts";
import { basic, figure7, readScenario, scenarios } from "./mod.ts";
import { playOut } from "./perform.ts";
import { completeScenarioOptions, type Scenario, stepsOf } from "./scenario.ts";
import { problems } from "./schema_cases.ts";

const OBJECT = 'it must be an object, such as {"name": "mine", "steps": [{"do": "heal"}]}';

/** What is no scenario, and what is said of it. */
const BAD_FILES: [data: unknown, ...problems: string[]][] = [
  [null, OBJECT],
  [undefined, OBJECT],
  [[], OBJECT],
  ["basic", OBJECT],
  [7, OBJECT],
  [{}, "name is missing", "steps is missing"],
  [{ name: 7, steps: 7 }, "name must be text", "steps must be a list of steps"],
];

for (const [data, ...expected] of BAD_FILES) {
  Deno.test(`${JSON.stringify(data)} is no scenario, and the error says why`, () => {
    deepStrictEqual(problems(data), expected);
  });
}

const NODES = "must be a whole number from 1 to 9";

/** Fields that spoil a scenario, and what is said of them. */
const BAD_FIELDS: [fields: Record<string, unknown>, ...problems: string[]][] = [
  [{ name: "My Story" }, "name must be words of small letters and digits, joined by hyphens"],
  [{ colour: "red" }, "it has colour, which means nothing here"],
  [{ refuse: null, sequel: {} }, "it has refuse and sequel, which mean nothing here"],
  [{ summary: null }, "summary must be text"],
  [{ premise: "One sentence." }, "premise must be a list of sentences"],
  [{ shows: ["One.", 2] }, "shows[1] must be text"],
  [{ summary: "", finding: " " }, "summary must not be blank", "finding must not be blank"],
  [
    { premise: [""], shows: ["One.", "\t"], next: [""] },
    "premise[0] must not be blank",
    "shows[1] must not be blank",
    "next[0] must not be blank",
  ],
  [{ next: [null] }, "next[0] must be text"],
  [{ chart: "pie" }, "chart must be timeline, roleLanes or termStaircase"],
  [{ nodes: 0 }, `nodes ${NODES}`],
  [{ nodes: 10 }, `nodes ${NODES}`],
  [{ nodes: 2.5 }, `nodes ${NODES}`],
  [{ nodes: "3" }, `nodes ${NODES}`],
  [{ nodes: 12, steps: [{ do: "stop", nodes: 9 }] }, `nodes ${NODES}`],
  [{ setting: 5 }, "setting must be an object"],
  [{ setting: { seed: 5 } }, "setting has seed, which means nothing here"],
  [{ setting: { latency: 0 } }, "setting.latency must be a whole number from 1"],
  [{ setting: { maxSizePerMsg: -1 } }, "setting.maxSizePerMsg must be a whole number from 0"],
  [
    { setting: { electionTick: "ten", maxInflightMsgs: 0.5 } },
    "setting.electionTick must be a whole number from 1",
    "setting.maxInflightMsgs must be a whole number from 1",
  ],
  [
    { setting: { electionTick: 5, heartbeatTick: 5 } },
    "setting.electionTick must be greater than heartbeatTick, which is 5",
  ],
  [
    { setting: { latency: undefined, electionTick: 3 } },
    "setting.latency is missing",
    "setting.electionTick must be greater than heartbeatTick, which is 3 unless it is said",
  ],
  [
    { setting: { heartbeatTick: 10 } },
    "setting.heartbeatTick must be less than electionTick, which is 10 unless it is said",
  ],
  [
    { setting: { logs: [[1]] }, disks: "files" },
    "disks must be memory, where setting.logs are kept, or those must be left out",
  ],
  [
    { nodes: 1, setting: { logs: [[1], []] } },
    "setting.logs must be no more than there are nodes: 2 logs for one node",
  ],
  [{ setting: { logs: 1 } }, "setting.logs must be a list of logs"],
  [{ setting: { logs: [[1], 2] } }, "setting.logs[1] must be a list of terms"],
  [{ setting: { logs: [[1, 0]] } }, "setting.logs[0][1] must be a whole number from 1"],
  [{ setting: { logs: [[1], [2, 1]] } }, "setting.logs[1] must be terms that never become less"],
  [
    { setting: { logs: [[1], [1], [1], [1]] } },
    "setting.logs must be no more than there are nodes: 4 logs for 3 nodes",
  ],
];

for (const [fields, ...expected] of BAD_FIELDS) {
  Deno.test(`no scenario has ${JSON.stringify(fields)}, and the error says why`, () => {
    deepStrictEqual(problems({ name: "mine", steps: [{ do: "heal" }], ...fields }), expected);
  });
}

Deno.test("whatever is in a scenario's place, what is said of it is a sentence that a reader can use", () => {
  const odd = [null, true, 0, -1.5, 1e300, "", "x", [], [[]], {}, { do: 1 }, { is: "x" }];
  const good = JSON.parse(
    JSON.stringify({ ...basic, nodes: 3, setting: { logs: [[1]] }, chart: "timeline", shows: [] }),
  );
  for (const key of Object.keys(good)) {
    for (const value of odd) {
      for (const line of problems({ ...good, [key]: value })) ok(/^\S+ (must|has|is missing)/.test(line), line);
    }
  }
  for (const [i, step] of good.steps.entries()) {
    for (const key of Object.keys(step)) {
      for (const value of odd) {
        const steps = good.steps.with(i, { ...step, [key]: value });
        const lines = problems({ ...good, steps });
        ok(lines.length > 0 && lines.every((line) => /^steps\S+ (must|has|is)/.test(line)), lines.join("\n"));
        ok(!lines.some((line) => /Invalid|undefined|expected|NaN/.test(line)), lines.join("\n"));
      }
    }
  }
});

Deno.test("a setting of which nothing is said makes a cluster, for every value of every option", () => {
  const odd = [undefined, null, true, -1, 0, 0.5, 1, 3, 9, 10, 11, 1e300, NaN, "3", [], [[]], [[2, 1]], [[1], [], [
    1,
    2,
  ], [3]], {}];
  const options = Object.keys(completeOptions({})).filter((name) =>
    !["nodes", "seed", "diskOf", "onStart", "observer"].includes(name)
  );
  for (const first of options) {
    for (const second of options) {
      for (const value of odd) {
        for (const other of odd) {
          for (const disks of ["memory", "files"]) {
            const setting = { [second]: other, [first]: value };
            const scenario = { name: "mine", setting, disks, steps: [{ do: "heal" }] };
            const places = problems(scenario).map((line) => line.split(" ")[0]);
            strictEqual(new Set(places).size, places.length, places.join());
            ok(places.every((place) => place === "disks" || /^setting\.\w/.test(place)), places.join());
            const diskOf = disks === "files" ? losingDisks() : null;
            if (places.length === 0) completeOptions({ ...setting, diskOf });
          }
        }
      }
    }
  }
});

/** A scenario's trace. */
function played(scenario: Scenario): string {
  const trace = new Trace();
  ok(playOut(scenario, completeScenarioOptions(scenario, { seed: 5 }), trace.record, { diskOf: disksFor(scenario) }));
  return trace.toJsonLines();
}

Deno.test("every built-in scenario, written as JSON, can be read, and plays as the original does", () => {
  for (const scenario of scenarios) {
    const { refuse: _refuse, mutation: _sabotage, sequel: _sequel, ...data } = scenario;
    const steps = stepsOf(scenario, completeScenarioOptions(scenario, { seed: 5 }));
    const read = readScenario(JSON.parse(JSON.stringify({ ...data, steps })));
    deepStrictEqual(read, { ...data, steps });
    strictEqual(played(read), played(scenario), scenario.name);
  }
});

Deno.test("a scenario that is read is a copy: what becomes of its data does not change it", () => {
  const data = JSON.parse(JSON.stringify(basic));
  const read = readScenario(data);
  data.steps[0].do = "fly";
  deepStrictEqual(read.steps, basic.steps);
});

Deno.test("what only a program can say is no part of a file", () => {
  throws(() => readScenario(figure7), {
    message: "Cannot read the scenario:\n  it has refuse, which means nothing here",
  });
});
