/**
 * Scenarios that readers write, checked: every problem with its place.
 *
 * Floor 7. The shape is checked here, with zod; names and ids, which depend on each other, in `meaning.ts`.
 *
 * @module
 */
import * as z from "zod/mini";
import { ClusterError, completeOptions } from "../cluster_options.ts";
import { meaningProblems, type Problem } from "./meaning.ts";
import { type Scenario, type ScenarioOptions, type Setting, stepsOf } from "./scenario.ts";
import { ScenarioError } from "./stage.ts";
import type { Step } from "./step.ts";
import { must, stepSchema } from "./step_schema.ts";

const text = z.string(must("text"));
const sentences = z.optional(z.array(text, must("a list of sentences")));
const number = z.optional(z.number(must("a number")));

const fileSchema = z.strictObject({
  name: text.check(z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be words of small letters and digits, joined by hyphens")),
  summary: z.optional(text),
  premise: sentences,
  nodes: z.optional(z.int(must("a whole number from 1 to 9")).check(z.gte(1), z.lte(9))),
  setting: z.optional(z.strictObject({
    latency: number,
    electionTick: number,
    heartbeatTick: number,
    maxSizePerMsg: number,
    maxInflightMsgs: number,
    logs: z.optional(z.array(z.array(z.int(must("a term")), must("a list of terms")), must("a list of logs"))),
  }, must("an object"))),
  steps: z.array(stepSchema, must("a list of steps")).check(z.minLength(1, "must not be empty")),
  shows: sentences,
  finding: z.optional(text),
  chart: z.optional(z.enum(["timeline", "roleLanes", "termStaircase"], must("timeline, roleLanes or termStaircase"))),
  next: sentences,
}, must("an object"));

/** Everything that is wrong with `data` as a scenario; empty if it is one. */
export function scenarioProblems(data: unknown, options: Partial<ScenarioOptions> = {}): Problem[] {
  const result = fileSchema.safeParse(data);
  if (!result.success) return result.error.issues.map(({ path, message }) => ({ path: pathOf(path), message }));
  const { nodes = 3, setting = {}, steps } = result.data;
  return [...settingProblems(setting, options.nodes ?? nodes), ...meaningProblems(steps, options.nodes ?? nodes)];
}

/**
 * `data`, which may come from anywhere, as a scenario.
 *
 * @throws {ScenarioError} naming everything that is wrong with it, a line each.
 */
export function readScenario(data: unknown, options: Partial<ScenarioOptions> = {}): Scenario {
  refuse("Cannot read the scenario", scenarioProblems(data, options));
  return fileSchema.parse(data);
}

/**
 * The steps of a scenario for these options, if it can be played with them.
 *
 * @throws {ScenarioError} naming everything that is wrong with it, a line each, or why it cannot be played.
 */
export function requireScenario(scenario: Scenario, options: ScenarioOptions): readonly Step[] {
  const { refuse: reason = () => null, sabotage: _sabotage, sequel: _sequel, ...data } = scenario;
  const no = reason(options);
  if (no !== null) throw new ScenarioError(`Cannot play ${scenario.name}: ${no}`);
  const steps = stepsOf(scenario, options);
  refuse(`Cannot play ${scenario.name}`, scenarioProblems({ ...data, steps }, options));
  return steps;
}

function refuse(what: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `\n  ${path === "" ? "it" : path} ${message}`);
  throw new ScenarioError(`${what}:${lines.join("")}`);
}

function settingProblems(setting: Setting, nodes: number): Problem[] {
  try {
    completeOptions({ ...setting, nodes });
    return [];
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return [{ path: "setting", message: error.message.replace("Cannot make a cluster", "makes no cluster") }];
  }
}

/** `["steps", 3, "until"]` as `steps[3].until`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.map((key, i) => typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`).join("");
}
