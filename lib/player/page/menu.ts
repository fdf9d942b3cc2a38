/**
 * What can be done to a node, a link or a message.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Act } from "../../scenario/perform.ts";
import { type ClusterState, linkOf } from "../../trace/fold.ts";
import { messageText } from "../../trace/transcript.ts";
import { button, html } from "./dom.ts";
import type { Target } from "./stage.ts";

/** Something to choose. */
interface Choice {
  readonly label: string;
  readonly step: Act;
}

/** What can be done to `target` now; `value` is what a client would write next. */
export function choicesOf(
  target: Target,
  state: ClusterState,
  key: string,
  value: string,
): { title: string; choices: Choice[] } {
  switch (target.kind) {
    case "node":
      return { title: `Node ${target.node}`, choices: nodeChoices(target.node, state, key, value) };
    case "link":
      return { title: `Link of nodes ${target.nodes.join(" and ")}`, choices: linkChoices(...target.nodes, state) };
    case "message": {
      const { id, message, fate } = target.flying;
      const step = (verb: "drop" | "hold" | "release" | "duplicate"): Act => ({ do: `${verb}Messages`, id });
      const choices: Choice[] = fate === "lost" ? [] : [
        { label: "Lose it", step: step("drop") },
        { label: "Hold it back", step: step("hold") },
        { label: "Deliver it next", step: step("release") },
        { label: "Send it twice", step: step("duplicate") },
      ];
      return {
        title: `${messageText(message)}: node ${message.from} to node ${message.to}${
          "term" in message ? `, term ${message.term}` : ""
        }`,
        choices,
      };
    }
  }
}

function nodeChoices(node: number, { nodes }: ClusterState, key: string, value: string): Choice[] {
  const now = nodes.get(node);
  if (now?.running === false) return [{ label: "Restart", step: { do: "restart", nodes: node } }];
  return [
    { label: `Client: Put ${key} = ${value}`, step: { do: "propose", to: node, command: { kind: "Put", key, value } } },
    { label: `Client: Get ${key}, through the log`, step: { do: "propose", to: node, command: { kind: "Get", key } } },
    { label: "Time out now", step: { do: "campaign", nodes: node } },
    now?.clockPaused
      ? { label: "Let its clock run", step: { do: "resumeClock", nodes: node } }
      : { label: "Pause its clock", step: { do: "pauseClock", nodes: node } },
    { label: "Cut all its links", step: { do: "cut", from: node, to: "all" } },
    { label: "Mend all its links", step: { do: "mend", from: node, to: "all" } },
    { label: "Snapshot, and cut its log", step: { do: "compact", nodes: node, keep: 0 } },
    { label: "Stop", step: { do: "stop", nodes: node } },
  ];
}

function linkChoices(a: number, b: number, state: ClusterState): Choice[] {
  const both = { from: a, to: b };
  const one = { ...both, oneWay: true };
  const other = { from: b, to: a, oneWay: true };
  const isOpen = [linkOf(state, a, b), linkOf(state, b, a)].every((link) => link.state === "open");
  return [
    ...(isOpen ? [] : [{ label: "Mend", step: { do: "mend", ...both } } as const]),
    { label: "Cut, both ways", step: { do: "cut", ...both } },
    { label: `Cut from ${a} to ${b}`, step: { do: "cut", ...one } },
    { label: `Cut from ${b} to ${a}`, step: { do: "cut", ...other } },
    { label: "Hold its messages back", step: { do: "hold", ...both } },
    { label: "Slow: 4 ticks a message", step: { do: "delay", ...both, ticks: 4 } },
    { label: "Fast: 1 tick a message", step: { do: "delay", ...both, ticks: 1 } },
    { label: "Lose the next 3 messages", step: { do: "dropNext", from: [a, b], to: [a, b], count: 3 } },
  ];
}

/** A menu beside what it is about; it closes when something is chosen, by Escape, or when the focus leaves it. */
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

  /** Open for `target`, which `at` stands for. */
  open(title: string, choices: readonly Choice[], at: Element): void {
    const items = choices.map(({ label, step }) =>
      button(label, () => {
        this.close(true);
        this.choose(step);
      }, { role: "menuitem" })
    );
    const close = button("Close", () => this.close(true), { role: "menuitem", class: "quiet" });
    this.#root.setAttribute("aria-label", title);
    this.#root.replaceChildren(html("p", { role: "presentation" }, title), ...items, close);
    this.#root.hidden = false;
    const [place, frame] = [at.getBoundingClientRect(), document.documentElement];
    const { offsetWidth: width, offsetHeight: height } = this.#root;
    const left = Math.max(8, Math.min(place.left + place.width / 2 - width / 2, frame.clientWidth - width - 8));
    const below = place.bottom + 6;
    const top = below + height < frame.clientHeight
      ? below
      : Math.max(8, Math.min(place.top - height - 6, frame.clientHeight - height - 8));
    this.#root.style.left = `${left + scrollX}px`;
    this.#root.style.top = `${top + scrollY}px`;
    this.#from = at;
    (items[0] ?? close).focus({ preventScroll: true });
  }

  /** Close; the focus goes back to where it came from, if it is still here. */
  close(returns: boolean): void {
    if (this.#root.hidden) return;
    this.#root.hidden = true;
    const key = this.#from?.getAttribute("data-key");
    const again = [...document.querySelectorAll("[data-key]")].find((each) => each.getAttribute("data-key") === key);
    if (returns && (again instanceof SVGElement || again instanceof HTMLElement)) again.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent): void {
    const items = [...this.#root.querySelectorAll("button")];
    const at = items.findIndex((item) => item === document.activeElement);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    event.stopPropagation();
    if (event.key === "Escape") return this.close(true);
    if (!(event.key in moves)) return;
    event.preventDefault();
    items[(moves[event.key] + items.length) % items.length].focus();
  }
}
