/**
 * What a scenario is: a story that a cluster plays, told in steps, that says what it expects to show.
 *
 * @module
 */
import type { ClusterOptions } from "../cluster_options.ts";
import type { DemoNode } from "../node.ts";
import type { Step } from "./step.ts";

/** What every scenario can be told. */
export interface ScenarioOptions {
  /** How many nodes, 1 to 9. */
  readonly nodes: number;
  /** Decides every election timeout. */
  readonly seed: number;
  /** What the client writes … */
  readonly key: string;
  /** … and its value. */
  readonly value: string;
}

/** The cluster that a scenario needs, apart from what it can be told. */
export type Setting = Omit<ClusterOptions, "nodes" | "seed" | "diskOf" | "onStart" | "observer">;

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
export interface Scenario {
  /** Its name on the command line. */
  readonly name: string;
  /** What it shows, in a line. */
  readonly summary?: string;
  /** What is about to be broken, as sentences. */
  readonly premise?: readonly string[];
  /** How many nodes, if nothing is said; 3 if this is left out. */
  readonly nodes?: number;
  /** The cluster it needs. */
  readonly setting?: Setting;
  /** Where the logs are: in memory, where a crash loses nothing (the default), or in files that lose what was not synced. */
  readonly disks?: "memory" | "files";
  /** Why it cannot be played with these options; `null` if it can. */
  readonly refuse?: (options: ScenarioOptions) => string | null;
  /** What is done, in order. */
  readonly steps: readonly Step[] | ((options: ScenarioOptions) => readonly Step[]);
  /** What it shows, as sentences, if all is as expected. */
  readonly shows?: readonly string[];
  /** The title of its figure: the finding. */
  readonly finding?: string;
  /** The chart that shows it. */
  readonly chart?: "timeline" | "roleLanes" | "termStaircase";
  /** What to try after it, a command or an idea a line. */
  readonly next?: readonly string[];
  /** Done to every node when it starts: takes a rule of Raft out, to see what the rule is for. */
  readonly mutation?: (node: DemoNode) => void;
  /** Another story that belongs to it, and is told after it. */
  readonly sequel?: Scenario;
}

/** What a scenario is played with where nothing is said; also for what is none, so that it can be said of it. */
export function completeScenarioOptions(scenario: Scenario, options: Partial<ScenarioOptions>): ScenarioOptions {
  return { nodes: scenario?.nodes ?? 3, seed: 1, key: "x", value: "1", ...options };
}

/** The steps of a scenario for these options. */
export function stepsOf({ steps }: Scenario, options: ScenarioOptions): readonly Step[] {
  return typeof steps === "function" ? steps(options) : steps;
}
