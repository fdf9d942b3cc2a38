/**
 * What may be said of a runtime, checked and completed.
 *
 * @module
 */
import { type ClusterOptions, completeOptions } from "../cluster_options.ts";
import { RuntimeError, type RuntimeKind, type RuntimeOptions } from "./runtime.ts";

/** What concerns the runtime, and what concerns the cluster. */
export interface CompleteOptions extends Pick<RuntimeOptions, "signal" | "clock" | "diskOf" | "mutation"> {
  readonly tickMs: number;
  readonly inboxSize: number;
  readonly cluster: Required<ClusterOptions>;
}

/** Which options only some runtimes can take. */
const ONLY_FOR: readonly { readonly name: keyof RuntimeOptions; readonly kinds: readonly RuntimeKind[] }[] = [
  { name: "clock", kinds: ["tasks"] },
  { name: "diskOf", kinds: ["loop", "tasks"] },
  { name: "mutation", kinds: ["loop", "tasks"] },
];

/**
 * `options`, with everything that was left out.
 *
 * @throws {RuntimeError} naming the option that is wrong, or that this kind of runtime cannot take.
 * @throws {ClusterError} naming the option that is wrong.
 */
export function completeRuntimeOptions(kind: RuntimeKind, options: RuntimeOptions): CompleteOptions {
  const { tickMs = 10, inboxSize = 1024, signal, clock, diskOf, mutation, ...cluster } = options;
  if (!(tickMs >= 0 && tickMs < Infinity)) {
    throw new RuntimeError(`Cannot start: tickMs = ${tickMs}: it must be a number of milliseconds from 0`);
  }
  if (!Number.isSafeInteger(inboxSize) || inboxSize < 1) {
    throw new RuntimeError(`Cannot start: inboxSize = ${inboxSize}: it must be a whole number from 1`);
  }
  for (const { name, kinds } of ONLY_FOR) {
    if (options[name] === undefined || kinds.includes(kind)) continue;
    throw new RuntimeError(`Cannot start ${kind} with the option ${name}: only ${kinds.join(" and ")} can take it`);
  }
  return { tickMs, inboxSize, signal, clock, diskOf, mutation, cluster: completeOptions(cluster) };
}
