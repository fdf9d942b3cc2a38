import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Cluster } from "./cluster.ts";
import { fails } from "./cluster_cases.ts";
import type { Logs } from "./cluster_options.ts";
import { figure7 } from "./scenario/figure_7.ts";
import { Trace } from "./trace/trace.ts";

const LOGS: Logs = [[1, 1, 2], [1], [1, 3, 3, 3]];

/** A cluster that starts from these logs, and the trace of it. */
function begin(logs: Logs, nodes = 3): { cluster: Cluster; trace: Trace } {
  const trace = new Trace();
  return { cluster: new Cluster({ nodes, logs, observer: trace.record }), trace };
}

Deno.test("a cluster starts from the logs it is given: entries of these terms, from index 1 on, none committed", () => {
  const { cluster } = begin(LOGS);
  deepStrictEqual(cluster.ids.map((id) => cluster.node(id).terms()), LOGS);
  for (const node of cluster.nodes()) {
    const { hs: { commit }, applied, firstIndex, lastIndex } = node.status();
    deepStrictEqual([commit, applied, firstIndex, lastIndex], [0, 0, 1, LOGS[node.id - 1].length]);
  }
});

Deno.test("every node starts in the greatest term of any log, and has voted for nobody", () => {
  const { cluster } = begin(LOGS);
  deepStrictEqual(cluster.nodes().map((node) => node.status().hs), Array(3).fill({ term: 3, vote: null, commit: 0 }));
  deepStrictEqual(begin([]).cluster.node(1).status().hs, { term: 0, vote: null, commit: 0 });
});

Deno.test("the observer is told of each log that is not empty, before anything else", () => {
  const { cluster, trace } = begin([[1, 1], [], [1, 3]], 4);
  deepStrictEqual(
    trace.rows.slice(0, 2).map((row) =>
      row.kind === "log" && [row.tick, row.node, row.entries.map(({ index, term }) => `${index}@${term}`).join(" ")]
    ),
    [[0, 1, "1@1 2@1"], [0, 3, "1@1 2@3"]],
  );
  const commands = trace.of("log").map(({ entries }) => entries.map(({ command }) => command));
  const put = (value: string) => ({ kind: "Put", key: "x", value });
  deepStrictEqual(commands, [[put("a"), put("b")], [put("a"), put("c")]], "the same where index and term are the same");
  deepStrictEqual([cluster.node(2).terms(), cluster.node(4).terms()], [[], []], "a log that is not named is empty");
  cluster.run(1);
  strictEqual(trace.of("log").length, 2);
});

Deno.test("a leader of such a cluster repairs the logs, and everything in its own is applied everywhere", () => {
  const { cluster } = begin(LOGS);
  cluster.campaign(3);
  cluster.runUntil("everything is applied", () => cluster.nodes().every((node) => node.status().applied === 5), 60);
  deepStrictEqual(cluster.nodes().map((node) => node.terms()), Array(3).fill([1, 3, 3, 3, 4]));
  deepStrictEqual(cluster.nodes().map(({ store }) => store.get("x")), ["f", "f", "f"]);
});

const BAD: [logs: unknown, message: RegExp][] = [
  [[[2, 1]], /logs: .*not less than the one before$/],
  [[[0]], /logs: .*a whole number from 1/],
  [[[1, 1.5]], /logs: /],
  [[["1"]], /logs: /],
  [[1], /logs: must be a list of terms a node/],
  ["[[1]]", /logs: /],
  [[[1], [1], [1], [1]], /4 logs for 3 nodes$/],
  [[[2 ** 53 - 1]], /logs: .*from 1 to 2251799813685248/],
  [[[1, 2], [2, 2], [2, 2]], /one leader per term: term 2 begins at index 2 after term 1 on node 1, but at index 1 on/],
  [
    [[1, 2], [1, 1, 2]],
    /one leader per term: term 2 begins at index 2 after .* node 1, but at index 3 after .* node 2$/,
  ],
  [
    [[1, 3], [2, 3]],
    /one leader per term: term 3 begins at index 2 after term 1 .*, but at index 2 after term 2 on node 2$/,
  ],
  [[[1, 1], [1, 1], [2]], /that of term 2 \(at index 1 on node 3\) was behind nodes 1 and 2$/],
  [[[1, 1, 2], [1, 1], [1, 3]], /that of term 3 \(at index 2 after term 1 on node 3\) was behind nodes 1 and 2$/],
];

/** The paper's Figure 7; its Figure 8 (a) to (d); a leader between, of whom no entry is left; one node alone. */
const GOOD: Logs[] = [
  figure7.setting?.logs ?? [],
  [[1, 2], [1, 2], [1], [1], [1]],
  [[1, 2], [1, 2], [1], [1], [1, 3]],
  [[1, 2, 4], [1, 2], [1, 2], [1], [1, 3]],
  [[1, 3], [1, 3], [1, 3], [1, 3], [1, 3]],
  [[1, 1], [1, 1], [2, 5]],
  [[1, 2, 7]],
];

for (const logs of GOOD) {
  Deno.test(`a cluster can start from the logs ${JSON.stringify(logs)}`, () => {
    const { cluster } = begin(logs, Math.max(3, logs.length));
    deepStrictEqual(cluster.ids.map((id) => cluster.node(id).terms()), cluster.ids.map((id) => logs.at(id - 1) ?? []));
  });
}

Deno.test("logs are long, but not without end", () => {
  const log = Array<number>(50_000).fill(1);
  deepStrictEqual(begin([log, log]).cluster.node(2).terms().length, 50_000);
  fails(() => begin([log, log, [1]]), /logs must be at most 100000 entries, and are 100001$/);
});

for (const [logs, message] of BAD) {
  Deno.test(`no cluster starts from the logs ${JSON.stringify(logs)}, and the error says why`, () => {
    fails(() => begin(JSON.parse(JSON.stringify(logs))), message);
  });
}

Deno.test("the values that are there from the start go on after z", () => {
  const trace = begin([Array.from({ length: 30 }, () => 1), [2]]).trace;
  const values = trace.of("log").map(({ entries }) =>
    entries.map(({ command }) => command?.kind === "Put" && command.value)
  );
  deepStrictEqual([values[0].slice(24), values[1]], [["y", "z", "aa", "ab", "ac", "ad"], ["ae"]]);
});
