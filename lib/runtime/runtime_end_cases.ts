/**
 * What every runtime must do when there is too much, and when it ends.
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { elect, persist, put, spread, type Subject, testsOf } from "./runtime_tools_cases.ts";
import { runUntil } from "./runtime.ts";
import { startRuntime } from "./start.ts";

/** Register them for one kind of runtime. */
export function runtimeEndCases(subject: Subject): void {
  const run = testsOf(subject);
  const { kind, optionsOf } = subject;

  run(
    "a full inbox: clients wait, messages are lost, and nothing is forgotten",
    { inboxSize: 4 },
    async (runtime, trace) => {
      const leader = await elect(runtime);
      await persist(runtime, "first");
      const values = Array.from({ length: 60 }, (_, i) => `${i}`);
      const answers = await Promise.all(values.map((value) => runtime.submit(put(value), leader)));
      deepStrictEqual(answers.map((at) => at?.index), values.map((_, i) => i + 3));
      await spread(runtime, "59");
      const dropped = trace.of("message").filter(({ event }) => event === "dropped");
      strictEqual(dropped.length > 0, kind !== "loop", `${dropped.length} lost`);
    },
  );

  run("it can be ended in the middle, by a call or a signal, and says so from then on", {}, async (runtime) => {
    await runtime.nextTick();
    const tick = runtime.nextTick().then(() => null, (error: unknown) => error);
    await runtime.close();
    await runtime.close();
    await runtime.ended;
    const error = await tick;
    ok(error === null || error instanceof Error);
    await rejects(runtime.nextTick(), { name: "RuntimeError", message: /^Cannot go on: the run was ended/ });
    await rejects(runtime.submit(put("1"), 1), { name: "RuntimeError" });
    const ending = new AbortController();
    const other = await startRuntime(kind, { ...optionsOf(), signal: ending.signal });
    await other.nextTick();
    ending.abort();
    await other.ended;
    await rejects(other.nextTick(), { name: "RuntimeError" });
    await rejects(startRuntime(kind, { ...optionsOf(), signal: ending.signal }).then((late) => late.nextTick()), {
      name: "RuntimeError",
    });
  });

  run("a node that fails is named, and ends the run for all", {}, async (runtime) => {
    const leader = await elect(runtime);
    const victim = runtime.ids.find((id) => id !== leader) ?? 0;
    const { term } = runtime.node(victim).status().hs;
    // No leader says this: it would commit what the node does not have.
    runtime.network.send({ type: "Heartbeat", from: leader, to: victim, term, leaderCommit: 99 });
    const expected = {
      name: "RuntimeError",
      message: new RegExp(`^Cannot go on: node ${victim} failed: a node is never`),
    };
    await rejects(runUntil(runtime, "the sea is dry", () => false), expected);
    await runtime.close();
    await rejects(runtime.ended, expected);
    await rejects(runtime.nextTick(), expected);
  });

  run("an observer that fails ends the run with its own error", {
    observer: (row) => {
      if (row.kind === "commit") throw new Error("I have seen enough");
    },
  }, async (runtime) => {
    await rejects(runUntil(runtime, "the sea is dry", () => false), /I have seen enough/);
  });
}
