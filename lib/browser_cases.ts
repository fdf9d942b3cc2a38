/**
 * What of the package runs in a browser: see `browser_test.ts`.
 *
 * @module
 */
export { InvariantChecker } from "./check/checker.ts";
export { Cluster } from "./cluster.ts";
export * from "./scenario/mod.ts";
export { play } from "./scenario/run.ts";
export { Trace } from "./trace/trace.ts";
