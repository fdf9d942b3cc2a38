/**
 * Time, from left to right: who led when, what was done, and where one is; of two futures, both.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Ticks } from "../../raft/mod.ts";
import { ROLES } from "../../charts/palette.ts";
import { conditionOf, type Scene } from "../../trace/fold.ts";
import { CONDITIONS } from "../../trace/words.ts";
import { svg } from "./dom.ts";

const [WIDTH, LANE, LEFT, TOP] = [1000, 18, 26, 14];

/** A run in lanes. */
export interface Lanes {
  readonly label: string;
  readonly scenes: readonly Scene[];
}

/** A node was the same all the time. */
interface Bar {
  readonly node: number;
  readonly key: string;
  readonly from: Ticks;
  to: Ticks;
  readonly scene: Scene;
}

function barsOf(scenes: readonly Scene[]): Bar[] {
  const open = new Map<number, Bar>();
  const bars: Bar[] = [];
  for (const scene of scenes) {
    for (const node of scene.state.nodes.values()) {
      const key = `${conditionOf(node)} ${node.term}`;
      const bar = open.get(node.node);
      if (bar?.key === key) bar.to = scene.tick;
      else {
        const next = { node: node.node, key, from: scene.tick, to: scene.tick, scene };
        open.set(node.node, next);
        bars.push(next);
      }
    }
  }
  return bars;
}

/** What happened in a tick, as a sign: × something was broken or mended, ▾ a client wrote. */
function signOf({ rows }: Scene): string {
  if (rows.some(({ kind }) => kind === "nodeFault" || kind === "linkFault" || kind === "messageFault")) return "×";
  return rows.some(({ kind }) => kind === "proposal") ? "▾" : "";
}

/** Draw `runs` one below the other, over the same ticks, with a line where they first differ. */
export function drawLanes(root: SVGSVGElement, runs: readonly Lanes[], end: Ticks, parting: Ticks | null): void {
  const px = (tick: Ticks) => LEFT + tick / Math.max(1, end + 1) * (WIDTH - LEFT);
  let y = 0;
  const groups = runs.map(({ label, scenes }, i) => {
    const ids = [...scenes.at(-1)?.state.nodes.keys() ?? []];
    const top = y + TOP;
    y = top + ids.length * LANE + 4;
    const bars = barsOf(scenes).map((bar) => {
      const node = bar.scene.state.nodes.get(bar.node);
      const condition = node === undefined ? "stopped" : conditionOf(node);
      const { fill, stroke, ink, height, dash } = ROLES[condition];
      const tall = height / 28 * (LANE - 3);
      const [x, width] = [px(bar.from), px(bar.to + 1) - px(bar.from)];
      const middle = top + (ids.indexOf(bar.node) + 0.5) * LANE;
      const words = `${CONDITIONS[condition].letter}${node?.term ?? ""}`;
      return svg("g", {},
        svg("rect", { x, y: middle - tall / 2, width, height: tall, fill, stroke, "stroke-width": 0.5, "stroke-dasharray": dash }),
        ...(width > 20 && condition !== "stopped" ? [svg("text", { x: x + 4, y: middle + 3.5, fill: ink }, words)] : []),
      );
    });
    const names = ids.map((id, lane) => svg("text", { class: "lane", x: LEFT - 8, y: top + (lane + 0.5) * LANE + 4 }, `${id}`));
    const signs = scenes.flatMap((scene) => {
      const sign = signOf(scene);
      return sign === "" ? [] : [svg("text", { class: `sign ${sign === "×" ? "fault" : ""}`, x: px(scene.tick), y: top - 3 }, sign)];
    });
    const title = runs.length > 1 ? [svg("text", { class: "run", x: LEFT, y: top - 4 }, label)] : [];
    return svg("g", { class: i === 0 ? "now" : "other" }, ...bars, ...names, ...signs, ...title);
  });
  const line = parting === null || runs.length < 2 ? [] : [
    svg("line", { class: "parting", x1: px(parting), x2: px(parting), y1: 0, y2: y }),
    svg("text", { class: "parting", x: px(parting) + 4, y: 10 }, `first difference: tick ${parting}`),
  ];
  root.setAttribute("viewBox", `0 0 ${WIDTH} ${y + 2}`);
  root.replaceChildren(...groups, ...line, svg("line", { class: "playhead", y1: 0, y2: y }));
}

/** Move the line that says where one is. */
export function movePlayhead(root: SVGSVGElement, tick: number, end: Ticks): void {
  const x = LEFT + tick / Math.max(1, end + 1) * (WIDTH - LEFT);
  const head = root.querySelector(".playhead");
  head?.setAttribute("x1", x.toFixed(1));
  head?.setAttribute("x2", x.toFixed(1));
}

/** The tick at a place of the picture, from 0 at its left to 1 at its right edge. */
export function tickAt(place: number, end: Ticks): Ticks {
  return Math.max(0, Math.min(end, Math.floor((place * WIDTH - LEFT) / (WIDTH - LEFT) * (end + 1))));
}
