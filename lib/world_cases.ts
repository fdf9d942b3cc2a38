/**
 * What every world must do, and what tests of worlds have in common. Every test watches that nothing is left running.
 *
 * @module
 */
import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster_options.ts";
import { put } from "./cluster_cases.ts";
import type { Command } from "./command.ts";
import type { NodeId } from "./raft/mod.ts";
import { type Runtime, type RuntimeOptions, runUntil } from "./runtime/runtime.ts";
import { startRuntime } from "./runtime/start.ts";
import { Trace } from "./trace/trace.ts";
import type { Appended } from "./service.ts";

/** A test that fails if a timer or a promise is left. */
export function strictTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true, sanitizeExit: true });
}

/** A cluster, driven as a runtime is. */
export class DrivenCluster extends Cluster implements Runtime {
  nextTick(): Promise<void> {
    return Promise.resolve(this.tick());
  }

  async submit(command: Command, id?: NodeId): Promise<Appended | null> {
    return await this.propose(command, id);
  }

  override close(): Promise<void> {
    return Promise.resolve(super.close());
  }
}

/** A test in a runtime of its own, which is ended afterwards. */
export function runtimeTest(
  name: string,
  options: RuntimeOptions,
  body: (runtime: Runtime, trace: Trace) => Promise<void>,
  start: (options: RuntimeOptions) => Promise<Runtime> = startRuntime,
): void {
  strictTest(name, async () => {
    const trace = new Trace();
    const runtime = await start({ seed: 7, observer: trace.record, ...options });
    try {
      await body(runtime, trace);
    } finally {
      await runtime.close();
    }
  });
}

/** Run until every running node has `value`. */
export async function spread(runtime: Runtime, value: string): Promise<void> {
  await runUntil(runtime, `x is ${value}`, () => runtime.nodes().every((node) => node.store.get("x") === value));
}

/** Start these nodes again; a tick later they run. */
export async function restart(runtime: Runtime, ...ids: readonly NodeId[]): Promise<void> {
  for (const id of ids) runtime.restart(id);
  await runtime.nextTick();
}

/** Run until somebody leads the latest term, and all that run follow. */
export async function elect(runtime: Runtime): Promise<NodeId> {
  await runUntil(runtime, "a leader is followed by all", () => {
    const id = runtime.leader()?.id ?? null;
    return id !== null && runtime.nodes().every((node) => node.status().ss.leaderId === id);
  });
  return runtime.leader()?.id ?? 0;
}

/** Ask for `value`, and wait until it is everywhere. */
export async function persist(runtime: Runtime, value: string, id?: NodeId): Promise<void> {
  await runtime.submit(put(value), id);
  await spread(runtime, value);
}

/** Register the suite for one kind of world. */
export function worldCases(name: string, start: (options: RuntimeOptions) => Promise<Runtime>): void {
  const run = (what: string, options: ClusterOptions, body: (runtime: Runtime, trace: Trace) => Promise<void>) =>
    runtimeTest(`${name}: ${what}`, options, body, start);
  const faults = (trace: Trace) => trace.of("nodeFault").map(({ fault, node }) => [fault, node]);

  run("a leader is elected, and what it is asked for is carried out everywhere", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const term = runtime.node(leader).status().hs.term;
    deepStrictEqual(await runtime.submit(put("1")), { index: 2, term });
    await spread(runtime, "1");
    deepStrictEqual(runtime.nodes().map((node) => node.terms()), Array(3).fill([term, term]));
    const told = trace.of("proposal").map(({ node, result, index }) => [node, result, index]);
    deepStrictEqual(told, [[leader, "appended", 2]]);
  });

  run("a command that a follower is asked for is passed on, and carried out", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const follower = runtime.ids.find((id) => id !== leader);
    strictEqual(await runtime.submit(put("1"), follower), null);
    await spread(runtime, "1");
    deepStrictEqual(trace.of("proposal").map(({ node, result }) => [node, result]), [[follower, "forwarded"]]);
  });

  run("without a leader a command is refused, and the client is told", {}, async (runtime, trace) => {
    await rejects(runtime.submit(put("1"), 2), { name: "RaftError", kind: "ProposalDropped" });
    await rejects(runtime.submit(put("1")), { name: "ClusterError", message: /there is no leader/ });
    await rejects(runtime.submit({ kind: "Get", key: "" }, 1), { name: "CommandError" });
    deepStrictEqual(trace.of("proposal").map(({ node, result }) => [node, result]), [[2, "dropped"]]);
  });

  run("a node that crashes forgets nothing it has told, and catches up by the log", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const away = runtime.ids.find((id) => id !== leader) ?? 0;
    await persist(runtime, "1");
    runtime.stop(away);
    const { term } = runtime.node(away).status().hs;
    for (const call of [() => runtime.stop(away), () => runtime.campaign(away), () => runtime.compact(away, 0)]) {
      throws(call, { name: "ClusterError", message: `Cannot use node ${away}: it is stopped; restart it first` });
    }
    await persist(runtime, "2");
    strictEqual(runtime.node(away).store.get("x"), "1");
    await restart(runtime, away);
    strictEqual(runtime.node(away).status().hs.term, term);
    await spread(runtime, "2");
    deepStrictEqual(runtime.node(away).terms(), runtime.node(leader).terms());
    deepStrictEqual(faults(trace), [["stop", away], ["restart", away]]);
  });

  run("a compacted log comes as a snapshot, and the sender is told that it arrived", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const away = runtime.ids.find((id) => id !== leader) ?? 0;
    runtime.stop(away);
    await persist(runtime, "1");
    throws(() => runtime.compact(leader, -1), { name: "RangeError", message: /keep must be .* -1$/ });
    runtime.compact(leader, 0);
    await restart(runtime, away);
    await spread(runtime, "1");
    await persist(runtime, "2");
    deepStrictEqual(runtime.node(away).terms(), [runtime.node(leader).status().hs.term]);
    const fates = trace.of("message").filter(({ type }) => type === "Snapshot").map(({ event }) => event);
    deepStrictEqual(fates, ["sent", "delivered"]);
    deepStrictEqual(trace.of("restore").at(-1)?.pairs, [["x", "1"]]);
  });

  run("with a policy logs stay short by themselves, also that of a node that gets a snapshot", {
    snapshotEvery: 4,
  }, async (runtime, trace) => {
    const leader = await elect(runtime);
    const away = runtime.ids.find((id) => id !== leader) ?? 0;
    runtime.stop(away);
    for (const value of ["1", "2", "3", "4", "5"]) await persist(runtime, value);
    await restart(runtime, away);
    for (const value of ["6", "7", "8", "9"]) await persist(runtime, value);
    await spread(runtime, "9");
    const snapshots = trace.of("message").filter(({ type, event }) => type === "Snapshot" && event === "delivered");
    deepStrictEqual(snapshots.map(({ to }) => to), [away]);
    for (const id of runtime.ids) {
      strictEqual(runtime.node(id).terms().length <= 2 + 3, true, `node ${id} keeps little`);
    }
  });

  run("when the leader crashes another is elected, and the old one follows it", { nodes: 5 }, async (runtime) => {
    const old = await elect(runtime);
    runtime.stop(old);
    strictEqual(runtime.leader(), null);
    const next = await elect(runtime);
    await restart(runtime, old);
    strictEqual(await elect(runtime), next);
    strictEqual(runtime.nodes().length, 5);
  });

  run("the lead is handed over, by whomever it is asked for", {}, async (runtime, trace) => {
    const old = await elect(runtime);
    const [next, other] = runtime.ids.filter((id) => id !== old);
    throws(() => runtime.transfer(4, old), { name: "ClusterError" });
    runtime.transfer(next, other);
    await runUntil(runtime, "another leads", () => runtime.leader()?.id === next, 9);
    await persist(runtime, "1");
    deepStrictEqual(trace.of("transfer").map(({ node, result }) => [node, result]), [[other, "forwarded"]]);
  });

  run("a read is answered without an entry, and not by a leader without a majority", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const [follower, other] = runtime.ids.filter((id) => id !== leader);
    await persist(runtime, "1");
    const { lastIndex } = runtime.node(leader).status();
    for (const id of [leader, follower]) {
      runtime.read("x", "readIndex", id);
      await runtime.nextTick();
      await runUntil(runtime, "it is answered", () => runtime.lastRead()?.event === "answered", 9);
      strictEqual(runtime.lastRead()?.value, "1");
    }
    strictEqual(runtime.node(leader).status().lastIndex, lastIndex);
    runtime.network.partition([leader], [follower, other]);
    runtime.read("x", "readIndex", leader);
    for (let i = 0; i < 30; i++) await runtime.nextTick();
    strictEqual(runtime.lastRead()?.event, "asked");
    deepStrictEqual(trace.of("read").map(({ node, event }) => [node, event]), [
      [leader, "asked"],
      [leader, "answered"],
      [follower, "forwarded"],
      [follower, "answered"],
      [leader, "asked"],
    ]);
  });

  run("a minority commits nothing; once healed, its entry gives way", { nodes: 5 }, async (runtime) => {
    const leader = await elect(runtime);
    await persist(runtime, "0");
    const [friend, ...others] = runtime.ids.filter((id) => id !== leader);
    runtime.network.partition([leader, friend], others);
    await runtime.submit(put("lost"), leader);
    await runUntil(runtime, "the others elect one of them", () => others.includes(runtime.leader()?.id ?? 0));
    await runtime.submit(put("kept"));
    await runUntil(runtime, "it is kept", () => runtime.leader()?.store.get("x") === "kept");
    strictEqual(runtime.node(leader).store.get("x"), "0");
    runtime.network.heal();
    await spread(runtime, "kept");
  });

  run("a paused clock is told once, and outlasts a restart: the node never campaigns", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const others = runtime.ids.filter((id) => id !== leader);
    for (const id of [...others, others[0]]) runtime.pauseClock(id);
    runtime.stop(leader);
    runtime.stop(others[0]);
    await restart(runtime, others[0]);
    for (let i = 0; i < 60; i++) await runtime.nextTick();
    strictEqual(runtime.leader(), null);
    runtime.resumeClock(others[0]);
    strictEqual(await elect(runtime), others[0]);
    const paused = trace.of("nodeFault").filter(({ fault }) => fault.endsWith("Clock"));
    deepStrictEqual(paused.map(({ fault }) => fault), ["pauseClock", "pauseClock", "resumeClock"]);
  });

  run("every node that starts is handed to whoever wants to change it", {
    onStart: (node) => {
      if (node.id === 1) node.campaign();
    },
  }, async (runtime) => {
    strictEqual(await elect(runtime), 1);
    runtime.stop(1);
    await restart(runtime, 1);
    strictEqual(runtime.node(1).status().hs.term > 1, true);
  });
}
