import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Cluster } from "../cluster.ts";
import { firstDifference } from "./difference.ts";
import type { PartRow } from "./rows.ts";
import { Trace } from "./trace.ts";

function played(seed: number, ticks: number, act: (cluster: Cluster) => void = () => {}): Trace {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 3, seed, observer: trace.record });
  cluster.run(10);
  act(cluster);
  cluster.run(ticks - 10);
  return trace;
}

Deno.test("equal runs do not differ, and neither do empty ones", () => {
  strictEqual(firstDifference(played(1, 40), played(1, 40)), null);
  strictEqual(firstDifference(new Trace(), new Trace()), null);
});

Deno.test("what is done on purpose is a difference, and the order of the runs is that of the rows", () => {
  const stopped = played(1, 40, (cluster) => cluster.stop(2));
  const difference = firstDifference(stopped, played(1, 40));
  deepStrictEqual(difference?.left, { kind: "nodeFault", tick: 10, fault: "stop", node: 2 });
  strictEqual(difference.tick, 10);
  deepStrictEqual(firstDifference(played(1, 40), stopped)?.right, difference.left);
});

Deno.test("a run that goes on longer differs from when on the other has ended", () => {
  const difference = firstDifference(played(1, 30), played(1, 40));
  strictEqual(difference?.left, null);
  strictEqual(difference.tick, 31);
  ok(difference.right !== null);
  strictEqual(firstDifference(new Trace(), played(1, 30))?.tick, 0);
});

Deno.test("what a scenario says of its run does not count", () => {
  const part: PartRow = { kind: "part", tick: 0, title: "It begins" };
  const told = new Trace();
  told.record(part);
  const plain = played(1, 20);
  for (const row of plain.rows) told.record(row);
  told.record({ kind: "expectation", tick: 20, text: "it ends", holds: true, found: "" });
  strictEqual(firstDifference(plain, told), null);
});

Deno.test("other timeouts are no difference until one of them passes, nor is what a node is for a moment", () => {
  strictEqual(firstDifference(played(1, 40), played(2, 40))?.tick, 11);
  const twice = new Trace();
  for (const row of played(1, 40).rows) {
    if (row.kind === "node") twice.record({ ...row, lastIndex: 9 });
    twice.record(row);
  }
  strictEqual(firstDifference(twice, played(1, 40)), null);
});
