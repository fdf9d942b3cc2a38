import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { Codec } from "../command.ts";
import { FileStorage } from "../storage/file_storage.ts";
import { MemoryFiles } from "../storage/memory_files.ts";
import type { Storage } from "../raft/mod.ts";
import { KvStore } from "../state_machine.ts";
import { Trace } from "../trace/trace.ts";
import { VirtualClock } from "./clock.ts";
import { runtimeCases } from "./runtime_cases.ts";
import { elect, put, spread, strictTest, type Subject } from "./runtime_tools_cases.ts";
import { startRuntime } from "./start.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { type RuntimeKind, type RuntimeOptions, runUntil } from "./runtime.ts";

const SUBJECTS: readonly Subject[] = [
  { name: "the loop", kind: "loop", optionsOf: () => ({}) },
  { name: "tasks on a virtual clock", kind: "tasks", optionsOf: () => ({ clock: new VirtualClock() }) },
  { name: "tasks in real time", kind: "tasks", optionsOf: () => ({ tickMs: 2 }) },
  { name: "workers", kind: "workers", optionsOf: () => ({ tickMs: 2 }) },
];
SUBJECTS.forEach(runtimeCases);

const BAD: [kind: RuntimeKind, options: RuntimeOptions, message: RegExp][] = [
  ["tasks", { tickMs: -1 }, /tickMs = -1/],
  ["tasks", { tickMs: NaN }, /tickMs = NaN/],
  ["workers", { inboxSize: 0 }, /inboxSize = 0/],
  ["workers", { nodes: 0 }, /nodes/],
  ["workers", { mutation: () => {} }, /mutation: only loop and tasks/],
  ["workers", { clock: new VirtualClock() }, /clock: only tasks/],
  ["loop", { clock: new VirtualClock() }, /clock: only tasks/],
];

for (const [kind, options, message] of BAD) {
  strictTest(
    `${kind} are not started with ${Object.keys(options)} that make no sense, and the error names it`,
    async () => {
      await rejects(startRuntime(kind, options), message);
    },
  );
}

/** All rows of a run on a virtual clock, in which a disk takes its time and a node crashes. */
async function rowsOf(seed: number): Promise<string> {
  const trace = new Trace();
  const clock = new VirtualClock();
  const diskOf = (id: number, initial: Storage) => new SimulatedDisk(initial, clock, { delay: () => id * 7 });
  const runtime = await startRuntime("tasks", { seed, clock, diskOf, observer: trace.record });
  const leader = await elect(runtime);
  await runtime.submit(put("1"));
  await spread(runtime, "1");
  runtime.stop(leader);
  await elect(runtime);
  runtime.restart(leader);
  await spread(runtime, "1");
  await runtime.close();
  return trace.toJsonLines();
}

strictTest("tasks on a virtual clock: the same seed gives the same bytes, other seeds others", async () => {
  const runs = await Promise.all([1, 2, 3].map(rowsOf));
  deepStrictEqual(runs, await Promise.all([1, 2, 3].map(rowsOf)));
  strictEqual(new Set(runs).size, 3);
});

strictTest("tasks: while the disk writes, a leader goes on sending, and what needs the write waits", async () => {
  const trace = new Trace();
  const clock = new VirtualClock();
  const diskOf = (_: number, initial: Storage) => new SimulatedDisk(initial, clock, { delay: () => 25 });
  const runtime = await startRuntime("tasks", { clock, diskOf, tickMs: 10, observer: trace.record });
  await elect(runtime);
  await runtime.submit(put("0"));
  await spread(runtime, "0");
  const asked = runtime.now;
  await runtime.submit(put("1"));
  await spread(runtime, "1");
  await runtime.close();
  const messages = trace.of("message").filter(({ tick, event }) => tick >= asked && event === "sent");
  const sent = messages.find(({ type, entries }) => type === "Append" && entries > 0)?.tick ?? 0;
  const answered = messages.find(({ type, index }) => type === "AppendResponse" && index === 3)?.tick ?? 0;
  ok(sent - asked <= 1, "the leader does not wait");
  ok(answered - sent >= 3, "a tick on the way, and 25 milliseconds for the write");
});

strictTest("tasks: a node whose disk fails stops, and the others go on", async () => {
  const trace = new Trace();
  const clock = new VirtualClock();
  let broken = 0;
  const diskOf = (id: number, initial: Storage) => new SimulatedDisk(initial, clock, { fails: () => id === broken });
  const runtime = await startRuntime("tasks", { clock, diskOf, observer: trace.record });
  const leader = await elect(runtime);
  broken = runtime.ids.find((id) => id !== leader) ?? 0;
  await runtime.submit(put("1"));
  await spread(runtime, "1");
  deepStrictEqual(trace.of("nodeFault").map(({ fault, node }) => [fault, node]), [["stopped", broken]]);
  deepStrictEqual(runtime.nodes().map(({ id }) => id), runtime.ids.filter((id) => id !== broken));
  [broken] = [0, runtime.restart(broken)];
  await spread(runtime, "1");
  await runtime.close();
});

strictTest("tasks: logs in files survive crashes", async () => {
  const files = new MemoryFiles();
  const diskOf = (id: number, initial: Storage) => ({
    open: () => FileStorage.open(`/node ${id}`, initial.initialState().confState, { files }),
  });
  const runtime = await startRuntime("tasks", { clock: new VirtualClock(), diskOf });
  await elect(runtime);
  await runtime.submit(put("1"));
  await spread(runtime, "1");
  for (const id of runtime.ids) runtime.stop(id);
  for (const id of runtime.ids) runtime.restart(id);
  await spread(runtime, "1");
  await runtime.close();
});

strictTest("tasks: what a node finds on its disk at the first start is told, as in the loop", async () => {
  const files = new MemoryFiles();
  const voters = [1, 2, 3];
  for (const id of voters) {
    const storage = FileStorage.open(`/node ${id}`, { voters }, { files });
    storage.append(
      [1, 2, 3].map((index) => ({ type: "command" as const, term: 1, index, data: Codec.encode(put(`${index}`)) })),
    );
    storage.setHardState({ term: 1, vote: null, commit: 2 });
    if (id !== 2) storage.createSnapshot(2, new KvStore([["x", "2"]]).snapshot());
    if (id !== 2) storage.compact(3);
    storage.sync();
    storage.close();
  }
  const rows = await Promise.all((["loop", "tasks"] as const).map(async (kind) => {
    const trace = new Trace();
    const copy = files.copy();
    const diskOf = (id: number) => ({ open: () => FileStorage.open(`/node ${id}`, { voters }, { files: copy }) });
    const clock = kind === "tasks" ? { clock: new VirtualClock() } : {};
    const runtime = await startRuntime(kind, { ...clock, diskOf, observer: trace.record });
    await runtime.close();
    return [...trace.of("log"), ...trace.of("restore")];
  }));
  deepStrictEqual(rows[1], rows[0]);
  deepStrictEqual(rows[1].map(({ kind, node }) => [kind, node]), [
    ...voters.map((id) => ["log", id]),
    ...[1, 3].map((id) => ["restore", id]),
  ]);
});

strictTest(
  "tasks: what lies in the inbox of a node that is started again while it runs is lost, and told",
  async () => {
    const trace = new Trace();
    let restarted = 0;
    const runtime = await startRuntime("tasks", {
      clock: new VirtualClock(),
      observer: (row) => {
        trace.record(row);
        // The first of two envelopes of a tick was taken; the other still lies in the inbox of its node.
        const isFirst = row.kind === "message" && row.event === "delivered" && row.type === "Heartbeat";
        if (!isFirst || restarted > 0) return;
        restarted = row.to === 3 ? 2 : 3;
        runtime.restart(restarted);
      },
    });
    await elect(runtime);
    await runUntil(runtime, "a node was started again", () => restarted > 0);
    for (let i = 0; i < 5; i++) await runtime.nextTick();
    const inFlight = new Set(runtime.network.inFlight().map(({ id }) => id));
    await runtime.close();
    const ended = new Set(trace.of("message").filter(({ event }) => event !== "sent").map(({ id }) => id));
    const sent = trace.of("message").filter(({ event }) => event === "sent").map(({ id }) => id);
    deepStrictEqual(sent.filter((id) => !ended.has(id) && !inFlight.has(id)), [], "every envelope has a fate");
    const lost = trace.of("message").filter(({ event, to }) => event === "dropped" && to === restarted);
    ok(lost.length > 0, "something lay there");
  },
);

strictTest("a log that cannot be compacted so is refused, and the run goes on", async () => {
  for (const kind of ["loop", "tasks", "workers"] as const) {
    const runtime = await startRuntime(kind, { tickMs: 1 });
    for (const node of runtime.nodes()) throws(() => node.compact(-1), { name: "RangeError", message: /keep -1 / });
    await runtime.nextTick();
    await runtime.close();
  }
});

strictTest("tasks: a disk that cannot be opened ends the start, and the error names the node", async () => {
  const open = () => {
    throw new Error("no such disk");
  };
  const starting = startRuntime("tasks", {
    diskOf: (id, initial) => id === 2 ? { open } : new SimulatedDisk(initial, new VirtualClock()),
  });
  await rejects(starting, { name: "RuntimeError", message: "Cannot go on: node 2 failed: no such disk" });
});

strictTest(
  "tasks: so many turns wait for a slow disk, and no more: then everything waits, and nothing is forgotten",
  async () => {
    const clock = new VirtualClock();
    let slow = 0;
    const diskOf = (_: number, initial: Storage) => new SimulatedDisk(initial, clock, { delay: () => slow });
    const runtime = await startRuntime("tasks", { clock, diskOf, inboxSize: 8 });
    const leader = await elect(runtime);
    slow = 60_000;
    await runtime.submit(put("1"));
    for (let i = 0; i < 2000; i++) await runtime.nextTick();
    ok(runtime.nodes().every((node) => node.status().applied < 2), "nothing is durable yet");
    slow = 0;
    const isThere = () => runtime.nodes().every((node) => node.store.get("x") === "1");
    const tick = await runUntil(runtime, "x is 1", isThere, 10_000);
    ok(tick < 60_000 / 10, `ticks did not wait: ${tick}`);
    strictEqual(runtime.leader()?.id, leader);
    await runtime.close();
  },
);

strictTest("workers: when the run is closed, every worker has ended", async () => {
  const workers = new Set<Worker>();
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...args) {
    workers.add(this);
    postMessage.apply(this, args);
  };
  try {
    const runtime = await startRuntime("workers", { tickMs: 1 });
    await elect(runtime);
    strictEqual(workers.size, 3);
    const ended: number[] = [];
    for (const [i, worker] of [...workers].entries()) worker.on("exit", () => ended.push(i));
    await runtime.close();
    deepStrictEqual(ended.sort(), [0, 1, 2]);
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
});
