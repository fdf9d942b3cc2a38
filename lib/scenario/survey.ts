/**
 * A scenario, played with many seeds: how often it goes as expected, and how long a cluster goes without a leader.
 *
 * The numbers are taken while a run goes on; no trace is kept.
 *
 * @module
 */
import type { ExpectationRow, NodeRow, TraceRow } from "../trace/rows.ts";
import { majority, type NodeId, type Term, type Ticks } from "../raft/mod.ts";
import { playOut } from "./play_out.ts";
import { completeScenarioOptions, type Scenario, type ScenarioOptions } from "./scenario.ts";
import { ScenarioError } from "./stage.ts";
import { disksFor } from "./disks.ts";

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
  const count = new Count(options.nodes);
  const asExpected = playOut(scenario, options, (row) => count.hear(row), { diskOf: disksFor(scenario) });
  return { seed: options.seed, asExpected, ...count.result() };
}

/** Counts while a run goes on. */
class Count {
  readonly #differences: ExpectationRow[] = [];
  /** The terms in which somebody campaigned. */
  readonly #terms = new Set<Term>();
  /** How many follow whom in which term, at the end of the present tick; whoever leads follows itself. */
  #followers = new Map<string, number>();
  #leaders: string[] = [];
  /** The links on which nothing passes. */
  readonly #closed = new Set<string>();
  #reported = 0;
  #ticks: Ticks = 0;
  #ticksWithoutLeader: Ticks = 0;

  constructor(readonly nodes: number) {}

  hear(row: TraceRow): void {
    if (row.kind === "node") this.#hearNode(row);
    else if (row.kind === "linkFault") this.#closed[row.fault === "mend" ? "delete" : "add"](`${row.from}>${row.to}`);
    else if (row.kind === "expectation" && !row.holds) this.#differences.push(row);
    else if (row.kind === "message" && row.type === "RequestVote" && row.event === "sent" && row.term !== null) {
      this.#terms.add(row.term);
    }
  }

  result(): Omit<SeedResult, "seed" | "asExpected"> {
    return {
      differences: this.#differences,
      elections: this.#terms.size,
      ticksWithoutLeader: this.#ticksWithoutLeader,
      ticks: this.#ticks,
    };
  }

  #hearNode({ node, running, role, term, vote, leader }: NodeRow): void {
    // One that is alone asks nobody for a vote.
    if (vote === node) this.#terms.add(term);
    if (running && role === "leader") this.#leaders.push(following(node, term));
    if (running && leader !== null && this.#areLinked(node, leader)) {
      const whom = following(leader, term);
      this.#followers.set(whom, (this.#followers.get(whom) ?? 0) + 1);
    }
    if (++this.#reported === this.nodes) this.#endTick();
  }

  #areLinked(one: NodeId, other: NodeId): boolean {
    return !this.#closed.has(`${one}>${other}`) && !this.#closed.has(`${other}>${one}`);
  }

  #endTick(): void {
    const isFollowed = (leader: string) => (this.#followers.get(leader) ?? 0) >= majority(this.nodes);
    this.#ticks++;
    if (!this.#leaders.some(isFollowed)) this.#ticksWithoutLeader++;
    this.#followers.clear();
    [this.#leaders, this.#reported] = [[], 0];
  }
}

function following(leader: NodeId, term: Term): string {
  return `${leader} in ${term}`;
}

/** The number in the middle of `numbers`; between two, halfway; `NaN` if there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
