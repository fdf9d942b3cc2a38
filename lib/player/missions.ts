/**
 * Things to try in the page: each has a beginning, and a check that says how far one has come.
 *
 * @module
 */
import { conditionOf, type Scene } from "../trace/fold.ts";
import type { Act } from "../scenario/perform.ts";
import { SANDBOX } from "./share.ts";
import type { Double } from "./doubles.ts";
import type { Branch, Plan } from "./session.ts";

/** A thing to try. */
export interface Mission {
  readonly name: string;
  /** What to do. */
  readonly task: string;
  /** The cluster it begins with. */
  readonly nodes: number;
  readonly seed: number;
  readonly double?: Double;
  /** What is to be said of the run so far; done, if it is accomplished. */
  readonly judge: (branch: Branch) => { readonly done: boolean; readonly text: string };
}

/** Steps that only lose messages. */
const DROPS: ReadonlySet<Act["do"]> = new Set<Act["do"]>(["dropMessages", "dropNext"]);

function leadersIn({ state }: Scene): number {
  return [...state.nodes.values()].filter((node) => conditionOf(node) === "leader").length;
}

/** The first tick in which anybody leads; `Infinity` if nobody does. */
function firstLeader(scenes: readonly Scene[]): number {
  return scenes.find((scene) => leadersIn(scene) > 0)?.tick ?? Infinity;
}

/** Every mission, the easier first. */
export const MISSIONS: readonly Mission[] = [
  {
    name: "Two leaders",
    task: "Make two nodes believe at the same time that they lead.",
    nodes: 5,
    seed: 7,
    judge(branch) {
      const most = Math.max(0, ...branch.scenes.map(leadersIn));
      const text = most > 1
        ? "Two led at the same time, in two terms: only one of them could commit."
        : "At most one has led at a time. What does a leader know that hears nobody?";
      return { done: most > 1, text };
    },
  },
  {
    name: "Nobody leads",
    task: "Keep three nodes without a leader for 60 ticks. You may lose six messages, and do nothing else.",
    nodes: 3,
    seed: 4,
    judge(branch) {
      const others = branch.touches.filter(({ step }) => !DROPS.has(step.do)).length;
      const lost = branch.trace.rows.filter((row) => row.kind === "message" && row.event === "dropped").length;
      const until = Math.min(firstLeader(branch.scenes), branch.now);
      if (others > 0) return { done: false, text: "Something else was done than losing a message: go back." };
      if (lost > 6) return { done: false, text: `${lost} messages were lost: six at most.` };
      const done = until >= 60 && firstLeader(branch.scenes) > 60;
      return { done, text: `${done ? "Done" : "So far"}: ${until} ticks without a leader, ${lost} messages lost.` };
    },
  },
  {
    name: "Lose a committed write",
    task:
      "A rule is broken here: leaders commit entries of old terms. Make a node apply a write that the others never see.",
    nodes: 5,
    seed: 7,
    double: "old-terms",
    judge({ broken }) {
      const text = broken === null
        ? "No invariant is broken yet. The paper's Figure 8 shows the way."
        : `Broken: ${broken.violation.message}`;
      return { done: broken !== null, text };
    },
  },
];

/** Where a mission begins. */
export function planOf({ nodes, seed, double = undefined }: Mission): Plan {
  return {
    scenario: SANDBOX,
    options: { nodes, seed, key: "x", value: "a" },
    double: double ?? null,
    touches: [],
  };
}
