/**
 * What a scenario is: a story that a cluster plays.
 *
 * Floor 7.
 *
 * @module
 */
import type { Observer } from "../event.ts";

/** What every scenario can be told. */
export interface ScenarioOptions {
  /** How many nodes. */
  readonly nodes: number;
  /** Decides every election timeout. */
  readonly seed: number;
  /** What the client writes … */
  readonly key: string;
  /** … and its value. */
  readonly value: string;
}

/** A story that a cluster plays. */
export interface Scenario {
  /** Its name on the command line. */
  readonly name: string;
  /** What it shows, in a line. */
  readonly summary: string;
  /** Play it; `observer` is told of everything that happens. */
  run(options: ScenarioOptions, observer: Observer): void;
  /** What to try after it, a command or an idea a line. */
  readonly next: readonly string[];
}
