/**
 * A scenario, played with many seeds: how often it goes as expected, and how long a cluster is without a leader once something
 * is broken.
 *
 * @module
 */
import { requireThat, requireWhole } from "../arguments.ts";
import { type NodeId, type Term, type Ticks, voteResult } from "../raft/mod.ts";
import { type ClusterState, linkOf } from "../trace/fold.ts";
import type { ExpectationRow, TraceRow } from "../trace/rows.ts";
import { play, type Run } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioOptions } from "./schema.ts";
import { requireScenario } from "./validate.ts";

/** What came of one seed. */
export interface SeedResult {
  /** The seed. */
  readonly seed: number;
  /** Whether all was as the scenario expects. */
  readonly asExpected: boolean;
  /** What was not as expected, and what was found. */
  readonly differences: readonly ExpectationRow[];
  /** The number of terms in which somebody campaigned, after the first fault; if there was none, of all. */
  readonly elections: number;
  /**
   * The ticks after the first fault, or all if there was none, at whose end there was no leader that could get anything
   * committed: one that a majority of its configuration followed in its term, over links that were open.
   */
  readonly ticksWithoutLeader: Ticks;
  /** How long the run was. */
  readonly ticks: Ticks;
}

/**
 * Play `scenario` with the seeds 0, 1, 2, … up to `seeds` of them.
 *
 * @param seeds How many, a whole number from 1 to 100,000.
 * @param onSeed Called after each.
 * @throws {RangeError} if that is no number of seeds.
 * @throws {ScenarioError} naming everything that is wrong with it or with the options, or why it cannot be played with them.
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
  requireWhole(RangeError, "Cannot survey: seeds", seeds, 1, 100_000);
  requireScenario(scenario, options);
  return Array.from({ length: seeds }, (_, seed) => {
    const result = resultOf(play(scenario, { ...options, seed }));
    onSeed(result);
    return result;
  });
}

function resultOf({ options: { seed }, trace, asExpected, expectations }: Run): SeedResult {
  const first = Math.max(trace.rows.findIndex(({ kind }) => kind === "nodeFault" || kind === "linkFault"), 0);
  const start = first === 0 ? 0 : trace.rows[first].tick;
  const [before, after] = [trace.rows.slice(0, first), trace.rows.slice(first)].map(campaignsIn);
  return {
    seed,
    asExpected,
    differences: expectations.filter(({ holds }) => !holds),
    elections: [...after].filter((term) => !before.has(term)).length,
    ticksWithoutLeader:
      trace.scenes().filter(({ tick, passing }) => tick > start && !hasLeaderOfMajority(passing.state)).length,
    ticks: trace.lastTick(),
  };
}

/** The terms in which somebody campaigned. */
function campaignsIn(rows: readonly TraceRow[]): Set<Term> {
  return new Set(rows.flatMap((row) => {
    if (row.kind === "message" && row.event === "sent" && row.type === "RequestVote") return [row.term];
    // A node that is alone asks nobody for a vote.
    return row.kind === "node" && row.vote === row.node ? [row.term] : [];
  }));
}

/** Whether a majority by the leader's configuration, itself included, follow one leader in its term, over links that are open. */
function hasLeaderOfMajority(state: ClusterState): boolean {
  const nodes = [...state.nodes.values()].filter(({ running }) => running);
  const isOpen = (from: NodeId, to: NodeId) => linkOf(state, from, to).state === "open";
  return nodes.some(({ role, node: leader, term, configuration }) => {
    const followers = nodes.filter((other) =>
      other.leader === leader && other.term === term && isOpen(leader, other.node) && isOpen(other.node, leader)
    );
    const votes = new Map(followers.map(({ node }) => [node, true]));
    return role === "leader" && voteResult(configuration, votes) === "won";
  });
}

/**
 * The number in the middle of `numbers`; between two, halfway; `NaN` if there are none.
 *
 * @throws {RangeError} naming one that is no number.
 */
export function median(numbers: readonly number[]): number {
  const bad = numbers.findIndex((number) => typeof number !== "number");
  requireThat(bad < 0, RangeError, `Cannot take the median: numbers[${bad}]`, "a number", numbers[bad]);
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
