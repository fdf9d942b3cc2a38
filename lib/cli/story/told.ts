/**
 * What a story consists of: sentences at ticks, and what stands between them.
 *
 * @module
 */
import type { Index, NodeId, Term, Ticks } from "../../raft/mod.ts";
import { nodeList } from "../../trace/text.ts";
import { type Paint, sentence, type Style, wrap } from "../terminal.ts";

/** What sentences are about, in the order of cause and effect within a tick. */
export const ABOUT = [
  "campaign",
  "vote",
  "role",
  "replace",
  "decide",
  "learn",
  "apply",
  "messages",
  "deed",
  "expectation",
] as const;

/** What a sentence is about; a deed is what is done to the cluster. */
export type About = typeof ABOUT[number];

/** A sentence at a tick; nodes of which the same is said share one. */
export interface Sentence {
  readonly tick: Ticks;
  readonly about: About;
  readonly style: Style;
  readonly nodes: readonly NodeId[];
  /** What one node does, and what several do; or, if it is about no node, the whole of it. */
  readonly one: string;
  readonly many: string;
  /** The term of a campaign or vote, the index of what is applied. */
  readonly number: Term | Index | null;
  /** What stands below it. */
  readonly more: string;
  /** What was applied, in short. */
  readonly brief: string;
}

/** Lines that stand as they are. */
export interface Block {
  readonly about: "heading" | "block";
  readonly lines: () => readonly string[];
}

/** What a story is made of. */
export type Told = Sentence | Block;

/** `told` as lines. */
export function layOut(told: readonly Told[], paint: Paint, columns: number): string[] {
  return told.flatMap((item) => {
    if ("lines" in item) return item.lines();
    const text = sentence(textOf(item));
    const when = `tick ${String(item.tick).padStart(3)}`;
    const more = item.more === "" ? [] : wrap(" ".repeat(when.length + 2), sentence(item.more), columns);
    return [...wrap(`${when}  `, text, columns), ...more].map((line, i) =>
      i === 0
        ? `${paint("faint", when)}  ${paint(item.style, line.slice(when.length + 2))}`
        : line.replace(/\S.*/, (words) => paint(item.style, words))
    );
  });
}

function textOf({ nodes, one, many }: Sentence): string {
  if (nodes.length === 0) return one;
  return `${nodeList(nodes)} ${nodes.length === 1 ? one : many}`;
}

/** What a sentence is made of; what is left out is the usual. */
export interface Saying {
  /** Plain, if nothing is said. */
  readonly style?: Style;
  /** Whom it is about; if nobody, `one` is the whole of it. */
  readonly node?: NodeId | undefined;
  /** What one node does. */
  readonly one: string;
  /** What several do: the same with another verb … */
  readonly verb?: string;
  /** … or other words. */
  readonly many?: string;
  /** The term of a campaign or vote, the index of what is applied. */
  readonly number?: Term | Index | null;
  /** What stands below it. */
  readonly more?: string;
  /** What was applied, in short. */
  readonly brief?: string;
}

/** The sentences of one tick, or of what is done between two. */
export class Moment {
  #sentences: (Sentence & { readonly nodes: NodeId[] })[] = [];

  /** In a tick the order is that of cause and effect, `between` ticks that in which things are done. */
  constructor(readonly tick: Ticks, readonly between: boolean) {}

  /** Add a sentence, or a node to the sentence that says the same. */
  say(about: About, saying: Saying): void {
    const { style = "plain", node, one, verb = "$&", number = null, more = "", brief = "" } = saying;
    const { many = one.replace(/^\S+/, verb) } = saying;
    const candidates = this.between ? this.#sentences.slice(-1) : this.#sentences;
    const same = candidates.find((other) => other.about === about && other.one === one);
    if (same !== undefined && node !== undefined && !same.nodes.includes(node)) same.nodes.push(node);
    if (same !== undefined && node !== undefined) return;
    const nodes = node === undefined ? [] : [node];
    this.#sentences.push({ tick: this.tick, about, style, nodes, one, many, number, more, brief });
  }

  /** What was said, in its order; what is applied, in the order of indices. */
  sentences(): Sentence[] {
    if (this.between) return this.#sentences;
    const rank = ({ about, number }: Sentence) => [ABOUT.indexOf(about), about === "apply" ? number ?? 0 : 0] as const;
    return this.#sentences.sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
  }
}
