/**
 * What the tests of the runtimes have in common. Every test watches that nothing is left running.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { NodeId } from "../raft/mod.ts";
import { Trace } from "../trace/trace.ts";
import { type Runtime, type RuntimeKind, type RuntimeOptions, runUntil } from "./runtime.ts";
import { startRuntime } from "./start.ts";

/** The command of these tests. */
export const put = (value: string): Command => ({ kind: "Put", key: "x", value });

/** A test that fails if a timer, a worker or a promise of the runtime is left. */
export function strictTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true, sanitizeExit: true });
}

/** Run until every running node has `value`. */
export async function spread(runtime: Runtime, value: string): Promise<void> {
  await runUntil(runtime, `x is ${value}`, () => runtime.nodes().every((node) => node.store.get("x") === value));
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

/** One kind of runtime, and what it is called. */
export interface Subject {
  readonly name: string;
  readonly kind: RuntimeKind;
  readonly optionsOf: () => RuntimeOptions;
}

/** A test with a runtime of its own. */
export type RuntimeTest = (
  what: string,
  options: RuntimeOptions,
  body: (runtime: Runtime, trace: Trace) => Promise<void>,
) => void;

/** Registers tests of one kind of runtime. */
export function testsOf({ name, kind, optionsOf }: Subject): RuntimeTest {
  return (what, options, body) =>
    strictTest(`${name}: ${what}`, async () => {
      const trace = new Trace();
      const runtime = await startRuntime(kind, { seed: 7, ...optionsOf(), observer: trace.record, ...options });
      try {
        await body(runtime, trace);
      } finally {
        await runtime.close();
      }
    });
}
