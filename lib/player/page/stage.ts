/**
 * The cluster as a ring: nodes with their role, term and draining timer, messages on their way, links that are not open.
 *
 * What is there is made once and then changed, so that it keeps the focus, and sixty frames a second cost little.
 *
 * @module
 */
/// <reference lib="dom" />
import type { ConfState, NodeId } from "../../raft/mod.ts";
import { ROLES, termColour } from "../../charts/palette.ts";
import { type ClusterState, conditionOf, linkOf, type NodeState, type Way } from "../../trace/fold.ts";
import type { TracedMessage } from "../../trace/rows.ts";
import { CONDITIONS, entryCount, isRejection, MESSAGES } from "../../trace/words.ts";
import { type Attributes, change, svg } from "./dom.ts";
import { type Place, placeOf, votes } from "../places.ts";
import { between, crosses, placeLabels, type Point, type Ring, ringOf, wayBetween } from "./ring.ts";

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

/** What the stage shows. */
export interface Look {
  readonly state: ClusterState;
  /** How far the next tick has come, from 0 to 1. */
  readonly passed: number;
  readonly flying: readonly Flying[];
  /** What is to be known of ways beside whether they are open: slow, or lossy. */
  readonly notes: ReadonlyMap<Way, string>;
  readonly configuration: ConfState;
  /** The node at which an invariant is broken. */
  readonly broken: NodeId | null;
}

/** How far from the middle of a link each of its ways is. */
const SIDE = 5;

/** The entries of its log that are shown below a node. */
const ENTRIES = 6;

/** How answers are called on the stage: those that say yes, and those that say no. */
const ANSWERS: Partial<Record<TracedMessage["type"], readonly [yes: string, no: string]>> = {
  RequestVoteResponse: ["vote", "no vote"],
  RequestPreVoteResponse: ["pre-vote", "no pre-vote"],
  AppendResponse: ["ok", "refused"],
  HeartbeatResponse: ["ok", "ok"],
};

/** How a message is called on the stage. */
function shortName(message: TracedMessage): string {
  const entries = entryCount(message);
  const name = ANSWERS[message.type]?.[isRejection(message) ? 1 : 0] ?? message.type;
  return entries > 0 ? `${name} +${entries}` : name;
}

type NodeParts = ReturnType<typeof nodeParts>;

function nodeParts({ radius, timer }: Ring) {
  const circle = (name: string, r: number) => svg("circle", { class: name, r });
  const text = (name: string, y: number) => svg("text", { class: name, y });
  const [track, ring] = [circle("timer-track", timer), circle("timer", timer)];
  const [body, inner] = [circle("body", radius), circle("inner", radius - 4)];
  const cells = Array.from({ length: ENTRIES }, () => svg("rect", { y: timer + 21, width: 9, height: 9, rx: 2 }));
  const words = [text("badge", 1), text("small", 15), text("name", timer + 15), text("store", timer + 42)];
  return { track, ring, body, cells, shapes: [circle("halo", timer + 4), track, ring, body, inner, ...cells], words };
}

/** What is to be known of a node, for who does not see it. */
function labelOf(node: NodeState, place: Place): string {
  const { node: id, term, vote, lastIndex, commit, clockPaused } = node;
  const role = place === "voter" ? conditionOf(node) : `${conditionOf(node)}, ${place}`;
  const voted = vote === null ? "no vote" : `vote for ${vote}`;
  const paused = clockPaused ? ", its clock paused" : "";
  return `Node ${id}: ${role}, term ${term}, ${voted}, last index ${lastIndex}, commit ${commit}${paused}`;
}

/** How much of its election timer is left, from 0 to 1; `null` if it does not campaign. */
function leftOf(node: NodeState, passed: number): number | null {
  const { timer, clockPaused } = node;
  if (timer === null || !votes(node)) return null;
  return 1 - Math.min(1, (timer.elapsed + (clockPaused ? 0 : passed)) / timer.timeout);
}

/** How a node is called on the stage: who does not simply vote is that before all. */
function nameOf(id: NodeId, condition: string, place: Place, isNarrow: boolean): string {
  if (place === "voter") return `node ${id}${isNarrow ? "" : `, ${condition}`}`;
  return `${isNarrow ? "" : "node "}${id}, ${place}`;
}

interface NodeOnStage {
  readonly at: SVGElement;
  readonly update: (node: NodeState, look: Look) => void;
}

/** A message as it is drawn, and where its label is from it; `null`: hidden. */
interface MessageOnStage {
  readonly at: SVGElement;
  readonly label: SVGElement;
  flying: Flying;
  by: Point | null;
}

/** Draws the ring. `touch` is called with what is clicked, or chosen by keyboard. */
export class Stage {
  readonly #root: SVGSVGElement;
  readonly #touch: (target: Target, at: Element) => void;
  #ring: Ring = ringOf([], 0);
  readonly #groups = { links: svg("g"), messages: svg("g"), nodes: svg("g"), labels: svg("g") };
  readonly #links = new Map<string, (look: Look) => void>();
  readonly #nodes = new Map<NodeId, NodeOnStage>();
  readonly #messages = new Map<string, MessageOnStage>();

  constructor(root: SVGSVGElement, touch: (target: Target, at: Element) => void) {
    this.#root = root;
    this.#touch = touch;
    const { links, messages, nodes, labels } = this.#groups;
    labels.setAttribute("aria-hidden", "true");
    root.replaceChildren(links, messages, nodes, labels);
  }

  /** Draw `look`, `width` pixels wide. */
  draw(look: Look, width: number): void {
    const ids = [...look.state.nodes.keys()];
    if (this.#ring.width !== Math.max(300, width) || ids.join() !== [...this.#ring.places.keys()].join()) {
      this.#build(ids, width);
    }
    for (const update of this.#links.values()) update(look);
    for (const node of look.state.nodes.values()) this.#nodes.get(node.node)?.update(node, look);
    this.#drawMessages(look.flying);
  }

  /** The links that the line from `a` to `b` crosses. */
  crossed(a: Point, b: Point): [NodeId, NodeId][] {
    return this.#pairs().filter(([from, to]) => crosses(a, b, this.#place(from), this.#place(to)));
  }

  #pairs(): [NodeId, NodeId][] {
    const ids = [...this.#ring.places.keys()];
    return ids.flatMap((from, i) => ids.slice(i + 1).map((to): [NodeId, NodeId] => [from, to]));
  }

  #place(id: NodeId): Point {
    return this.#ring.places.get(id) ?? { x: 0, y: 0 };
  }

  #build(ids: readonly NodeId[], width: number): void {
    const ring = this.#ring = ringOf(ids, width);
    change(this.#root, { viewBox: `0 0 ${ring.width} ${ring.height.toFixed(0)}`, height: ring.height.toFixed(0) });
    this.#messages.clear();
    for (const group of Object.values(this.#groups)) group.replaceChildren();
    this.#links.clear();
    this.#nodes.clear();
    for (const [a, b] of this.#pairs()) this.#makeLink(a, b);
    for (const id of ids) this.#makeNode(id);
  }

  /** An element that can be touched, by mouse and by keyboard. */
  #touchable(kind: string, key: string, target: () => Target, ...children: SVGElement[]): SVGElement {
    const made = svg("g", { class: kind, role: "button", tabindex: 0, "data-key": key }, ...children);
    const touch = (event: Event) => {
      event.preventDefault();
      event.stopPropagation();
      this.#touch(target(), made);
    };
    made.addEventListener("click", touch);
    made.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") touch(event);
    });
    return made;
  }

  /** Where a link is drawn: `side` pixels to the right of its middle. */
  #lineOf(a: NodeId, b: NodeId, side: number) {
    const [p, q] = wayBetween(this.#place(a), this.#place(b), side, this.#ring.timer + 3);
    return { x1: p.x.toFixed(1), y1: p.y.toFixed(1), x2: q.x.toFixed(1), y2: q.y.toFixed(1) };
  }

  /** One way of a link: its line, the tip that shows where it leads, and a note. */
  #makeWay(from: NodeId, to: NodeId, line: Readonly<Record<string, string>>) {
    const gap = this.#ring.timer + 3;
    const [p, q] = wayBetween(this.#place(from), this.#place(to), SIDE, gap);
    const angle = Math.atan2(q.y - p.y, q.x - p.x) * 180 / Math.PI;
    const transform = `${moveTo(q)} rotate(${angle.toFixed(1)})`;
    const tip = svg("path", { d: "M-9,-4.5L0,0L-9,4.5", class: "tip", transform });
    const middle = between(...wayBetween(this.#place(from), this.#place(to), 3 * SIDE, gap), 0.32);
    const note = svg("text", { class: "note", x: middle.x.toFixed(1), y: (middle.y + 3).toFixed(1) });
    return { from, to, line, mark: svg("line"), tip, note };
  }

  #makeLink(a: NodeId, b: NodeId): void {
    const middle = this.#lineOf(a, b, 0);
    const ways = [this.#makeWay(a, b, this.#lineOf(a, b, SIDE)), this.#makeWay(b, a, this.#lineOf(a, b, -SIDE))];
    const lines = [svg("line", { class: "hit", ...middle }), ...ways.flatMap(({ mark, tip }) => [mark, tip])];
    const made = this.#touchable("link", `link ${a} ${b}`, () => ({ kind: "link", nodes: [a, b] }), ...lines);
    this.#groups.links.append(made);
    this.#groups.labels.append(...ways.map(({ note }) => note));
    this.#links.set(`${a} ${b}`, ({ state, notes, configuration }) => {
      const isAside = [a, b].some((id) => placeOf(configuration, id) === "outside");
      const now = ways.map(({ from, to }) => (
        { how: linkOf(state, from, to).state, said: notes.get(`${from}>${to}`) ?? "" }
      ));
      const isSame = now[0].how === now[1].how && now[0].said === now[1].said;
      const words = ways.map(({ from, to, line, mark, tip, note }, i) => {
        const { how, said } = now[i];
        const isOdd = how !== "open" || said !== "";
        const visibility = isSame && i > 0 ? "hidden" : "visible";
        change(mark, { ...isSame ? middle : line, class: `way ${how}${isOdd ? " odd" : ""}`, visibility });
        change(tip, { visibility: isSame ? "hidden" : "visible", class: `tip ${how}` });
        note.textContent = how === "open" ? said : "";
        return `${from} to ${to} ${how === "open" && said !== "" ? `open, ${said}` : how}`;
      });
      const name = `Link of nodes ${a} and ${b}: ${words.join(", ")}`;
      change(made, { class: `link${isAside ? " aside" : ""}`, "aria-label": name });
    });
  }

  #makeNode(id: NodeId): void {
    const parts = nodeParts(this.#ring);
    const made = this.#touchable("node", `node ${id}`, () => ({ kind: "node", node: id }), ...parts.shapes);
    // Its name says more than these words, and takes their place for who does not see them.
    const words = svg("g", {}, ...parts.words);
    for (const each of [made, words]) each.setAttribute("transform", moveTo(this.#place(id)));
    this.#groups.nodes.append(made);
    this.#groups.labels.append(words);
    this.#nodes.set(id, {
      at: made,
      update: (node, { passed, broken, configuration }) => {
        const [condition, place] = [conditionOf(node), placeOf(configuration, id)];
        const isBroken = broken === id ? " broken" : "";
        const name = `node ${condition} ${place.replace(" ", "-")}${isBroken}`;
        change(made, { class: name, "aria-label": labelOf(node, place) });
        change(words, { class: `${condition} ${place}` });
        this.#drawNode(node, parts, place, leftOf(node, passed));
      },
    });
  }

  #drawNode(node: NodeState, parts: NodeParts, place: Place, left: number | null): void {
    const { node: id, term, commit, clockPaused } = node;
    const { isNarrow, timer } = this.#ring;
    const condition = conditionOf(node);
    const { letter } = CONDITIONS[condition];
    const held = node.store.values();
    const words = [
      letter === "" ? "off" : `${letter}${term}`,
      `c ${commit}`,
      `${nameOf(id, condition, place, isNarrow)}${clockPaused ? " ‖" : ""}`,
      held.length === 0 ? "" : `holds ${held.join(" ")}`.slice(0, 16),
    ];
    for (const [i, at] of parts.words.entries()) if (at.textContent !== words[i]) at.textContent = words[i];
    change(parts.body, { fill: ROLES[condition].fill, stroke: ROLES[condition].stroke });
    this.#drawEntries(node, parts.cells);
    const length = 2 * Math.PI * timer;
    for (const each of [parts.track, parts.ring]) change(each, { visibility: left === null ? "hidden" : "visible" });
    change(parts.ring, { "stroke-dasharray": `${((left ?? 0) * length).toFixed(1)} ${length.toFixed(1)}` });
  }

  /** The end of a node's log, an entry a square: of its term's colour, filled if it is known to be committed. */
  #drawEntries({ log, lastIndex, commit }: NodeState, cells: readonly SVGElement[]): void {
    const first = Math.max(1, lastIndex - ENTRIES + 1);
    const many = lastIndex - first + 1;
    for (const [i, cell] of cells.entries()) {
      const index = first + i;
      const term = log.entry(index)?.term;
      change(cell, {
        x: `${(i - many / 2) * 11 + 1}`,
        visibility: index > lastIndex ? "hidden" : "visible",
        class: `cell${index <= commit ? "" : " open"}`,
        fill: term === undefined ? "#bbbbbb" : termColour(term),
        stroke: term === undefined ? "#777777" : termColour(term),
      });
    }
  }

  #drawMessages(given: readonly Flying[]): void {
    const flying = new Map(inLine(given).map((each) => [keyOf(each), each]));
    const before = [...this.#messages.keys()].join();
    for (const key of this.#messages.keys()) if (!flying.has(key)) this.#removeMessage(key);
    for (const [key, each] of flying) {
      const message = this.#messages.get(key);
      if (message === undefined) this.#makeMessage(key, each);
      else message.flying = each;
    }
    if (before !== [...this.#messages.keys()].join()) this.#labelMessages();
    for (const { at, label, by, flying } of this.#messages.values()) {
      const { x, y } = this.#whereIs(flying);
      at.setAttribute("transform", moveTo({ x, y }));
      label.setAttribute("transform", moveTo({ x: x + (by?.x ?? 0), y: y + (by?.y ?? -14) + 3.5 }));
    }
  }

  /** Take a message away; the focus that it has goes to its receiver. */
  #removeMessage(key: string): void {
    const message = this.#messages.get(key);
    if (message === undefined) return;
    const hasFocus = document.activeElement === message.at;
    message.at.remove();
    message.label.remove();
    this.#messages.delete(key);
    if (hasFocus) this.#nodes.get(message.flying.message.to)?.at.focus();
  }

  /** The end of its way, and where on it a message is. */
  #whereIs({ message: { from, to }, part }: Pick<Flying, "message" | "part">): Point {
    const [a, b] = wayBetween(this.#place(from), this.#place(to), SIDE, this.#ring.timer + 3);
    return between(a, b, part);
  }

  /** Labels lie upon nothing; of heartbeats there are too many, and theirs are seen when one points at them. */
  #labelMessages(): void {
    const all = [...this.#messages.values()];
    const named = all.filter(({ flying: { message } }) => MESSAGES[message.type].topic !== "heartbeat");
    const labels = named.map(({ flying }) => ({ at: this.#whereIs(flying), text: shortName(flying.message) }));
    for (const message of all) message.by = null;
    for (const [i, by] of placeLabels(labels, this.#ring).entries()) named[i].by = by;
    for (const { by, label } of all) change(label, { class: `label${by === null ? " mute" : ""}` });
  }

  #makeMessage(key: string, flying: Flying): void {
    const { message, fate } = flying;
    const { from, to, type } = message;
    const [a, b] = [this.#place(from), this.#place(to)];
    const { topic } = MESSAGES[type];
    const angle = Math.atan2(b.y - a.y, b.x - a.x) * 180 / Math.PI;
    const shape: Attributes = fate === "lost" ? { class: "cross", d: "M-6,-6L6,6M6,-6L-6,6" } : {
      class: "dart",
      d: "M9,0L-7,-6L-3,0L-7,6Z",
      transform: `rotate(${angle.toFixed(1)}) scale(${entryCount(message) > 0 ? 1.35 : 1})`,
    };
    const parts = [svg("circle", { class: "hit-round", r: 14 }), svg("path", shape)];
    const target = (): Target => ({ kind: "message", flying: made.flying });
    const at = this.#touchable(`message ${topic} ${fate}`, `message ${key}`, target, ...parts);
    const words = fate === "flies" ? "on its way" : fate === "waits" ? "held" : "lost";
    const name = `${type}${isRejection(message) ? " (no)" : ""} from node ${from} to node ${to}, ${words}`;
    at.setAttribute("aria-label", name);
    const label = svg("text", { class: "label" }, shortName(message));
    const show = (shown: boolean) => label.classList.toggle("shown", shown);
    for (const name of ["pointerenter", "focus"]) at.addEventListener(name, () => show(true));
    for (const name of ["pointerleave", "blur"]) at.addEventListener(name, () => show(false));
    this.#groups.messages.append(at);
    this.#groups.labels.append(label);
    const made: MessageOnStage = { at, label, flying, by: null };
    this.#messages.set(key, made);
  }
}

function keyOf({ id, message, fate }: Flying): string {
  return `${id} ${message.from} ${message.type} ${fate}`;
}

function moveTo({ x, y }: Point): string {
  return `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
}

/** What is sent on one way at the same time goes one after the other, so that each is seen. */
function inLine(all: readonly Flying[]): Flying[] {
  const before = new Map<string, number>();
  return all.map((flying) => {
    const { message: { from, to }, part } = flying;
    const key = `${from}>${to} ${part.toFixed(3)}`;
    const many = before.get(key) ?? 0;
    before.set(key, many + 1);
    return many === 0 ? flying : { ...flying, part: Math.max(0, part - many * 0.1) };
  });
}
