/**
 * The cluster as a ring: nodes with their role, term and draining timer, messages on their way, links that are not open.
 *
 * @module
 */
/// <reference lib="dom" />
import type { NodeId, Ticks } from "../../raft/mod.ts";
import { ROLES, TOPICS } from "../../charts/palette.ts";
import { type ClusterState, conditionOf, linkOf, type NodeState } from "../../trace/fold.ts";
import type { TracedMessage } from "../../trace/rows.ts";
import { CONDITIONS, entryCount, isRejection, MESSAGES } from "../../trace/words.ts";
import { svg } from "./dom.ts";

/** A message between two ticks. */
export interface Flying {
  readonly id: number;
  readonly message: TracedMessage;
  /** How far it has come, from 0 to 1. */
  readonly part: number;
  readonly fate: "flies" | "waits" | "lost";
}

/** What of the stage can be touched. */
export type Target =
  | { readonly kind: "node"; readonly node: NodeId }
  | { readonly kind: "link"; readonly nodes: readonly [NodeId, NodeId] }
  | { readonly kind: "message"; readonly flying: Flying };

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The picture's width and height. */
export const SIZE = { width: 640, height: 460 } as const;

const RADIUS = 30;
const TIMER = 37;

/** Where the nodes are: the first at the top, clockwise. */
export function placesOf(ids: readonly NodeId[]): Map<NodeId, Point> {
  const far = ids.length === 1 ? 0 : 1;
  return new Map(ids.map((id, i) => {
    const angle = 2 * Math.PI * i / ids.length;
    const x = SIZE.width / 2 + far * 232 * Math.sin(angle);
    return [id, { x, y: SIZE.height / 2 - 8 - far * 158 * Math.cos(angle) }];
  }));
}

/** The line from the edge of one node to that of another, a little to its right, so that both ways have room. */
function wayBetween(a: Point, b: Point, side: number): [Point, Point] {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const at = (far: number) => ({ x: a.x - side * dy + dx * far, y: a.y + side * dx + dy * far });
  return [at(TIMER + 3), at(length - TIMER - 3)];
}

function between(a: Point, b: Point, part: number): Point {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/** What the stage shows. */
export interface Look {
  readonly state: ClusterState;
  /** How far the next tick has come, from 0 to 1. */
  readonly passed: number;
  readonly flying: readonly Flying[];
  /** Ways on which messages take longer than elsewhere. */
  readonly slow: ReadonlyMap<string, Ticks>;
  /** The node at which an invariant is broken. */
  readonly broken: NodeId | null;
}

/** Draws the ring. `touch` is called with what is clicked, or chosen by keyboard. */
export class Stage {
  readonly #root: SVGSVGElement;
  readonly #touch: (target: Target, at: Element) => void;
  #places = new Map<NodeId, Point>();
  #links = svg("g");
  #nodes = svg("g");
  #messages = svg("g");
  /** What the links and nodes looked like, so that they are drawn again only when that changes. */
  #drawn = "";

  constructor(root: SVGSVGElement, touch: (target: Target, at: Element) => void) {
    this.#root = root;
    this.#touch = touch;
    root.setAttribute("viewBox", `0 0 ${SIZE.width} ${SIZE.height}`);
    root.replaceChildren(this.#links, this.#messages, this.#nodes);
  }

  /** Draw `look`. */
  draw(look: Look): void {
    const { state, slow, broken } = look;
    const ids = [...state.nodes.keys()];
    if (ids.join() !== [...this.#places.keys()].join()) this.#places = placesOf(ids);
    const states = [...state.nodes.values()].map((
      node,
    ) => [
      node.node,
      node.running,
      node.role,
      node.term,
      node.commit,
      node.lastIndex,
      node.applied,
      node.vote,
      node.clockPaused,
    ]);
    const links = [...state.links.values()].map(({ from, to, state }) => `${from}>${to}${state}`);
    const drawn = JSON.stringify([states, links, [...slow], broken, look.flying.length > 0 && state.tick]);
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.#keepFocus(() => {
        this.#links.replaceChildren(...this.#linkMarks(look));
        this.#nodes.replaceChildren(...[...state.nodes.values()].map((node) => this.#node(node, look)));
      });
    }
    for (const node of state.nodes.values()) this.#timer(node, look);
    this.#keepFocus(() => this.#messages.replaceChildren(...look.flying.map((flying) => this.#message(flying))));
  }

  /** The links that the line from `a` to `b` crosses. */
  crossed(a: Point, b: Point): [NodeId, NodeId][] {
    const ids = [...this.#places.keys()];
    return ids.flatMap((from, i) =>
      ids.slice(i + 1).flatMap((to): [NodeId, NodeId][] => {
        const [p, q] = [this.#place(from), this.#place(to)];
        return cross(a, b, p) !== cross(a, b, q) && cross(p, q, a) !== cross(p, q, b) ? [[from, to]] : [];
      })
    );
  }

  #place(id: NodeId): Point {
    return this.#places.get(id) ?? { x: 0, y: 0 };
  }

  /** An element that can be touched, by mouse and by keyboard; drawn again, it keeps the focus. */
  #touchable(name: string, label: string, target: Target, ...children: Parameters<typeof svg>[2][]): SVGElement {
    const key = target.kind === "message" ? `message ${target.flying.id}` : JSON.stringify(target);
    const made = svg(
      "g",
      { class: name, role: "button", tabindex: 0, "aria-label": label, "data-key": key },
      ...children,
    );
    made.addEventListener("click", (event) => {
      event.stopPropagation();
      this.#touch(target, made);
    });
    made.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.#touch(target, made);
    });
    return made;
  }

  #keepFocus(draw: () => void): void {
    const key = this.#root.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
    draw();
    if (key === null || key === undefined) return;
    const again = [...this.#root.querySelectorAll("[data-key]")].find((each) => each.getAttribute("data-key") === key);
    if (again instanceof SVGElement && again !== document.activeElement) again.focus();
  }

  #linkMarks({ state, slow }: Look): SVGElement[] {
    const ids = [...this.#places.keys()];
    return ids.flatMap((a, i) =>
      ids.slice(i + 1).map((b) => {
        const ways = ([[a, b], [b, a]] as const).map(([from, to]) => {
          const [p, q] = wayBetween(this.#place(from), this.#place(to), 4);
          const { state: how } = linkOf(state, from, to);
          const late = slow.get(`${from}>${to}`);
          const mark = svg("line", {
            class: `way ${how} ${late === undefined ? "" : "slow"}`,
            x1: p.x,
            y1: p.y,
            x2: q.x,
            y2: q.y,
          });
          return { mark, text: how === "open" && late !== undefined ? `takes ${late} ticks` : how };
        });
        const [p, q] = wayBetween(this.#place(a), this.#place(b), 0);
        const hit = svg("line", { class: "hit", x1: p.x, y1: p.y, x2: q.x, y2: q.y });
        const label = `Link of nodes ${a} and ${b}: ${a} to ${b} ${ways[0].text}, ${b} to ${a} ${ways[1].text}`;
        return this.#touchable("link", label, { kind: "link", nodes: [a, b] }, hit, ...ways.map(({ mark }) => mark));
      })
    );
  }

  #node(node: NodeState, { broken }: Look): SVGElement {
    const { node: id, term, commit, lastIndex, vote, clockPaused, store } = node;
    const { x, y } = this.#place(id);
    const condition = conditionOf(node);
    const { letter } = CONDITIONS[condition];
    const vars = ROLES[condition];
    const text = (name: string, dy: number, words: string) => svg("text", { class: name, y: dy }, words);
    const label =
      `Node ${id}: ${condition}, term ${term}, ${vote === null ? "no vote" : `vote for ${vote}`}, last index ` +
      `${lastIndex}, commit ${commit}${clockPaused ? ", its clock paused" : ""}`;
    const values = store.values().slice(0, 2).join(" ");
    const made = this.#touchable(
      `node ${condition} ${broken === id ? "broken" : ""}`,
      label,
      { kind: "node", node: id },
      svg("circle", { class: "timer-track", r: TIMER }),
      svg("circle", { class: "timer", r: TIMER, "data-timer": id, transform: "rotate(-90)" }),
      svg("circle", { class: "body", r: RADIUS, fill: vars.fill, stroke: vars.stroke }),
      text("badge", -1, letter === "" ? "off" : `${letter}${term}`),
      text("small", 14, `c ${commit}`),
      text("name", TIMER + 15, `node ${id}${clockPaused ? " ‖" : ""}`),
      text("store", TIMER + 28, values === "" ? "" : `holds ${values.slice(0, 14)}`),
    );
    made.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    return made;
  }

  /** How much is left of a node's election timeout. */
  #timer({ node: id, timer, clockPaused }: NodeState, { passed }: Look): void {
    const ring = this.#nodes.querySelector(`[data-timer="${id}"]`);
    const length = 2 * Math.PI * TIMER;
    const left = timer === null ? 0 : 1 - Math.min(1, (timer.elapsed + (clockPaused ? 0 : passed)) / timer.timeout);
    ring?.setAttribute("stroke-dasharray", `${(left * length).toFixed(1)} ${length.toFixed(1)}`);
  }

  #message(flying: Flying): SVGElement {
    const { message, part, fate } = flying;
    const { from, to, type } = message;
    const [a, b] = wayBetween(this.#place(from), this.#place(to), 4);
    const { x, y } = between(a, b, part);
    const { topic } = MESSAGES[type];
    const entries = entryCount(message);
    const words = `${type}${entries > 0 ? ` +${entries}` : ""}${isRejection(message) ? " (no)" : ""}`;
    const angle = Math.atan2(b.y - a.y, b.x - a.x) * 180 / Math.PI;
    const size = entries > 0 ? 1.35 : 1;
    const shape = fate === "lost" ? svg("path", { class: "cross", d: "M-6,-6L6,6M6,-6L-6,6" }) : svg("path", {
      class: "dart",
      d: "M9,0L-7,-6L-3,0L-7,6Z",
      transform: `rotate(${angle.toFixed(1)}) scale(${size})`,
    });
    const made = this.#touchable(
      `message ${topic} ${fate}`,
      `${words} from node ${from} to node ${to}, ${
        fate === "flies" ? "on its way" : fate === "waits" ? "held" : "lost"
      }`,
      { kind: "message", flying },
      svg("circle", { class: "hit-round", r: 14 }),
      shape,
      svg("text", { class: "label", y: -11 }, words),
    );
    made.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    made.setAttribute("color", TOPICS[topic]);
    return made;
  }
}

/** On which side of the line from `a` to `b` a point is. */
function cross(a: Point, b: Point, p: Point): boolean {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0;
}
