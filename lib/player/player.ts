/**
 * A player: a run, tick by tick, to look at forwards and backwards.
 *
 * @module
 */
import { type ChartOptions, checkOptions, type Figure, pictures } from "../charts/figure.ts";
import { sharing } from "../charts/spans.ts";
import { conditionOf } from "../trace/fold.ts";
import { capital, count, nodeList, ticksText, visible } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { dataOf } from "./data.ts";
import { headlineOf, type Moment, momentsOf, stripOf } from "./moments.ts";
import { LETTERS, pageOf } from "./page.ts";
import { drawStrip } from "./strip.ts";

/** A run to be played; where it cannot be, a figure: a film strip of the moments that matter. */
export interface Player extends Figure {
  /** The player as a page of HTML that needs nothing else. The same bytes by each call. */
  page(): string;
}

const CAPTION =
  `Each picture is the cluster after all that happened at a tick, with a circle for each node: its role (${LETTERS}) and ` +
  "term, and after c its commit index. A stopped node is grey, dashed and off; ‖ marks a paused clock. A line is an open " +
  "link, a dotted red one is not. Where this notebook is trusted and run, a player takes the place of the pictures.";

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
  const { from = 0, to = Infinity } = options;
  const title = visible(options.title.trim().replace(/\s+/g, " "));
  const moments = momentsOf(trace.scenes()).filter(({ tick }) => tick >= from && tick <= to);
  if (moments.length === 0) {
    const end = to === Infinity ? "the end" : to;
    throw new RangeError(`Cannot play ticks ${from} to ${end}: the trace has none of them; run the cluster first`);
  }
  const strip = stripOf(moments);
  const alt = altOf(moments, strip);
  const strips = pictures(() => Promise.resolve(drawStrip(title, alt, strip)));
  return { title, caption: CAPTION, alt, ...strips, page: () => pageOf(dataOf(title, moments)) };
}

function altOf(moments: readonly Moment[], strip: readonly Moment[]): string {
  const ticks = ticksText(moments[0].tick, moments[moments.length - 1].tick);
  const pictures = strip.map((moment) => `Tick ${moment.tick}: ${headlineOf(moment)} ${stateText(moment)}`);
  const nodes = count(moments[0].state.nodes.size, "node");
  return `${count(strip.length, "moment")} of a run of ${nodes} ${ticks}. ${pictures.join(" ")}`;
}

/** Nodes that are the same share a clause. */
function stateText({ state }: Moment): string {
  const facts = new Map([...state.nodes.values()].map((node) => {
    const term = node.running ? `, term ${node.term}` : "";
    return [node.node, `${conditionOf(node)}${term}, commit ${node.commit}`];
  }));
  return `${capital(sharing(facts).map(([fact, ids]) => `${nodeList(ids)}: ${fact}`).join("; "))}.`;
}
