/**
 * Time, from left to right: who led when, what was done, and where one is; of two futures, both.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Ticks } from "../../raft/mod.ts";
import { ROLES } from "../../charts/palette.ts";
import { conditionOf, type Scene } from "../../trace/fold.ts";
import type { TraceRow } from "../../trace/rows.ts";
import { CONDITIONS, type NodeCondition } from "../../trace/words.ts";
import { change, svg } from "./dom.ts";
import { type Place, placeOf } from "../places.ts";

const [LANE, LEFT, RIGHT] = [18, 22, 10];

/** The rows above the lanes: of a run's name, of what was done. */
const [NAME, SIGNS] = [15, 13];

/** How wide the handle of the slider below is: its middle is at the tick. */
const HANDLE = 18;

/** A run that is not a film has room for so many ticks, then for twice as many, and so on. */
const ROOM = 60;

/** A run in lanes. */
export interface Lanes {
  readonly label: string;
  readonly scenes: readonly Scene[];
}

/** A node was the same all the time. */
interface Bar {
  readonly node: number;
  readonly condition: NodeCondition;
  readonly term: number;
  /** By its own configuration. */
  readonly place: Place;
  readonly from: Ticks;
  to: Ticks;
}

function barsOf(scenes: readonly Scene[]): Bar[] {
  const open = new Map<number, Bar>();
  const bars: Bar[] = [];
  for (const { tick, state } of scenes) {
    for (const node of state.nodes.values()) {
      const [condition, { term }, last] = [conditionOf(node), node, open.get(node.node)];
      if (last !== undefined) last.to = tick;
      const place = placeOf(node.configuration, node.node);
      if (last?.condition === condition && last.term === term && last.place === place) continue;
      const bar = { node: node.node, condition, term, place, from: tick, to: tick };
      open.set(node.node, bar);
      bars.push(bar);
    }
  }
  return bars;
}

/** Rows of what is asked for. */
const ASKS: ReadonlySet<TraceRow["kind"]> = new Set(["proposal", "read", "request", "transfer", "confChange"] as const);

/** What happened in a tick, as a sign: × something was broken or mended, ▾ something was asked for. */
function signOf({ rows }: Scene): string {
  if (rows.some(({ kind }) => kind === "nodeFault" || kind === "linkFault" || kind === "messageFault")) return "×";
  return rows.some(({ kind }) => ASKS.has(kind)) ? "▾" : "";
}

/** The lanes and the slider below them, which have one scale. */
export class TimeBar {
  #width = 400;
  #end: Ticks = 0;

  constructor(readonly root: SVGSVGElement, readonly slider: HTMLInputElement) {}

  /** Draw `runs` one below the other, over the same ticks, with a line where they first differ. */
  draw(runs: readonly Lanes[], width: number, isFilm: boolean, parting: Ticks | null): void {
    const end = Math.max(...runs.map(({ scenes }) => scenes.length - 1), 1);
    this.#width = Math.max(200, width);
    this.#end = isFilm ? end : ROOM * 2 ** Math.max(0, Math.ceil(Math.log2(end / ROOM)));
    let y = 0;
    const groups = runs.map((run, i) => {
      const top = y;
      y += (runs.length > 1 ? NAME : 0) + SIGNS + (run.scenes[0]?.state.nodes.size ?? 0) * LANE + 5;
      return this.#drawRun(run, top, i === 0 ? "now" : "other", runs.length > 1);
    });
    const at = parting === null ? 0 : this.#px(parting);
    const beside = at < this.#width - 160 ? { x: at + 4, "text-anchor": "start" } : { x: at - 4, "text-anchor": "end" };
    const line = parting === null || runs.length < 2 ? [] : [
      svg("line", { class: "parting", x1: at, x2: at, y1: NAME - 3, y2: y }),
      svg("text", { class: "parting", y: 10, ...beside }, `first difference: tick ${parting}`),
    ];
    change(this.root, { viewBox: `0 0 ${this.#width} ${y}`, height: y });
    this.root.replaceChildren(...groups, ...line, svg("line", { class: "playhead", y1: 0, y2: y }));
    this.slider.max = `${this.#end}`;
    this.slider.style.marginLeft = `${LEFT - HANDLE / 2}px`;
    this.slider.style.width = `${this.#width - LEFT - RIGHT + HANDLE}px`;
  }

  /** Move the line that says where one is, to a tick or between two. */
  move(tick: number): void {
    const x = this.#px(tick).toFixed(1);
    const head = this.root.querySelector(".playhead");
    if (head !== null) change(head, { x1: x, x2: x });
  }

  /** The tick at `x` pixels from the left edge. */
  tickAt(x: number): Ticks {
    const tick = Math.round((x - LEFT) / (this.#width - LEFT - RIGHT) * this.#end);
    return Math.max(0, Math.min(this.#end, tick));
  }

  #px(tick: number): number {
    return LEFT + tick / this.#end * (this.#width - LEFT - RIGHT);
  }

  #drawRun({ label, scenes }: Lanes, top: number, name: string, isNamed: boolean): SVGElement {
    const ids = [...scenes.at(-1)?.state.nodes.keys() ?? []];
    const signs = top + (isNamed ? NAME : 0) + SIGNS;
    const middleOf = (lane: number) => signs + (lane + 0.5) * LANE;
    const bars = barsOf(scenes).map(({ node, condition, term, place, from, to }) => {
      const { fill, stroke, ink, height, dash } = ROLES[condition];
      const tall = height / 28 * (LANE - 3);
      const [x, middle] = [this.#px(from), middleOf(ids.indexOf(node))];
      // What is so in the last tick only is to be seen too.
      const width = Math.max(1.5, this.#px(to) - x);
      const box = { x, y: middle - tall / 2, width, height: tall };
      const bar = svg("rect", { ...box, fill, stroke, "stroke-width": 0.5, "stroke-dasharray": dash });
      const isAside = place === "learner" || place === "outside";
      const words = isAside ? place : `${CONDITIONS[condition].letter}${term}`;
      const isTold = condition !== "stopped" && width > 8 + 7 * words.length;
      const told = isTold ? [svg("text", { x: x + 4, y: middle + 3.5, fill: ink }, words)] : [];
      return svg("g", isAside ? { class: "aside" } : {}, bar, ...told);
    });
    let last = -Infinity;
    const marks = scenes.flatMap((scene) => {
      const [sign, x] = [signOf(scene), this.#px(scene.tick)];
      if (sign === "" || sign === "▾" && x - last < 6) return [];
      last = x;
      return [svg("text", { class: `sign ${sign === "×" ? "fault" : ""}`, x, y: signs - 3 }, sign)];
    });
    const names = ids.map((id, lane) => svg("text", { class: "lane", x: LEFT - 8, y: middleOf(lane) + 4 }, `${id}`));
    const title = isNamed ? [svg("text", { class: "run", x: LEFT, y: top + 10 }, label)] : [];
    return svg("g", { class: name }, ...bars, ...names, ...marks, ...title);
  }
}
