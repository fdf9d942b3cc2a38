/**
 * Starting a runtime. Only the one that is asked for is loaded.
 *
 * @module
 */
import type { Runtime, RuntimeKind, RuntimeOptions } from "./runtime.ts";

/**
 * Start a runtime: its nodes run when this returns.
 *
 * @param kind Where the nodes live.
 * @throws {RuntimeError} naming the option that is wrong, or the node that failed.
 * @throws {ClusterError} naming the option that is wrong.
 *
 * @example Three nodes, each in a task of its own; an hour of their time, if need be, at once.
 * ```ts
 * import { runUntil, startRuntime, VirtualClock } from "hello-raft";
 *
 * const runtime = await startRuntime("tasks", { nodes: 3, seed: 7, clock: new VirtualClock() });
 * await runUntil(runtime, "a leader is elected", () => runtime.leader() !== null);
 * await runtime.submit({ kind: "Put", key: "x", value: "1" });
 * await runUntil(runtime, "x is everywhere", () => runtime.nodes().every((node) => node.store.get("x") === "1"));
 * await runtime.close();
 * ```
 */
export async function startRuntime(kind: RuntimeKind, options: RuntimeOptions = {}): Promise<Runtime> {
  switch (kind) {
    case "loop":
      return (await import("./loop.ts")).startLoop(options);
    case "tasks":
      return (await import("./tasks.ts")).startTasks(options);
    case "workers":
      return (await import("./workers.ts")).startWorkers(options);
  }
}
