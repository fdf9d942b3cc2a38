/**
 * Taking a scenario's steps, one after the other.
 *
 * Whoever drives lets a tick pass each time one is due, and may stop at any of them.
 *
 * @module
 */
import { ClusterError } from "../cluster_options.ts";
import { NetworkError } from "../network.ts";
import type { Ticks } from "../raft/mod.ts";
import { act } from "./act.ts";
import { judge } from "./condition.ts";
import { ScenarioError, type Stage } from "./stage.ts";
import type { Condition, Step } from "./step.ts";

/** How long a `runUntil` step waits if nothing is said. */
const WITHIN: Ticks = 400;

/** Where a tick is due. */
export type Performance = Generator<void, void>;

/**
 * Take `steps` on `stage`: each `next` goes on up to the next due tick. Ends early where something awaited did not happen,
 * or a step cannot be taken; the stage has failed then, and the observer has been told why.
 *
 * @param pausesAfter After which steps a tick is due before the next one. Default: none.
 */
export function* perform(
  steps: readonly Step[],
  stage: Stage,
  pausesAfter: (step: Step) => boolean = () => false,
): Performance {
  for (const [i, step] of steps.entries()) {
    if (step.title !== undefined) stage.say({ kind: "part", tick: stage.cluster.now, title: step.title });
    try {
      if (!(yield* take(step, stage))) return;
      if (pausesAfter(step)) yield;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return stage.judge({ text: `step ${i + 1} (${step.do}) can be taken`, holds: false, found: error.message });
    }
  }
}

/** Whether the story can go on after it. */
function* take(step: Step, stage: Stage): Generator<void, boolean> {
  switch (step.do) {
    case "run":
      for (let i = 0; i < step.ticks; i++) yield;
      return true;
    case "runUntil":
      return yield* runUntil(step.until, step.within ?? WITHIN, stage);
    case "expect": {
      const judgement = judge(step.that, stage);
      stage.judge({ ...judgement, text: step.text ?? judgement.text });
      return true;
    }
    default:
      act(step, stage);
      return true;
  }
}

/** Whether the step was refused, by the cluster as it is. */
function isRefusal(error: unknown): error is Error {
  return error instanceof ScenarioError || error instanceof ClusterError || error instanceof NetworkError;
}

function* runUntil(until: Condition, within: Ticks, stage: Stage): Generator<void, boolean> {
  for (let ticks = 0;; ticks++) {
    const { text, holds, found } = judge(until, stage);
    if (holds) return true;
    if (ticks === within) {
      stage.judge({ text: `within ${within} ${within === 1 ? "tick" : "ticks"}, ${text}`, holds, found });
      return false;
    }
    yield;
  }
}
