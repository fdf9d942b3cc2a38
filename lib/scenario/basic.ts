/**
 * The basic scenario: a leader is elected, and one Put is replicated.
 *
 * Floor 7.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import type { Scenario } from "./scenario.ts";

/** Nothing breaks. */
export const basic: Scenario = {
  name: "basic",
  summary: "a leader is elected, and one Put is replicated to every node",
  run({ key, value, ...options }, observer) {
    const cluster = new Cluster({ ...options, observer });
    const everyoneApplied = (index: number) => cluster.nodes().every((node) => node.status().applied >= index);
    cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
    cluster.runUntil("every node has applied the leader's first entry", () => everyoneApplied(1));
    const appended = cluster.propose({ kind: "Put", key, value });
    cluster.runUntil("every node has applied the Put", () => appended !== null && everyoneApplied(appended.index));
    cluster.tick();
  },
  next: [
    "deno task demo basic --nodes 5       a majority of five is three",
    "deno task demo basic --seed 2        other election timeouts, maybe another leader",
    "deno task demo basic --verbose       every turn of every node's ready loop",
    "deno task demo basic --json          the same run as data",
  ],
};
