import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { put } from "../cluster_cases.ts";
import { Codec } from "../command.ts";
import type { DiskOf } from "../storage/disk.ts";
import { KvStore } from "../state_machine.ts";
import { Trace } from "../trace/trace.ts";
import { elect, persist, restart, runtimeTest, spread, strictTest } from "../world_cases.ts";
import { VirtualClock } from "./clock.ts";
import { type RuntimeOptions, runUntil } from "./runtime.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { startRuntime } from "./start.ts";

strictTest("tasks are not started with options that make no sense, and the error names them", async () => {
  await rejects(startRuntime({ tickMs: -1 }), /tickMs must be .*, and is -1$/);
  await rejects(startRuntime({ tickMs: NaN }), /tickMs must be .*, and is NaN$/);
  await rejects(startRuntime({ inboxSize: 0 }), /inboxSize must be .*, and is 0$/);
  await rejects(startRuntime({ tickMs: 2 ** 31 }), /tickMs must be .* to 2147483647/);
  await rejects(startRuntime({ nodes: 0 }), /nodes/);
  for (const options of ["null", "5"]) await rejects(startRuntime(JSON.parse(options)), /options must be an object/);
  for (const ms of [NaN, -1, 2 ** 31]) await rejects(new VirtualClock().sleep(ms), { name: "RangeError" });
});

/** Options for a virtual clock, with disks that are as slow, and as broken, as is said at each write. */
function simulated(delay: () => number, fails: (id: number) => boolean = () => false): RuntimeOptions {
  const clock = new VirtualClock();
  return { clock, diskOf: (id, initial) => new SimulatedDisk(initial, clock, { delay, fails: () => fails(id) }) };
}

const slowDisks = { ...simulated(() => 25), tickMs: 10 };

runtimeTest("while a disk writes, a leader goes on sending", slowDisks, async (runtime, trace) => {
  await elect(runtime);
  await persist(runtime, "0");
  const asked = runtime.now;
  await persist(runtime, "1");
  const sent = trace.of("message").filter(({ tick, event }) => tick >= asked && event === "sent");
  const append = sent.find((row) => row.type === "Append" && row.entries.length > 0);
  const answer = sent.find((row) => row.type === "AppendResponse" && row.success && row.matchIndex === 3);
  ok(append !== undefined && append.tick - asked <= 1, "the leader does not wait");
  ok(answer !== undefined && answer.tick - append.tick >= 3, "a tick on the way, and 25 milliseconds for the write");
});

let broken = 0;
const breakable = simulated(() => 0, (id) => id === broken);

runtimeTest("a node whose disk fails stops, and the others go on", breakable, async (runtime, trace) => {
  const leader = await elect(runtime);
  broken = runtime.ids.find((id) => id !== leader) ?? 0;
  const repaired = broken;
  await persist(runtime, "1");
  const [{ fault, node, why }, ...more] = trace.of("nodeFault");
  deepStrictEqual([fault, node, more], ["stop", broken, []]);
  strictEqual(why, "its disk has failed: Cannot write: the disk has failed; nothing more can be said of what it holds");
  deepStrictEqual(runtime.nodes().map(({ id }) => id), runtime.ids.filter((id) => id !== broken));
  broken = 0;
  await restart(runtime, repaired);
  await spread(runtime, "1");
});

/** Disks that hold a log already; those of nodes 1 and 3 a snapshot before it. */
function writtenDisks(): RuntimeOptions {
  const clock = new VirtualClock();
  const diskOf: DiskOf = (id, initial) => {
    initial.append([1, 2, 3].map((index) => {
      return { type: "command", term: 1, index, data: Codec.encode(put(`${index}`)) };
    }));
    initial.setHardState({ term: 1, vote: null, commit: 2 });
    if (id !== 2) initial.createSnapshot(2, new KvStore([["x", "2"]]).snapshot());
    if (id !== 2) initial.compact(3);
    const disk = new SimulatedDisk(initial, clock);
    // Like a file, it has no `crash`: a write that is under way is waited for.
    return { open: () => disk.open() };
  };
  return { clock, diskOf };
}

runtimeTest("what nodes find on their disks is told, and survives", writtenDisks(), async (runtime, trace) => {
  const found = [...trace.of("log"), ...trace.of("restore")].map(({ kind, node }) => [kind, node]);
  deepStrictEqual(found, [["log", 1], ["log", 2], ["log", 3], ["restore", 1], ["restore", 3]]);
  await elect(runtime);
  await persist(runtime, "4");
  for (const id of runtime.ids) runtime.stop(id);
  await restart(runtime, ...runtime.ids);
  await spread(runtime, "4");
  deepStrictEqual(trace.of("log").slice(3).map(({ entries }) => entries.at(-1)?.index), [5, 5, 5]);
});

strictTest("what lies in the inbox of a node that is started again while it runs is lost, and told", async () => {
  const trace = new Trace();
  let restarted = 0;
  const runtime = await startRuntime({
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
});

strictTest("a disk that cannot be opened ends the start, and the error names the node", () => {
  const open = () => {
    throw new Error("no such disk");
  };
  const diskOf: DiskOf = (id, initial) => id === 2 ? { open } : new SimulatedDisk(initial, new VirtualClock());
  const expected = { name: "RuntimeError", message: "Cannot go on: node 2 failed: no such disk" };
  return rejects(startRuntime({ diskOf }), expected);
});

let slow = 0;
const stalling = { ...simulated(() => slow), inboxSize: 8 };

runtimeTest("only so many turns wait for a slow disk: then ticks wait too", stalling, async (runtime) => {
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
});

runtimeTest("a node in a task is not stopped inside its ready loop", { clock: new VirtualClock() }, async (runtime) => {
  const crash = async () => await runtime.crashAfter(1, 4);
  await rejects(crash, { name: "ClusterError", message: /^Cannot crash node 1 after step 4: .*; use stop$/ });
});

const TIMES: [time: string, timing: () => RuntimeOptions][] = [
  ["on a virtual clock", () => ({ clock: new VirtualClock() })],
  ["in real time", () => ({ tickMs: 2 })],
];

for (const [time, timing] of TIMES) {
  const small = { ...timing(), inboxSize: 4 };

  runtimeTest(`${time}: a full inbox: clients wait, and messages are lost`, small, async (runtime, trace) => {
    const leader = await elect(runtime);
    await persist(runtime, "first");
    const values = Array.from({ length: 60 }, (_, i) => `${i}`);
    const answers = await Promise.all(values.map((value) => runtime.submit(put(value), leader)));
    deepStrictEqual(answers.map((at) => at?.index), values.map((_, i) => i + 3));
    await spread(runtime, "59");
    ok(trace.of("message").some(({ event }) => event === "dropped"));
  });

  runtimeTest(`${time}: a client whose node stops before it came to that is told so`, small, async (runtime) => {
    const leader = await elect(runtime);
    const asked = Array.from({ length: 9 }, (_, i) => runtime.submit(put(`${i}`), leader));
    runtime.stop(leader);
    for (const answer of await Promise.allSettled(asked)) {
      ok(answer.status === "rejected" && /^RuntimeError: Cannot say what became of it/.test(String(answer.reason)));
    }
  });

  strictTest(`${time}: it can be ended in the middle, by a call or a signal, and says so from then on`, async () => {
    const over = { name: "RuntimeError", message: /^Cannot go on: the run was ended/ };
    const runtime = await startRuntime(timing());
    await runtime.nextTick();
    const tick = runtime.nextTick().then(() => null, (error: unknown) => error);
    await Promise.all([runtime.close(), runtime.close()]);
    const error = await tick;
    ok(error === null || error instanceof Error);
    await rejects(runtime.nextTick(), over);
    await rejects(runtime.submit(put("1"), 1), over);
    const ending = new AbortController();
    const other = await startRuntime({ ...timing(), signal: ending.signal });
    await other.nextTick();
    ending.abort();
    await rejects(other.nextTick(), over);
    await rejects(startRuntime({ ...timing(), signal: ending.signal }), over);
  });

  runtimeTest(`${time}: a node that fails is named, and ends the run for all`, timing(), async (runtime) => {
    const leader = await elect(runtime);
    const victim = runtime.ids.find((id) => id !== leader) ?? 0;
    const { term } = runtime.node(victim).status().hs;
    // No leader says this: it would commit what the node does not have.
    runtime.network.send({ type: "Heartbeat", from: leader, to: victim, term, leaderCommit: 99 });
    const expected = new RegExp(`^RuntimeError: Cannot go on: node ${victim} failed: a node is never`);
    await rejects(runUntil(runtime, "the sea is dry", () => false), expected);
    await rejects(runtime.nextTick(), expected);
  });

  let heard = 0;
  const observer = ({ kind }: { kind: string }) => {
    if (kind === "commit" && ++heard > 0) throw new Error("I have seen enough");
  };

  const watched = { ...timing(), observer };
  runtimeTest(`${time}: an observer that fails ends the run with its own error`, watched, async (runtime) => {
    await rejects(runUntil(runtime, "the sea is dry", () => false), /I have seen enough/);
    await runtime.close();
    strictEqual(heard, 1, "it hears no more");
  });
}
