/**
 * Starting a runtime. Its world is loaded only then.
 *
 * @module
 */
import { requireThat } from "../arguments.ts";
import { type Runtime, RuntimeError, type RuntimeOptions } from "./runtime.ts";

/**
 * Start a runtime: its nodes run when this returns.
 *
 * @throws {RuntimeError} naming the option that is wrong, or the node that failed.
 * @throws {ClusterError} naming the option that is wrong.
 *
 * @example Three nodes, each in a task of its own; an hour of their time, if need be, at once.
 * ```ts
 * import { runUntil, startRuntime, VirtualClock } from "hello-raft";
 *
 * const runtime = await startRuntime({ nodes: 3, seed: 7, clock: new VirtualClock() });
 * await runUntil(runtime, "a leader is elected", () => runtime.leader() !== null);
 * await runtime.submit({ kind: "Put", key: "x", value: "1" });
 * await runUntil(runtime, "x is everywhere", () => runtime.nodes().every((node) => node.store.get("x") === "1"));
 * await runtime.close();
 * ```
 */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  requireThat(Object(options) === options, RuntimeError, "Cannot start: options", "an object", options);
  const { TaskWorld } = await import("./task_world.ts");
  return await new TaskWorld(options).begin();
}
