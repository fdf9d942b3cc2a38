/**
 * What every runtime must do: one suite, run over each of them.
 *
 * @module
 */
import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { runtimeEndCases } from "./runtime_end_cases.ts";
import { elect, persist, put, spread, type Subject, testsOf } from "./runtime_tools_cases.ts";
import { runUntil } from "./runtime.ts";

/** Register the suite for one kind of runtime. */
export function runtimeCases(subject: Subject): void {
  const run = testsOf(subject);
  runtimeEndCases(subject);

  run(
    "a leader is elected, and a command that it is asked for is carried out everywhere",
    {},
    async (runtime, trace) => {
      const leader = await elect(runtime);
      const term = runtime.node(leader).status().hs.term;
      deepStrictEqual(await runtime.submit(put("1")), { index: 2, term });
      await spread(runtime, "1");
      deepStrictEqual(runtime.nodes().map((node) => node.terms()), Array(3).fill([term, term]));
      deepStrictEqual(trace.of("proposal").map(({ node, result, index }) => [node, result, index]), [[
        leader,
        "appended",
        2,
      ]]);
    },
  );

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

  run("a node that crashes forgets nothing it has told, and catches up", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const away = runtime.ids.find((id) => id !== leader) ?? 0;
    await persist(runtime, "1");
    runtime.stop(away);
    await rejects(runtime.submit(put("2"), away), { name: "ClusterError", message: /is stopped/ });
    await persist(runtime, "2");
    strictEqual(runtime.node(away).store.get("x"), "1");
    runtime.restart(away);
    await spread(runtime, "2");
    deepStrictEqual(runtime.node(away).terms(), runtime.node(leader).terms());
    deepStrictEqual(trace.of("nodeFault").map(({ fault, node }) => [fault, node]), [["stopped", away], [
      "restarted",
      away,
    ]]);
  });

  run("a compacted log comes as a snapshot, and the sender is told that it arrived", {}, async (runtime, trace) => {
    const leader = await elect(runtime);
    const away = runtime.ids.find((id) => id !== leader) ?? 0;
    runtime.stop(away);
    await persist(runtime, "1");
    runtime.node(leader).compact(0);
    runtime.restart(away);
    await spread(runtime, "1");
    await persist(runtime, "2");
    deepStrictEqual(runtime.node(away).terms(), [runtime.node(leader).status().hs.term]);
    const fates = trace.of("message").filter(({ type }) => type === "Snapshot").map(({ event }) => event);
    deepStrictEqual(fates, ["sent", "delivered"]);
    deepStrictEqual(trace.of("restore").at(-1)?.pairs, [["x", "1"]]);
  });

  run("when the leader crashes another is elected, and the old one follows it", { nodes: 5 }, async (runtime) => {
    const old = await elect(runtime);
    runtime.stop(old);
    strictEqual(runtime.leader(), null);
    const next = await elect(runtime);
    runtime.restart(old);
    strictEqual(await elect(runtime), next);
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

  run("a timeout that is fixed while a node is stopped holds when it is back", {}, async (runtime) => {
    throws(() => runtime.fixTimeout(1, 5), { name: "ClusterError", message: /from 10 to 19/ });
    const leader = await elect(runtime);
    const [first, other] = runtime.ids.filter((id) => id !== leader);
    runtime.stop(first);
    runtime.fixTimeout(first, 10);
    runtime.fixTimeout(other, 19);
    runtime.restart(first);
    await elect(runtime);
    runtime.stop(leader);
    strictEqual(await elect(runtime), first);
  });
}
