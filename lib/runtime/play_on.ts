/**
 * Playing a scenario on any runtime.
 *
 * @module
 */
import type { Observer, TraceRow } from "../trace/rows.ts";
import { perform } from "../scenario/perform.ts";
import { completeScenarioOptions, type Scenario, type ScenarioOptions, stepsOf } from "../scenario/scenario.ts";
import { requireScenario } from "../scenario/schema.ts";
import { Stage } from "../scenario/stage.ts";
import type { Step } from "../scenario/step.ts";
import { refusalOf } from "./refusal.ts";
import { type Runtime, RuntimeError, type RuntimeKind, type RuntimeOptions } from "./runtime.ts";
import { startRuntime } from "./start.ts";

/** The runtime that a scenario needs: its setting, its nodes and its seed; `observer` is told what happens there. */
export function runtimeOptionsFor(scenario: Scenario, options: ScenarioOptions, observer: Observer): RuntimeOptions {
  const { setting = {}, mutation } = scenario;
  const { nodes, seed } = options;
  return { ...setting, nodes, seed, observer, ...(mutation === undefined ? {} : { mutation }) };
}

/** Requests that a node hears of only when its task takes them. A tick later it has, and has said what it did. */
const REQUESTS: ReadonlySet<Step["do"]> = new Set(["propose", "campaign", "compact", "restart"]);

const PAUSE: Step = { do: "run", ticks: 1 };

/**
 * Play `scenario` to its end, on a runtime that was started with `runtimeOptionsFor` it: whether all was as expected. After
 * each request the story waits a tick, for the node is somewhere else; not in the loop. The runtime goes on afterwards; close it.
 *
 * @param observer Told what the scenario says and expects.
 * @throws {RuntimeError} if the runtime refuses the scenario, or comes to an end; naming the node if one failed.
 */
export async function playOn(
  runtime: Runtime,
  scenario: Scenario,
  options: ScenarioOptions,
  observer: Observer,
): Promise<boolean> {
  const refusal = runtime.refuse(scenario);
  if (refusal !== null) throw new RuntimeError(refusal);
  const waits = (step: Step) => runtime.kind !== "loop" && REQUESTS.has(step.do);
  const steps = stepsOf(scenario, options).flatMap((step) => waits(step) ? [step, PAUSE] : [step]);
  const stage = new Stage(runtime, options, (row) => observer(withoutPauses(row, steps)));
  for (const _ of perform(steps, stage)) await runtime.nextTick();
  return !stage.failed;
}

/** A step that could not be taken is named by its number in the scenario, which knows no pauses. */
function withoutPauses(row: TraceRow, steps: readonly Step[]): TraceRow {
  if (row.kind !== "expectation") return row;
  const text = row.text.replace(/^step (\d+)/, (_, number) => {
    return `step ${steps.slice(0, Number(number)).filter((step) => step !== PAUSE).length}`;
  });
  return { ...row, text };
}

/**
 * Play `scenario` on a runtime of its own, which is ended afterwards: whether all was as expected.
 *
 * @param more How long a tick takes, what ends the run early, and, for `tasks`, where time comes from.
 * @throws {ScenarioError} naming what is wrong with the scenario or the options, or why it cannot be played with them.
 * @throws {RuntimeError} if this kind of runtime refuses the scenario, or comes to an end; naming the node if one failed.
 *
 * @example The leader falls silent; every node in a task of its own.
 * ```ts
 * import { dropLeader, playIn, Trace, VirtualClock } from "hello-raft";
 * import { ok } from "node:assert/strict";
 *
 * const trace = new Trace();
 * ok(await playIn("tasks", dropLeader, { nodes: 5, seed: 3 }, trace.record, { clock: new VirtualClock() }));
 * ```
 */
export async function playIn(
  kind: RuntimeKind,
  scenario: Scenario,
  options: Partial<ScenarioOptions>,
  observer: Observer,
  more: Pick<RuntimeOptions, "tickMs" | "signal" | "clock" | "diskOf"> = {},
): Promise<boolean> {
  const complete = completeScenarioOptions(scenario, options);
  requireScenario(scenario, complete);
  const refusal = refusalOf(scenario, kind, kind === "loop" || more.clock?.onDemand === true);
  if (refusal !== null) throw new RuntimeError(refusal);
  const disks = scenario.disks === "files" ? { diskOf: (await import("../storage/file_disk.ts")).losingDisks() } : {};
  const runtime = await startRuntime(kind, { ...runtimeOptionsFor(scenario, complete, observer), ...disks, ...more });
  try {
    return await playOn(runtime, scenario, complete, observer);
  } finally {
    await runtime.close();
  }
}
