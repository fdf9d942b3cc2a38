/**
 * Playing a scenario in the runtime, where every node is a task of its own.
 *
 * @module
 */
import { RuntimeError, type RuntimeOptions } from "../runtime/runtime.ts";
import { startRuntime } from "../runtime/start.ts";
import type { Observer } from "../trace/rows.ts";
import { disksFor } from "./run.ts";
import { clusterOptionsFor, perform } from "./perform.ts";
import { completeScenarioOptions, type Scenario, stepsOf } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";
import { requireScenario } from "./validate.ts";
import { Stage } from "./stage.ts";

/** What a step relies on whose meaning hangs on the very tick in which something happens. */
function reliesOn(verb: Step["do"]): string | undefined {
  if (verb.endsWith("Messages")) return "means the messages in flight at the end of a tick";
  return verb === "fixTimeout" ? "means that nodes time out in the same tick, time after time" : undefined;
}

/** Requests that a node hears of only when its task takes them. A tick later it has, and has said what it did. */
const REQUESTS: ReadonlySet<Step["do"]> = new Set([
  "propose",
  "request",
  "confChange",
  "campaign",
  "read",
  "transfer",
  "compact",
  "restart",
]);

/**
 * Why `scenario` cannot be played in tasks; `null` if it can.
 *
 * @param time On a virtual clock, with disks that take no time, all that can happen in a tick has happened at its end.
 */
export function refusalInTasks(scenario: Scenario, time: "virtual" | "real"): string | null {
  const cannot = `Cannot play ${scenario.name} in tasks`;
  const verbs = stepsOf(scenario, completeScenarioOptions(scenario, {})).map((step) => step.do);
  if (verbs.includes("crashAfter")) {
    return `${cannot}: its step crashAfter stops a node inside its ready loop, and a task is seen from outside only; play it in a cluster`;
  }
  const exact = time === "virtual" ? undefined : verbs.find((verb) => reliesOn(verb) !== undefined);
  if (exact === undefined) return null;
  return `${cannot} with real time: its step ${exact} ${
    reliesOn(exact)
  }, and there that is chance; play it in a cluster`;
}

/**
 * Play `scenario` on a runtime of its own, which is ended afterwards: whether all was as expected. After each request the
 * story waits a tick, for the node is somewhere else.
 *
 * @param more How long a tick takes, what ends the run early, where time comes from, and where the logs are.
 * @throws {ScenarioError} naming what is wrong with the scenario or the options, or why it cannot be played with them.
 * @throws {RuntimeError} if the scenario cannot be played in tasks, or the run comes to an end; naming the node if one failed.
 *
 * @example The leader falls silent; every node in a task of its own.
 * ```ts
 * import { dropLeader, playInTasks, Trace, VirtualClock } from "hello-raft";
 * import { ok } from "node:assert/strict";
 *
 * const trace = new Trace();
 * ok(await playInTasks(dropLeader, { nodes: 5, seed: 3 }, trace.record, { clock: new VirtualClock() }));
 * ```
 */
export async function playInTasks(
  scenario: Scenario,
  options: Partial<ScenarioOptions>,
  observer: Observer,
  more: Pick<RuntimeOptions, "tickMs" | "signal" | "clock" | "diskOf"> = {},
): Promise<boolean> {
  const { options: complete, steps } = requireScenario(scenario, options);
  const { clock, diskOf = disksFor(scenario) } = more;
  const refusal = refusalInTasks(scenario, clock?.onDemand && diskOf === null ? "virtual" : "real");
  if (refusal !== null) throw new RuntimeError(refusal);
  const runtime = await startRuntime({ ...more, ...clusterOptionsFor(scenario, complete, observer, diskOf) });
  try {
    const stage = new Stage(runtime, complete, observer);
    for (const _ of perform(steps, stage, (step) => REQUESTS.has(step.do))) await runtime.nextTick();
    return !stage.failed;
  } finally {
    await runtime.close();
  }
}
