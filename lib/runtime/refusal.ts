/**
 * Which scenarios a runtime cannot play.
 *
 * @module
 */
import type { Scenario } from "../scenario/scenario.ts";
import { completeScenarioOptions, stepsOf } from "../scenario/scenario.ts";
import type { Step } from "../scenario/step.ts";
import type { RuntimeKind } from "./runtime.ts";

const IN_FLIGHT = "means the messages in flight at the end of a tick";

/** Steps whose meaning hangs on the very tick in which something happens, and what they rely on. */
const EXACT: Partial<Readonly<Record<Step["do"], string>>> = {
  dropMessages: IN_FLIGHT,
  holdMessages: IN_FLIGHT,
  releaseMessages: IN_FLIGHT,
  duplicateMessages: IN_FLIGHT,
  fixTimeout: "means that nodes time out in the same tick, time after time",
};

/** Whether a step cannot be taken where nodes are tasks of their own, whatever the clock. */
const crashesInside = ({ do: action }: Step) => action === "crashAfter";

/** Why `scenario` cannot be played in a runtime of this kind; `null` if it can. */
export function refusalOf(scenario: Scenario, kind: RuntimeKind, exact: boolean): string | null {
  const { name, mutation } = scenario;
  if (mutation !== undefined && kind === "workers") {
    return `Cannot play ${name} in workers: it takes a rule out of the nodes, which are in other threads; take loop or tasks`;
  }
  const steps = stepsOf(scenario, completeScenarioOptions(scenario, {}));
  if (kind !== "loop" && steps.some(crashesInside)) {
    return `Cannot play ${name} in ${kind}: its step crashAfter stops a node inside its ready loop, and a task is seen from ` +
      "outside only; take loop";
  }
  if (exact) return null;
  for (const step of steps) {
    const meaning = EXACT[step.do];
    if (meaning === undefined) continue;
    return `Cannot play ${name} in ${kind} with real time: its step ${step.do} ${meaning}, and there that is chance; ` +
      "take loop (or, in a program, tasks with a virtual clock)";
  }
  return null;
}
