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

const [LANE, LEFT, TOP] = [18, 22, 16];

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

/** How many pixels there are, and where a tick is. */
function scaleOf(root: SVGSVGElement, end: Ticks) {
  const width = Math.max(200, root.clientWidth);
  return { width, px: (tick: number) => LEFT + tick / (end + 1) * (width - LEFT) };
}

/** Draw `runs` one below the other, over the same ticks, with a line where they first differ. */
export function drawLanes(root: SVGSVGElement, runs: readonly Lanes[], end: Ticks, parting: Ticks | null): void {
  const { width: all, px } = scaleOf(root, end);
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
      return svg(
        "g",
        {},
        svg("rect", {
          x,
          y: middle - tall / 2,
          width,
          height: tall,
          fill,
          stroke,
          "stroke-width": 0.5,
          "stroke-dasharray": dash,
        }),
        ...(width > 20 && condition !== "stopped"
          ? [svg("text", { x: x + 4, y: middle + 3.5, fill: ink }, words)]
          : []),
      );
    });
    const names = ids.map((id, lane) =>
      svg("text", { class: "lane", x: LEFT - 8, y: top + (lane + 0.5) * LANE + 4 }, `${id}`)
    );
    const signs = scenes.flatMap((scene) => {
      const sign = signOf(scene);
      return sign === ""
        ? []
        : [svg("text", { class: `sign ${sign === "×" ? "fault" : ""}`, x: px(scene.tick), y: top - 3 }, sign)];
    });
    const title = runs.length > 1 ? [svg("text", { class: "run", x: LEFT, y: top - 4 }, label)] : [];
    return svg("g", { class: i === 0 ? "now" : "other" }, ...bars, ...names, ...signs, ...title);
  });
  const line = parting === null || runs.length < 2 ? [] : [
    svg("line", { class: "parting", x1: px(parting), x2: px(parting), y1: 0, y2: y }),
    svg("text", { class: "parting", x: px(parting) + 4, y: 10 }, `first difference: tick ${parting}`),
  ];
  root.setAttribute("viewBox", `0 0 ${all} ${y + 2}`);
  root.setAttribute("height", `${y + 2}`);
  root.replaceChildren(...groups, ...line, svg("line", { class: "playhead", y1: 0, y2: y }));
}

/** Move the line that says where one is. */
export function movePlayhead(root: SVGSVGElement, tick: number, end: Ticks): void {
  const x = scaleOf(root, end).px(tick);
  const head = root.querySelector(".playhead");
  head?.setAttribute("x1", x.toFixed(1));
  head?.setAttribute("x2", x.toFixed(1));
}

/** The tick at `x` pixels from the left edge of the picture. */
export function tickAt(root: SVGSVGElement, x: number, end: Ticks): Ticks {
  const { width } = scaleOf(root, end);
  return Math.max(0, Math.min(end, Math.floor((x - LEFT) / (width - LEFT) * (end + 1))));
}
