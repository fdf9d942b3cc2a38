/**
 * A scenario, played with many seeds: how often it goes as expected, and how long a cluster goes without a leader.
 *
 * The numbers are taken while a run goes on; no trace is kept.
 *
 * @module
 */
import { majority, type NodeId, type Term, type Ticks } from "../raft/mod.ts";
import { type ClusterState, Fold, linkOf, type Scene } from "../trace/fold.ts";
import type { ExpectationRow, Observer } from "../trace/rows.ts";
import { playOut } from "./perform.ts";
import { disksFor } from "./run.ts";
import { completeScenarioOptions, type Scenario, ScenarioError } from "./scenario.ts";
import type { ScenarioOptions } from "./schema.ts";

/** What came of one seed. */
export interface SeedResult {
  /** The seed. */
  readonly seed: number;
  /** Whether all was as the scenario expects. */
  readonly asExpected: boolean;
  /** What was not as expected, and what was found. */
  readonly differences: readonly ExpectationRow[];
  /** The number of terms in which somebody campaigned. */
  readonly elections: number;
  /**
   * The ticks at whose end there was no leader that could get anything committed: one that a majority of all nodes, itself
   * included, followed in its term, over links that were open.
   */
  readonly ticksWithoutLeader: Ticks;
  /** How long the run was. */
  readonly ticks: Ticks;
}

/**
 * Play `scenario` with the seeds 0, 1, 2, … up to `seeds` of them.
 *
 * @param seeds How many, a whole number from 1.
 * @param onSeed Told of each as soon as it is played.
 * @throws {RangeError} if that is no number of seeds.
 * @throws {ScenarioError} if the scenario cannot be played with these options.
 * @throws {ClusterError} naming an option that no cluster can have.
 *
 * @example How long are clusters without a leader if nothing breaks?
 * ```ts
 * import { basic, survey } from "hello-raft";
 * import { deepStrictEqual, ok } from "node:assert/strict";
 *
 * const results = survey(basic, { nodes: 5 }, 20);
 * deepStrictEqual(results.map(({ seed }) => seed).slice(0, 3), [0, 1, 2]);
 * ok(results.every(({ asExpected }) => asExpected));
 * ok(results.every(({ elections, ticksWithoutLeader }) => elections >= 1 && ticksWithoutLeader >= 10));
 * ```
 */
export function survey(
  scenario: Scenario,
  options: Partial<Omit<ScenarioOptions, "seed">>,
  seeds: number,
  onSeed: (result: SeedResult) => void = () => {},
): SeedResult[] {
  if (!Number.isSafeInteger(seeds) || seeds < 1) {
    throw new RangeError(`Cannot survey ${seeds} seeds: it must be a whole number from 1`);
  }
  const no = scenario.refuse?.(completeScenarioOptions(scenario, options)) ?? null;
  if (no !== null) throw new ScenarioError(`Cannot play ${scenario.name}: ${no}`);
  return Array.from({ length: seeds }, (_, seed) => {
    const result = playSeed(scenario, completeScenarioOptions(scenario, { ...options, seed }));
    onSeed(result);
    return result;
  });
}

function playSeed(scenario: Scenario, options: ScenarioOptions): SeedResult {
  const differences: ExpectationRow[] = [];
  const terms = new Set<Term>();
  let [ticks, ticksWithoutLeader] = [0, 0];
  const look = ({ before, rows, state }: Scene) => {
    for (const row of rows) {
      if (row.kind === "expectation" && !row.holds) differences.push(row);
      if (row.kind === "message" && row.event === "sent" && row.type === "RequestVote") terms.add(row.term);
    }
    if (state.tick === before.tick) return;
    ticks++;
    // A node that is alone asks nobody for a vote.
    for (const { node, vote, term } of state.nodes.values()) if (vote === node) terms.add(term);
    if (!hasLeaderOfMajority(state)) ticksWithoutLeader++;
  };
  const fold = new Fold();
  const observer: Observer = (row) => {
    const scene = fold.hear(row);
    if (scene !== null) look(scene);
  };
  const asExpected = playOut(scenario, options, observer, { diskOf: disksFor(scenario) });
  look(fold.end());
  return { seed: options.seed, asExpected, differences, elections: terms.size, ticksWithoutLeader, ticks };
}

/** Whether a majority of all nodes follow one leader in its term, over links that are open. */
function hasLeaderOfMajority(state: ClusterState): boolean {
  const nodes = [...state.nodes.values()].filter(({ running }) => running);
  const isOpen = (from: NodeId, to: NodeId) => linkOf(state, from, to).state === "open";
  return nodes.some(({ role, node: leader, term }) =>
    role === "leader" &&
    majority(state.nodes.size) <= nodes.filter((other) =>
        other.leader === leader && other.term === term && isOpen(leader, other.node) && isOpen(other.node, leader)
      ).length
  );
}

/** The number in the middle of `numbers`; between two, halfway; `NaN` if there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
