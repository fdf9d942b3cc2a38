/**
 * The exercise of notebook 02 in which the reader keeps a cluster without a leader by dropping few messages.
 *
 * @module
 */
import type { MessageType, NodeId, Term, Ticks } from "../raft/mod.ts";
import type { Run } from "../scenario/run.ts";
import type { Step } from "../scenario/schema.ts";
import type { Trace } from "../trace/trace.ts";
import { tryToPlay } from "./stories.ts";

const ALLOWED: readonly string[] = ["run", "runUntil", "dropMessages", "dropNext"];

/** For so many ticks nobody is to lead … */
const TICKS = 60;

/** … and so many messages may be dropped. */
const MOST_DROPS = 6;

/** A plan, played. */
export interface PlayedPlan {
  /** What happened. */
  readonly trace: Trace;
  /** What came of it, as the title of a figure. */
  readonly title: string;
  /** The messages that were dropped; a proposal has no term. */
  readonly drops: readonly { tick: Ticks; type: MessageType; from: NodeId; to: NodeId; term: Term | null }[];
}

/** Play a plan with seed 4, and let time pass behind it. */
function runOf(plan: readonly Step[]): Run | string {
  if (!Array.isArray(plan)) return tryToPlay(plan);
  const other = plan.map((step) => Object(step).do).find((verb) => verb !== undefined && !ALLOWED.includes(verb));
  if (other !== undefined) return `"${other}" is not allowed: let time pass, or drop messages.`;
  return tryToPlay([...plan, { do: "run", ticks: TICKS }], { seed: 4 }, TICKS);
}

function outcomeOf({ trace }: Run) {
  const drops = trace.of("message").filter(({ event, tick }) => event === "dropped" && tick < TICKS);
  const first = trace.of("node").find(({ role, tick }) => role === "leader" && tick <= TICKS);
  return { drops, first };
}

/**
 * Check a plan that keeps three nodes without a leader for 60 ticks, with six dropped messages at most.
 *
 * @example
 * ```ts
 * import { checkPlan, exercise } from "hello-raft";
 *
 * exercise("no leader", [{ do: "dropNext", type: "RequestVote", count: 2 }], checkPlan); // not yet, and how far it goes
 * ```
 */
export function checkPlan(plan: readonly Step[]): string | null {
  const run = runOf(plan);
  if (typeof run === "string") return run;
  const { drops, first } = outcomeOf(run);
  if (drops.length > MOST_DROPS) return `You have dropped ${drops.length} messages; ${MOST_DROPS} are allowed.`;
  if (first === undefined) return null;
  const score = `${first.tick - 1} ticks without a leader; messages dropped: ${drops.length}`;
  return `Node ${first.node} leads from tick ${first.tick}: ${score}.`;
}

/**
 * Play a plan, to look at: where there is none, or it cannot be played, dropping nothing.
 *
 * @example
 * ```ts
 * import { playPlan } from "hello-raft";
 *
 * console.log(playPlan(null).title);
 * ```
 */
export function playPlan(plan: readonly Step[] | null): PlayedPlan {
  const run = runOf(plan ?? []);
  if (typeof run === "string") return playPlan(null);
  const { drops, first } = outcomeOf(run);
  const result = first === undefined
    ? `nobody leads up to tick ${TICKS}`
    : `node ${first.node} leads from tick ${first.tick}`;
  return {
    trace: run.trace,
    title: `Messages dropped: ${drops.length}; ${result}`,
    drops: drops.map((row) => {
      const { tick, type, from, to } = row;
      return { tick, type, from, to, term: "term" in row ? row.term : null };
    }),
  };
}
