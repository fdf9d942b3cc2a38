/**
 * A player: a run to look at, forwards and backwards, and to touch.
 *
 * The page carries Raft itself and the plan of the run, and plays it by running it again.
 *
 * @module
 */
import { type ChartOptions, checkOptions, type Figure } from "../charts/figure.ts";
import { filmStrip } from "../charts/film_strip.ts";
import type { Run } from "../scenario/run.ts";
import type { ScenarioOptions, Setting } from "../scenario/schema.ts";
import { conditionOf, type Scene } from "../trace/fold.ts";
import { visible } from "../trace/text.ts";
import { CONDITIONS } from "../trace/words.ts";
import { libraryOf } from "./library.ts";
import { pageOf } from "./page.ts";
import { Branch, LONGEST, type Plan } from "./session.ts";
import { planData, readPlan, sandboxOf } from "./share.ts";

/** A run to be played; where it cannot be, a figure: a film strip of the moments that matter. */
export interface Player extends Figure {
  /** The player as a page of HTML that needs nothing else. The same bytes by each call. */
  page(): string;
}

/** What a sandbox begins with. */
export interface SandboxOptions extends Partial<Pick<ScenarioOptions, "nodes" | "seed">> {
  /** The cluster's dials. */
  readonly setting?: Setting;
  /** What is to be found out with it, as a sentence. */
  readonly title?: string;
}

/** How to read the pictures: of the letters, those that can be in them. */
function captionOf(scenes: readonly Scene[]): string {
  const seen = new Set(scenes.flatMap(({ state }) => [...state.nodes.values()].map(conditionOf)));
  const letters = Object.entries(CONDITIONS).flatMap(([condition, { letter, one }]) =>
    letter !== "" && (condition !== "preCandidate" || seen.has(condition)) ? [`${letter} ${one}`] : []
  );
  return "Each picture is the cluster after all that happened at a tick, with a circle for each node: " +
    `its role (${letters.join(", ")}) and term, and after c its commit index. ` +
    "A stopped node is grey, dashed and off; ‖ marks a paused clock. A line is an open link, a dotted red one is not. " +
    "Where this notebook is trusted and run, a page that runs takes the place of the pictures.";
}

/**
 * A player of `run`, for `show`. Where nothing can be played, it is a film strip.
 *
 * @throws {RangeError} naming what is wrong with the title, or why the run cannot be put into a page.
 *
 * @example
 * ```ts
 * import { basic, play, player } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const film = player(play(basic), { title: "Node 1 is elected" });
 * match(film.alt, /Tick 13: Node 1 is elected leader of term 1/);
 * match(film.page(), /^<!doctype html>/);
 * ```
 */
export function player(run: Run, options: Pick<ChartOptions, "title">): Player {
  checkOptions(options);
  const { scenario, options: told, legs, trace } = run;
  if (legs.length > 1) {
    throw new RangeError("Cannot put a fork into a page: there one forks by hand; play the run itself");
  }
  return playerOf(options.title, { scenario, options: told, double: null, touches: [] }, trace.lastTick());
}

/**
 * A cluster to play with, for `show`: nothing happens in it by itself but Raft.
 *
 * @throws {Error} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { sandbox } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(sandbox({ nodes: 5, seed: 7 }).page(), /^<!doctype html>/);
 * ```
 */
export function sandbox(
  { nodes = 3, seed = 1, title = "A cluster to play with", setting }: SandboxOptions = {},
): Player {
  checkOptions({ title });
  const plan = {
    scenario: sandboxOf(setting, { nodes }),
    options: { nodes, seed, key: "x", value: "a" },
    double: null,
    touches: [],
  };
  return playerOf(title, readPlan(planData(plan, 0)).plan, 0);
}

/** How many ticks of a sandbox its still shows. */
const STILL = 20;

function playerOf(given: string, plan: Plan, to: number): Player {
  const title = visible(given.trim().replace(/\s+/g, " "));
  const data = { ...planData(plan, 0), to: Math.min(to, LONGEST), library: libraryOf() };
  const { scenes } = new Branch(plan, to === 0 ? STILL : to);
  return { title, caption: captionOf(scenes), ...filmStrip(title, scenes), page: () => pageOf(title, data) };
}
