import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Cluster } from "../cluster.ts";
import type { Command } from "../command.ts";
import { Trace } from "./trace.ts";

/** The trace of three nodes that carry out `commands`, one a tick. */
function traced(commands: readonly Command[]): { trace: Trace; cluster: Cluster } {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 3, observer: trace.record });
  cluster.runUntil("there is a leader", () => cluster.leader() !== null);
  for (const command of commands) {
    cluster.propose(command);
    cluster.tick();
  }
  cluster.run(10);
  return { trace, cluster };
}

Deno.test("a trace keeps every row in the order in which it happened", () => {
  const { trace, cluster } = traced([{ kind: "Put", key: "x", value: "1" }]);
  const ticks = trace.rows.map(({ tick }) => tick);
  deepStrictEqual(ticks, ticks.toSorted((a, b) => a - b));
  strictEqual(trace.at(cluster.now).length, 3);
  const kinds = ["node", "message", "proposal", "commit", "apply", "ready", "nodeFault"] as const;
  strictEqual(kinds.reduce((sum, kind) => sum + trace.of(kind).length, 0), trace.rows.length);
});

Deno.test("a trace shows every node as it was at the end of a tick", () => {
  const { trace, cluster } = traced([]);
  strictEqual(trace.lastTick(), cluster.now);
  const told = trace.at(cluster.now).map(({ node, role, term, commit }) => [node, role, term, commit]);
  const nodes = cluster.nodes().map(({ id, raft }) => [id, raft.role.kind, raft.term, raft.log.committed]);
  deepStrictEqual(told, nodes);
  deepStrictEqual(trace.at(1).map(({ role, term }) => [role, term]), Array(3).fill(["follower", 0]));
  deepStrictEqual([trace.at(0).length, trace.at(cluster.now + 1)], [3, []]);
});

Deno.test("an empty trace has no last tick, no values and no lines", () => {
  const trace = new Trace();
  deepStrictEqual([trace.lastTick(), trace.value(1, "x"), trace.toJsonLines()], [0, null, ""]);
});

Deno.test("a trace knows what every store holds", () => {
  const { trace, cluster } = traced([
    { kind: "Put", key: "x", value: "1" },
    { kind: "Put", key: "y", value: "" },
    { kind: "Put", key: "x", value: "2" },
    { kind: "Put", key: "z", value: "3" },
    { kind: "Get", key: "z" },
    { kind: "Delete", key: "z" },
    { kind: "Get", key: "x" },
  ]);
  deepStrictEqual(["x", "y", "z", "w"].map((key) => trace.value(2, key)), ["2", "", null, null]);
  for (const { id, store } of cluster.nodes()) {
    for (const key of ["x", "y", "z", "w"]) strictEqual(trace.value(id, key), store.get(key));
  }
});

Deno.test("a trace knows a store that a snapshot replaced, and one that a restart emptied", () => {
  const { trace, cluster } = traced([{ kind: "Put", key: "x", value: "1" }, { kind: "Put", key: "y", value: "2" }]);
  const leader = cluster.leader()?.id ?? 0;
  const away = leader === 3 ? 2 : 3;
  cluster.run(5);
  cluster.stop(away);
  cluster.propose({ kind: "Delete", key: "y" });
  cluster.propose({ kind: "Put", key: "x", value: "3" });
  cluster.run(5);
  cluster.node(leader).compact(0);
  deepStrictEqual([trace.value(away, "x"), trace.value(away, "y")], ["1", "2"]);
  cluster.restart(away);
  cluster.runUntil("the snapshot is restored", () => cluster.node(away).store.get("x") === "3");
  deepStrictEqual([trace.value(away, "x"), trace.value(away, "y")], ["3", null]);
  const restored = trace.of("restore").map(({ node, index }) => [node, index]);
  deepStrictEqual(restored, [[away, 0], [away, cluster.node(leader).status().applied]]);
});

Deno.test("a trace becomes JSON lines, a row a line, and nothing is lost", () => {
  const { trace } = traced([{ kind: "Put", key: "x\ny", value: "1" }]);
  const text = trace.toJsonLines();
  ok(text.endsWith("\n"));
  deepStrictEqual(text.trimEnd().split("\n").map((line) => JSON.parse(line)), [...trace.rows]);
});

Deno.test("JSON lines hold no controls, and say the same", () => {
  const key = "\u0000\u007f\u009b\u200e\u2028\u202e\u2066\u{e0001}\ud800";
  const { trace } = traced([{ kind: "Put", key, value: "1" }]);
  const lines = [...trace.jsonLines()];
  ok(lines.every((line) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(line)));
  deepStrictEqual(lines.map((line) => JSON.parse(line)), [...trace.rows]);
});
