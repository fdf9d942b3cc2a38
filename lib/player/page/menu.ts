/**
 * What a node, a link or a message is, and what can be done to it.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Act } from "../../scenario/perform.ts";
import { type ClusterState, conditionOf, leaderOf, linkOf } from "../../trace/fold.ts";
import { messageText } from "../../trace/transcript.ts";
import { button, html } from "./dom.ts";
import { changesOf } from "./members.ts";
import { majorityText } from "../places.ts";
import type { Flying, Target } from "./stage.ts";

/** Something to choose. */
interface Choice {
  readonly label: string;
  readonly step: Act;
}

/** What stands in a menu. */
interface Choices {
  readonly title: string;
  /** What it is, by name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly choices: readonly Choice[];
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
    choices: fate === "lost" ? [] : [
      { label: "Lose it", step: step("drop") },
      { label: "Hold it back", step: step("hold") },
      { label: "Deliver it next", step: step("release") },
      { label: "Send it twice", step: step("duplicate") },
    ],
  };
}

function nodeChoices(id: number, state: ClusterState, { key, value }: Write): Choices {
  const { nodes } = state;
  const node = nodes.get(id);
  if (node === undefined) return { title: `Node ${id}`, facts: [], choices: [] };
  const { term, vote, leader, lastIndex, commit, applied, timer, running, clockPaused } = node;
  const last = node.log.entry(lastIndex);
  const facts = [
    ["term", `${term}`],
    ["votedFor", vote === null ? "nobody" : `node ${vote}`],
    ["leader", leader === null ? "none known" : `node ${leader}`],
    ["last entry", last === undefined ? "none" : `index ${lastIndex}, term ${last.term}`],
    ["commit, applied", `${commit}, ${applied}`],
    ["goes by", majorityText(node.configuration)],
    ["timer", timer === null ? "none" : `${timer.elapsed} of ${timer.timeout} ticks${clockPaused ? ", paused" : ""}`],
  ] as const;
  const choices: Choice[] = running
    ? [
      { label: `Client: Put ${key} = ${value}`, step: { do: "propose", to: id, command: { kind: "Put", key, value } } },
      { label: `Client: Get ${key}, through the log`, step: { do: "propose", to: id, command: { kind: "Get", key } } },
      { label: `Client: read ${key} from its store`, step: { do: "read", way: "store", to: id, key } },
      { label: `Client: read ${key} by ReadIndex`, step: { do: "read", way: "readIndex", to: id, key } },
      { label: "Time out now", step: { do: "campaign", nodes: id } },
      clockPaused
        ? { label: "Let its clock run", step: { do: "resumeClock", nodes: id } }
        : { label: "Pause its clock", step: { do: "pauseClock", nodes: id } },
      { label: "Snapshot, and compact its log", step: { do: "compact", nodes: id, keep: 0 } },
      { label: "Stop", step: { do: "stop", nodes: id } },
    ]
    : [{ label: "Restart", step: { do: "restart", nodes: id } }];
  choices.push(...changesOf(state, id));
  const lead = leaderOf(state)?.node ?? id;
  if (running && lead !== id) {
    choices.push({ label: "Hand the lead over to it", step: { do: "transfer", to: id, from: lead } });
  }
  const links: Choice[] = [
    { label: "Cut all its links", step: { do: "cut", from: id, to: "all" } },
    { label: "Mend all its links", step: { do: "mend", from: id, to: "all" } },
  ];
  return { title: `Node ${id}, ${conditionOf(node)}`, facts, choices: [...choices, ...(nodes.size > 1 ? links : [])] };
}

function linkChoices(a: number, b: number, state: ClusterState): Choices {
  const both = { from: a, to: b };
  const [there, back] = [linkOf(state, a, b).state, linkOf(state, b, a).state];
  const mend: Choice[] = there === "open" && back === "open" ? [] : [{ label: "Mend", step: { do: "mend", ...both } }];
  return {
    title: `Nodes ${a} and ${b}`,
    facts: [[`${a} to ${b}`, there], [`${b} to ${a}`, back]],
    choices: [
      ...mend,
      { label: "Cut, both ways", step: { do: "cut", ...both } },
      { label: `Cut from ${a} to ${b}`, step: { do: "cut", ...both, oneWay: true } },
      { label: `Cut from ${b} to ${a}`, step: { do: "cut", from: b, to: a, oneWay: true } },
      { label: "Hold its messages back", step: { do: "hold", ...both } },
      { label: "Slow: 4 ticks a message", step: { do: "delay", ...both, ticks: 4 } },
      { label: "Fast: 1 tick a message", step: { do: "delay", ...both, ticks: 1 } },
      { label: "Lose half, by chance", step: { do: "loss", percent: 50, from: [a, b], to: [a, b] } },
      { label: "Lose none by chance", step: { do: "loss", percent: 0, from: [a, b], to: [a, b] } },
      { label: "Lose the next 3", step: { do: "dropNext", from: [a, b], to: [a, b], count: 3 } },
    ],
  };
}

/** A menu beside what it is about; it closes when something is chosen, by Escape, or when one clicks elsewhere. */
export class Menu {
  readonly #root: HTMLElement;
  #from: Element | null = null;

  constructor(root: HTMLElement, readonly choose: (step: Act) => void) {
    this.#root = root;
    root.addEventListener("keydown", (event) => this.#onKey(event));
    document.addEventListener("click", (event) => {
      if (event.target instanceof Node && !root.contains(event.target)) this.close(false);
    });
  }

  /** Open it for what `at` stands for. */
  open({ title, facts, choices }: Choices, at: Element): void {
    const items = choices.map(({ label, step }) =>
      button(label, () => {
        this.close(true);
        this.choose(step);
      })
    );
    const close = button("Close", () => this.close(true), { class: "quiet" });
    const list = html("dl", {}, ...facts.flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, value)]));
    this.#root.setAttribute("aria-label", title);
    this.#root.replaceChildren(html("h2", {}, title), list, html("div", { class: "choices" }, ...items), close);
    this.#root.hidden = false;
    const [place, frame] = [at.getBoundingClientRect(), document.documentElement];
    const { offsetWidth: width, offsetHeight: height } = this.#root;
    const left = Math.max(8, Math.min(place.left + place.width / 2 - width / 2, frame.clientWidth - width - 8));
    const isBelow = place.bottom + 6 + height < innerHeight;
    const top = isBelow ? place.bottom + 6 : Math.max(8, Math.min(place.top - height - 6, innerHeight - height - 8));
    this.#root.style.left = `${left + scrollX}px`;
    this.#root.style.top = `${top + scrollY}px`;
    this.#from = at;
    (items[0] ?? close).focus({ preventScroll: true });
  }

  /** Close it; the focus goes back to where it came from, if that is still here. */
  close(returns: boolean): void {
    if (this.#root.hidden) return;
    this.#root.hidden = true;
    if (returns && this.#from?.isConnected && this.#from instanceof SVGElement) {
      this.#from.focus({ preventScroll: true });
    }
  }

  #onKey(event: KeyboardEvent): void {
    const items = [...this.#root.querySelectorAll("button")];
    const at = items.findIndex((item) => item === document.activeElement);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    event.stopPropagation();
    if (event.key === "Escape") return this.close(true);
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    items[(moves[event.key] + items.length) % items.length].focus();
  }
}
