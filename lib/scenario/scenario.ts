/**
 * What a scenario is: a story that a cluster plays, told in steps, that says what it expects to show.
 *
 * @module
 */
import type { DemoNode } from "../node.ts";
import type { ScenarioOptions, Shapes, Step } from "./schema.ts";

/** How many ticks a `runUntil` step waits if nothing is said. */
export const WITHIN = 400;

/** A step that cannot be taken as things are, or a scenario that cannot be played. */
export class ScenarioError extends Error {
  /** Always `"ScenarioError"`. */
  override readonly name = "ScenarioError";
}

/**
 * A story that a cluster plays.
 *
 * @example One of your own.
 * ```ts
 * import { play, type Scenario } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const pause: Scenario = {
 *   name: "pause",
 *   steps: [
 *     { do: "runUntil", until: { is: "leader" } },
 *     { do: "name", as: "old leader", nodes: "leader" },
 *     { do: "name", as: "the others", except: "old leader" },
 *     { do: "stop", nodes: "old leader", title: "The leader stops" },
 *     { do: "runUntil", until: { is: "leader", by: "the others" }, within: 60 },
 *     { do: "expect", that: { is: "role", nodes: "old leader", role: "leader" }, text: "nobody told it" },
 *   ],
 * };
 * strictEqual(play(pause, { nodes: 3, seed: 7 }).asExpected, true);
 * ```
 */
export interface Scenario extends Omit<Shapes["scenario"], "steps"> {
  /** What is done, in order. */
  readonly steps: readonly Step[] | ((options: ScenarioOptions) => readonly Step[]);
  /** Why it cannot be played with these options; `null` if it can. */
  readonly refuse?: (options: ScenarioOptions) => string | null;
  /** Done to every node when it starts: takes a rule of Raft out, to see what the rule is for. */
  readonly mutation?: (node: DemoNode) => void;
  /** Another story that belongs to it, and is told after it. */
  readonly sequel?: Scenario;
}

/** A scenario, and the stories that are told after it. */
export function withSequels(scenario: Scenario): readonly Scenario[] {
  return [scenario, ...(scenario.sequel === undefined ? [] : withSequels(scenario.sequel))];
}

/** What a scenario is played with where nothing is said; also for what is none, so that it can be said of it. */
export function completeScenarioOptions(scenario: Scenario, options: Partial<ScenarioOptions>): ScenarioOptions {
  return { nodes: scenario?.nodes ?? 3, seed: 1, key: "x", value: "a", ...options };
}

/**
 * What a client writes after the first value of the options: the letters after it; after one that is no letter, `red-2`, `red-3`.
 *
 * @param writes How many writes were before this one, one or more.
 */
export function valueAfter(first: string, writes: number): string {
  const letter = String.fromCharCode(first.charCodeAt(0) + writes);
  return /^[a-z]$/.test(first) && letter <= "z" ? letter : `${first}-${writes + 1}`;
}

/** The steps of a scenario for these options. */
export function stepsOf({ steps }: Scenario, options: ScenarioOptions): readonly Step[] {
  return typeof steps === "function" ? steps(options) : steps;
}
