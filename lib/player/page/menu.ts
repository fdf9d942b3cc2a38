/**
 * What a node, a link or a message is, and what can be done to it.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Act } from "../../scenario/perform.ts";
import { type ClusterState, conditionOf, leaderOf, linkOf, type NodeState } from "../../trace/fold.ts";
import { messageText } from "../../trace/transcript.ts";
import { WAYS } from "./clients.ts";
import { button, html } from "./dom.ts";
import { changesOf } from "./members.ts";
import { majorityText, votes } from "../places.ts";
import type { Flying, Target } from "./stage.ts";

/** Something to choose. */
type Choice = readonly [label: string, step: Act];

/** What stands in a menu. */
interface Choices {
  readonly title: string;
  /** What it is, by name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What can be chosen, by what it is about. */
  readonly groups: Readonly<Record<string, readonly Choice[]>>;
}

/** What a client writes next. */
export interface Write {
  readonly key: string;
  readonly value: string;
}

/** What `target` is, and what can be done to it now. */
export function choicesOf(target: Target, state: ClusterState, write: Write): Choices {
  switch (target.kind) {
    case "node":
      return nodeChoices(target.node, state, write);
    case "link":
      return linkChoices(...target.nodes, state);
    case "message":
      return messageChoices(target.flying);
  }
}

function messageChoices({ id, message, fate }: Flying): Choices {
  const step = (verb: "drop" | "hold" | "release" | "duplicate"): Act => ({ do: `${verb}Messages`, id });
  const term = "term" in message ? [["term", `${message.term}`] as const] : [];
  return {
    title: `Node ${message.from} to node ${message.to}`,
    facts: [["says", messageText(message)], ...term],
    groups: fate === "lost" ? {} : {
      "The message": [
        ["Lose it", step("drop")],
        ["Hold it back", step("hold")],
        ["Deliver it next", step("release")],
        ["Send it twice", step("duplicate")],
      ],
    },
  };
}

function nodeChoices(id: number, state: ClusterState, write: Write): Choices {
  const { nodes } = state;
  const node = nodes.get(id);
  if (node === undefined) return { title: `Node ${id}`, facts: [], groups: {} };
  const { term, vote, leader, lastIndex, commit, applied, timer, running, clockPaused } = node;
  const last = node.log.entry(lastIndex);
  const paused = clockPaused ? ", paused" : "";
  const facts = [
    ["term", `${term}`],
    ["votedFor", vote === null ? "nobody" : `node ${vote}`],
    ["leader", leader === null ? "none known" : `node ${leader}`],
    ["last entry", last === undefined ? "none" : `index ${lastIndex}, term ${last.term}`],
    ["commit, applied", `${commit}, ${applied}`],
    ["a majority", majorityText(node.configuration)],
    ["timer", timer === null || !votes(node) ? "none" : `${timer.elapsed} of ${timer.timeout} ticks${paused}`],
  ] as const;
  const links: Choice[] = [
    ["Cut all", { do: "cut", from: id, to: "all" }],
    ["Mend all", { do: "mend", from: id, to: "all" }],
  ];
  const groups = {
    "A client asks it": running ? clientChoices(id, write) : [],
    "The node": lifeChoices(node, leaderOf(state)?.node ?? id),
    "Ask the leader to": changesOf(state, id),
    "Its links": nodes.size > 1 ? links : [],
  };
  return { title: `Node ${id}, ${conditionOf(node)}`, facts, groups };
}

function clientChoices(to: number, { key, value }: Write): Choice[] {
  return [
    [`Put ${key} = ${value}`, { do: "propose", to, command: { kind: "Put", key, value } }],
    [`Get ${key} ${WAYS.log}`, { do: "propose", to, command: { kind: "Get", key } }],
    ...(["readIndex", "lease", "store"] as const).map((way): Choice => [
      `Get ${key} ${WAYS[way]}`,
      { do: "read", way, to, key },
    ]),
  ];
}

function lifeChoices({ node: nodes, running, clockPaused }: NodeState, lead: number): Choice[] {
  if (!running) return [["Restart", { do: "restart", nodes }]];
  return [
    ["Time out now", { do: "campaign", nodes }],
    [clockPaused ? "Let its clock run" : "Pause its clock", { do: clockPaused ? "resumeClock" : "pauseClock", nodes }],
    ["Compact its log", { do: "compact", nodes, keep: 0 }],
    ...(lead === nodes ? [] : [["Hand the lead over to it", { do: "transfer", to: nodes, from: lead }] as const]),
    ["Stop", { do: "stop", nodes }],
  ];
}

function linkChoices(a: number, b: number, state: ClusterState): Choices {
  const both = { from: a, to: b };
  const [there, back] = [linkOf(state, a, b).state, linkOf(state, b, a).state];
  const mend: Choice[] = there === "open" && back === "open" ? [] : [["Mend", { do: "mend", ...both }]];
  const ways = { from: [a, b], to: [a, b] };
  return {
    title: `Nodes ${a} and ${b}`,
    facts: [[`${a} to ${b}`, there], [`${b} to ${a}`, back]],
    groups: {
      "The link": [
        ...mend,
        ["Cut, both ways", { do: "cut", ...both }],
        [`Cut from ${a} to ${b}`, { do: "cut", ...both, oneWay: true }],
        [`Cut from ${b} to ${a}`, { do: "cut", from: b, to: a, oneWay: true }],
      ],
      "Its messages": [
        ["Hold them back", { do: "hold", ...both }],
        ["Slow: 4 ticks", { do: "delay", ...both, ticks: 4 }],
        ["Fast: 1 tick", { do: "delay", ...both, ticks: 1 }],
        ["Lose half, by chance", { do: "loss", percent: 50, ...ways }],
        ["Lose none by chance", { do: "loss", percent: 0, ...ways }],
        ["Lose the next 3", { do: "dropNext", ...ways, count: 3 }],
      ],
    },
  };
}

/** A menu beside what it is about; the browser closes it by Escape, or when one clicks elsewhere, and gives the focus back. */
export class Menu {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement, readonly choose: (step: Act) => void) {
    this.#root = root;
    root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Open it for what `at` stands for. */
  open({ title, facts, groups }: Choices, at: Element): void {
    const root = this.#root;
    const item = ([label, step]: Choice) =>
      button(label, () => {
        root.hidePopover();
        this.choose(step);
      });
    const rooms = Object.entries(groups).filter(([, choices]) => choices.length > 0).map(([name, choices]) =>
      html("div", { role: "group", "aria-label": name }, html("h3", {}, name), ...choices.map(item))
    );
    const close = button("Close", () => root.hidePopover(), { class: "quiet" });
    const list = html("dl", {}, ...facts.flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, value)]));
    root.hidePopover();
    root.setAttribute("aria-label", title);
    root.replaceChildren(html("h2", {}, title), list, ...rooms, close);
    root.showPopover();
    const [place, frame] = [at.getBoundingClientRect(), document.documentElement];
    const { offsetWidth: width, offsetHeight: height } = root;
    const left = Math.max(8, Math.min(place.left + place.width / 2 - width / 2, frame.clientWidth - width - 8));
    const isBelow = place.bottom + 6 + height < innerHeight;
    const top = isBelow ? place.bottom + 6 : Math.max(8, Math.min(place.top - height - 6, innerHeight - height - 8));
    root.style.left = `${left + scrollX}px`;
    root.style.top = `${top + scrollY}px`;
    root.querySelector("button")?.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent): void {
    const items = [...this.#root.querySelectorAll("button")];
    const at = items.findIndex((item) => item === document.activeElement);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    event.stopPropagation();
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    items[(moves[event.key] + items.length) % items.length].focus();
  }
}
