/**
 * A player: a run, tick by tick, to look at forwards and backwards.
 *
 * @module
 */
import { checkOptions } from "../charts/chart.ts";
import type { ChartOptions, Figure } from "../charts/figure.ts";
import { conditionOf } from "../charts/history.ts";
import { sharing } from "../charts/sentences.ts";
import { capital, count, nodeList, ticksText, visible } from "../charts/text.ts";
import type { Trace } from "../trace/trace.ts";
import { dataOf } from "./data.ts";
import { type Moment, momentsOf } from "./marks.ts";
import { pageOf } from "./page.ts";
import { type Scene, scenesOf } from "./scenes.ts";
import { stripOf } from "./strip.ts";

/** A run to be played; where it cannot be, a figure: a film strip of the moments that matter. */
export interface Player extends Figure {
  /** The player as a page of HTML that needs nothing else. The same bytes by each call. */
  page(): string;
}

const CAPTION =
  "Each picture is the cluster at the end of a tick, a circle a node. In it stand its role (F follower, C " +
  "candidate, L leader) and its term, and after c its commit index; a stopped node is grey, dashed and off. A line is an open " +
  "link, a dotted red one is cut. Where this notebook is trusted and run, a player takes the place of the pictures: every " +
  "tick, forwards and backwards.";

/**
 * A player of `trace`, for `show`. Where nothing can be played, it is a film strip.
 *
 * @throws {RangeError} naming the option that is wrong, or if there is no tick to play.
 *
 * @example
 * ```ts
 * import { Cluster, player, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const trace = new Trace();
 * new Cluster({ nodes: 3, seed: 1, observer: trace.record }).run(20);
 * const film = player(trace, { title: "Node 1 is elected" });
 * match(film.alt, /Tick 13: Node 1 is elected leader of term 1/);
 * match(film.page(), /^<!doctype html>/);
 * ```
 */
export function player(trace: Trace, options: ChartOptions): Player {
  checkOptions(options);
  const title = visible(options.title.trim().replace(/\s+/g, " "));
  const scenes = scenesOf(trace, options.to);
  const first = scenes.findIndex(({ tick }) => tick >= (options.from ?? 0));
  if (first === -1) {
    throw new RangeError(
      `Cannot play ticks ${options.from ?? 0} to ${
        options.to ?? "the end"
      }: the trace has none of them; run the cluster first`,
    );
  }
  const moments = momentsOf(scenes, first);
  const alt = altOf(scenes.slice(first), moments);
  return {
    title,
    caption: CAPTION,
    alt,
    svg: () => Promise.resolve(stripOf(title, alt, moments)),
    page: () => pageOf(dataOf(title, scenes, first)),
  };
}

function altOf(scenes: readonly Scene[], moments: readonly Moment[]): string {
  const { nodes, tick } = scenes[0];
  const run = `${count(nodes.length, "node")} ${ticksText(tick, scenes[scenes.length - 1].tick)}`;
  const pictures = moments.map(({ scene, text }) => `Tick ${scene.tick}: ${text} ${stateText(scene)}`);
  return `${count(moments.length, "moment")} of a run of ${run}. ${pictures.join(" ")}`;
}

/** Nodes that are the same share a clause. */
function stateText({ nodes }: Scene): string {
  const facts = new Map(nodes.map((row) => {
    const condition = conditionOf(row);
    return [row.node, `${condition}${condition === "stopped" ? "" : `, term ${row.term}`}, commit ${row.commit}`];
  }));
  return `${capital(sharing(facts).map(([fact, ids]) => `${nodeList(ids)}: ${fact}`).join("; "))}.`;
}
