/**
 * A run to take away: as the end of an address, as a scenario file, as a line of a notebook.
 *
 * @module
 */
import { completeScenarioOptions, type Scenario } from "../scenario/scenario.ts";
import type { ScenarioOptions, Step } from "../scenario/schema.ts";
import { readScenario, refuse, requireScenario, scenarioProblems } from "../scenario/validate.ts";
import type { Ticks } from "../raft/mod.ts";
import { isDouble } from "./doubles.ts";
import type { Branch, Plan } from "./session.ts";
import type { Touch } from "./touch.ts";

/** A run, and the tick that is looked at. */
export interface Shared {
  readonly plan: Plan;
  readonly tick: Ticks;
}

/** A cluster in which nothing happens by itself but Raft. */
export const SANDBOX: Scenario = {
  name: "sandbox",
  summary: "click a node, a link or a message, and do something to it",
  steps: [],
};

/**
 * A sandbox with a setting of its own.
 *
 * @throws {ScenarioError} naming what is wrong with it.
 */
export function sandboxOf(setting: unknown, options: Partial<ScenarioOptions> = {}): Scenario {
  if (setting === undefined) return SANDBOX;
  const read = readScenario({ name: SANDBOX.name, setting, steps: [{ do: "run", ticks: 1 }] }, options);
  return { ...SANDBOX, setting: read.setting };
}

/** A scenario as data: its steps for these options, without its programs. */
export function dataOf(scenario: Scenario, options: ScenarioOptions) {
  const { summary, premise, shows } = scenario;
  const { steps } = requireScenario(scenario, options);
  return { ...fileOf(scenario, options, steps), summary, premise, shows };
}

/**
 * A plan as data that JSON can carry.
 *
 * @param own A scenario that the reader of the data knows: its name stands for it.
 * @throws {RangeError} if a rule of it is a program, which no data can carry.
 */
export function planData({ scenario, options, double, touches }: Plan, tick: Ticks, own: Scenario | null = null) {
  if (scenario.mutation !== undefined) {
    throw new RangeError(
      `Cannot put ${scenario.name} into a page: its rule is a program; use one of the doubles there`,
    );
  }
  const isNamed = scenario.name === SANDBOX.name || scenario === own;
  const { setting } = scenario.name === SANDBOX.name ? scenario : {};
  return {
    scenario: isNamed ? scenario.name : dataOf(scenario, options),
    setting,
    options,
    double,
    tick,
    touches: touches.map(({ tick, step }) => [tick, step] as const),
  };
}

/**
 * The plan that `data` is, which may come from anywhere.
 *
 * @param own A scenario that may be meant by its name.
 * @throws {Error} that says what is wrong with it.
 */
export function readPlan(data: unknown, own: Scenario | null = null): Shared {
  const { scenario, setting, options: given, double, tick, touches }: Record<string, unknown> = Object(data);
  const known = scenario === SANDBOX.name
    ? sandboxOf(setting, Object(given))
    : own !== null && scenario === own.name
    ? own
    : readScenario(scenario, Object(given));
  const options = completeScenarioOptions(known, Object(given));
  requireScenario(known.name === SANDBOX.name ? { ...known, steps: [{ do: "run", ticks: 1 }] } : known, options);
  const done: Touch[] = [touches ?? []].flat(1).map((pair) => {
    const [at, step] = Array.isArray(pair) ? pair : [];
    return { tick: Number(at), step };
  });
  const steps: Step[] = done.flatMap(({ step }) => step);
  if (steps.length > 0) refuse("Cannot do this", scenarioProblems({ name: "touches", steps }, options));
  if (steps.some((step) => step.do === "run" || step.do === "runUntil")) throw new Error("a touch takes no time");
  if (done.some(({ tick }, i) => !(tick >= 0) || tick < (done[i - 1]?.tick ?? 0))) throw new Error("the ticks go back");
  const plan = { scenario: known, options, double: isDouble(double) ? double : null, touches: done };
  return { plan, tick: Number.isSafeInteger(tick) ? Number(tick) : 0 };
}

/** The end of an address that leads to this run. */
export function hashOf(plan: Plan, tick: Ticks, own: Scenario | null = null): string {
  const bytes = new TextEncoder().encode(JSON.stringify(planData(plan, tick, own)));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `#${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/**
 * The run that `hash` leads to.
 *
 * @throws {Error} that says what is wrong with it.
 */
export function readHash(hash: string, own: Scenario | null = null): Shared {
  return readPlan(dataIn(hash), own);
}

function dataIn(hash: string): unknown {
  try {
    const text = atob(hash.replace(/^#/, "").replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0))));
  } catch {
    throw new Error("what follows # is not whole");
  }
}

/** A scenario, without its programs, as data with these steps. */
function fileOf({ name, setting, disks }: Scenario, { nodes }: ScenarioOptions, steps: readonly Step[]) {
  return { name, nodes, setting, disks, steps };
}

/** What was done so far as a scenario file, and the command that plays it. */
export function scenarioFile(branch: Branch): { readonly file: string; readonly command: string } {
  const { scenario, options } = branch.plan;
  const steps = branch.stepsSoFar();
  const data = fileOf(scenario, options, steps.length === 0 ? [{ do: "run", ticks: 1 }] : steps);
  const { seed, key, value } = options;
  const others = (key === "x" ? "" : ` --key ${key}`) + (value === "a" ? "" : ` --value ${value}`);
  return {
    file: `${JSON.stringify(data, null, 1)}\n`,
    command: `deno task demo --scenario ${scenario.name}.json --seed ${seed}${others}`,
  };
}

/** What was done so far as a line for a notebook. */
export function notebookLine(branch: Branch): string {
  const { scenario, options } = branch.plan;
  const data = JSON.stringify(fileOf(scenario, options, branch.stepsSoFar()));
  return `await show(player(play(${data}, ${JSON.stringify({ seed: options.seed })}), { title: "My run" }));`;
}
