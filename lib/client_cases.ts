/**
 * What clients must find in every world.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Client } from "./client.ts";
import { put } from "./cluster_cases.ts";
import type { ClusterOptions } from "./cluster_options.ts";
import { type Runtime, type RuntimeOptions, runUntil } from "./runtime/runtime.ts";
import { operationsOf } from "./trace/operations.ts";
import { READ_WAYS } from "./trace/rows.ts";
import type { Trace } from "./trace/trace.ts";
import { elect, runtimeTest } from "./world_cases.ts";

/** Run until the client waits for nothing. */
const settle = (runtime: Runtime, client: Client) => runUntil(runtime, "the client is answered", () => client.isIdle);

/** Register the suite for one kind of world. */
export function clientCases(name: string, start: (options: RuntimeOptions) => Promise<Runtime>): void {
  const run = (what: string, options: ClusterOptions, body: (runtime: Runtime, trace: Trace) => Promise<void>) =>
    runtimeTest(`${name}: ${what}`, options, body, start);
  const ofClient = (trace: Trace) => trace.of("request").map(({ event, node }) => [event, node]);
  const outcomes = (trace: Trace, node: number) =>
    trace.of("apply").filter((row) => row.node === node && row.outcome.kind !== "Empty").map(({ outcome }) =>
      outcome.kind
    );

  run("a client that asks a follower is sent to the leader, and answered there", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const follower = runtime.ids.find((id) => id !== leader);
    const client = new Client(runtime, 1);
    client.ask(put("1"), { to: follower });
    await settle(runtime, client);
    deepStrictEqual(ofClient(trace), [
      ["asked", follower],
      ["refused", follower],
      ["asked", leader],
      ["answered", leader],
    ]);
    strictEqual(runtime.node(leader).store.get("x"), "1");
  });

  for (const sessions of [true, false]) {
    const how = sessions ? "with sessions it is applied once" : "without sessions it is applied twice";
    run(`a write whose answer is lost is sent again: ${how}`, {}, async (runtime, trace) => {
      const leader = await elect(runtime);
      const client = new Client(runtime, 1);
      client.loseAnswer(1);
      client.ask(put("1"), { to: leader, sessions });
      await settle(runtime, client);
      deepStrictEqual(outcomes(trace, leader), ["Put", sessions ? "Repeated" : "Put"]);
      const [{ effects, returned }] = operationsOf(trace.scenes());
      deepStrictEqual([effects.length, returned === null], [sessions ? 1 : 2, false]);
    });
  }

  run(
    "a node that stops with a request before it answers is given up, and the write is done once",
    {},
    async (runtime, trace) => {
      const leader = await elect(runtime);
      const client = new Client(runtime, 1);
      client.ask(put("1"), { to: leader, timeout: 5 });
      runtime.stop(leader);
      await settle(runtime, client);
      const next = runtime.leader()?.id ?? 0;
      deepStrictEqual(ofClient(trace).slice(0, 2), [["asked", leader], ["timedOut", leader]]);
      deepStrictEqual(ofClient(trace).at(-1), ["answered", next]);
      strictEqual(outcomes(trace, next).filter((kind) => kind === "Put").length, 1);
    },
  );

  run("a client that asks a node that does not run is not answered there", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const away = runtime.ids.find((id) => id !== leader) ?? 0;
    runtime.stop(away);
    const client = new Client(runtime, 1);
    client.ask(put("1"), { to: away, timeout: 3 });
    await settle(runtime, client);
    deepStrictEqual(ofClient(trace).slice(0, 2), [["asked", away], ["timedOut", away]]);
    strictEqual(runtime.node(leader).store.get("x"), "1");
  });

  run("a client reads in every way", { checkQuorum: true, readOnlyOption: "leaseBased" }, async (runtime, trace) => {
    const leader = await elect(runtime);
    const client = new Client(runtime, 1);
    client.ask(put("1"), { to: leader });
    // With leases, the node answers ReadIndex by its lease, too.
    for (const way of READ_WAYS) client.ask({ kind: "Get", key: "x" }, { way });
    await settle(runtime, client);
    const answered = trace.of("request").filter(({ event }) => event === "answered").slice(1);
    deepStrictEqual(answered.map(({ way, value }) => [way, value]), READ_WAYS.map((way) => [way, "1"]));
    deepStrictEqual(operationsOf(trace.scenes()).map(({ request }) => request), [1, 2, 3, 4, 5]);
  });

  run("what no client can ask for is refused at once, and the nodes go on", {}, async (runtime) => {
    const leader = await elect(runtime);
    const client = new Client(runtime, 1);
    throws(() => client.ask({ kind: "Get", key: "x" }, { way: "lease" }), { name: "ClusterError" });
    throws(() => client.ask({ kind: "Get", key: "" }), { name: "CommandError" });
    const request = { by: { client: 1, request: 1 }, command: { kind: "Get", key: "" }, way: "log" } as const;
    throws(() => runtime.serve(request, leader, () => {}), { name: "CommandError" });
    client.ask(put("1"), { to: leader });
    await settle(runtime, client);
    ok(runtime.nodes().length === 3);
  });

  run("a client that is not answered when the run ends leaves nothing behind", {}, async (runtime) => {
    const leader = await elect(runtime);
    runtime.network.partition([leader], runtime.ids.filter((id) => id !== leader));
    const client = new Client(runtime, 1);
    client.ask(put("1"), { to: leader });
    await runtime.nextTick();
    await runtime.close();
    ok(!client.isIdle);
  });
}
