/**
 * The exercises of notebook 00: how many nodes may stop, and when a leader knows. Each is tried on clusters.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { isCount, range, shown } from "./cases.ts";

const SEED = 1;

/**
 * Check how many stopped nodes a cluster of so many nodes is said to survive.
 *
 * @returns What is wrong; `null` if it is right for clusters of one to seven nodes.
 *
 * @example
 * ```ts
 * import { checkSurvives, exercise } from "hello-raft";
 *
 * exercise("how many may stop", (nodes) => nodes - 1, checkSurvives); // not yet, and why
 * ```
 */
export function checkSurvives(attempt: (nodes: number) => number): string | null {
  for (const nodes of range(1, 7)) {
    const most = attempt(nodes);
    if (!isCount(most)) return `Of ${nodes} nodes you let ${shown(most)} stop; it takes a whole number from 0.`;
    if (!leads(nodes, most)) return `With ${most} of ${nodes} nodes stopped nobody leads: the rest is no majority.`;
    if (leads(nodes, most + 1)) return `A cluster of ${nodes} survives more than ${most} stopped nodes.`;
  }
  return null;
}

/** Whether a cluster of which so many nodes are stopped elects a leader. */
function leads(nodes: number, stopped: number): boolean {
  const cluster = new Cluster({ nodes, seed: SEED });
  for (const id of cluster.ids.slice(0, stopped)) cluster.stop(id);
  cluster.run(300);
  return cluster.leader() !== null;
}

/**
 * Check how many ticks after a proposal the leader is said to know that it is committed, if a message takes three ticks.
 *
 * @example
 * ```ts
 * import { checkTicks, exercise } from "hello-raft";
 *
 * exercise("ticks until the leader knows", 3, checkTicks); // not yet, and why
 * ```
 */
export function checkTicks(attempt: number): string | null {
  if (!isCount(attempt)) return `You said ${shown(attempt)}; it takes a whole number of ticks.`;
  const cluster = new Cluster({ nodes: 3, seed: SEED, latency: 3 });
  const knows = (index: number) => cluster.leader()?.status().hs.commit === index;
  const start: Ticks = cluster.runUntil("a leader knows its empty entry to be committed", () => knows(1));
  cluster.propose({ kind: "Put", key: "x", value: "a" });
  const ticks = cluster.runUntil("the leader knows the Put to be committed", () => knows(2)) - start;
  if (attempt > ticks) return "It knows before that: one way there, one way back.";
  return attempt === ticks
    ? null
    : `After ${attempt} ticks no answer has come back yet: the entry must get there first.`;
}

/**
 * Check which nodes of five are to be stopped, the leader among them, so that a Put is still committed afterwards.
 *
 * @example
 * ```ts
 * import { checkDamage, exercise } from "hello-raft";
 *
 * exercise("the most damage that does no harm", [1], checkDamage); // not yet, and why
 * ```
 */
export function checkDamage(attempt: readonly NodeId[]): string | null {
  const cluster = new Cluster({ nodes: 5, seed: SEED });
  if (!Array.isArray(attempt)) return `You said ${shown(attempt)}; it takes a list of nodes, for example [1].`;
  const stopped = new Set<NodeId>(attempt);
  for (const id of stopped) {
    if (!cluster.ids.includes(id)) return `There is no node ${shown(id)}: the nodes are 1 to 5.`;
  }
  cluster.runUntil(
    "all have applied the empty entry",
    () => cluster.nodes().every((node) => node.status().applied === 1),
  );
  const leader = cluster.leader()?.id ?? 0;
  if (!stopped.has(leader)) return `The leader, node ${leader}, still runs; stop it as well.`;
  for (const id of stopped) cluster.stop(id);
  cluster.run(200);
  const left = 5 - stopped.size;
  if (cluster.leader() === null) return `${left} of 5 are left: too few to elect a leader, so nothing is committed.`;
  cluster.propose({ kind: "Put", key: "x", value: "a" });
  cluster.run(10);
  if (cluster.leader()?.store.get("x") !== "a") return "The Put was not committed.";
  return stopped.size === 2 ? null : `The Put is committed, but ${left} are more than a majority; stop one more.`;
}
