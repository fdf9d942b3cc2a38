/**
 * Scenarios that readers write, checked: every problem with its place.
 *
 * Floor 7. The shape is checked here, with zod; names and ids, which depend on each other, in `meaning.ts`.
 *
 * @module
 */
import * as z from "zod/mini";
import { ClusterError, completeOptions } from "../cluster_options.ts";
import { type Known, meaningProblems, type Problem } from "./meaning.ts";
import { type Scenario, type ScenarioOptions, type Setting, stepsOf } from "./scenario.ts";
import { ScenarioError } from "./stage.ts";
import type { Step } from "./step.ts";
import { must, nonEmpty, stepSchema, text, whole } from "./step_schema.ts";

const sentences = z.optional(z.array(text, must("a list of sentences")));

const nodesSchema = z.optional(whole(1, 9));
const logSchema = z.array(whole(1), must("a list of terms")).check(
  z.refine(
    (terms) => terms.every((term, i) => i === 0 || term >= terms[i - 1]),
    "must be terms that never become less",
  ),
);
const settingSchema = z.optional(z.strictObject({
  latency: z.optional(whole(1)),
  electionTick: z.optional(whole(1)),
  heartbeatTick: z.optional(whole(1)),
  maxSizePerMsg: z.optional(whole(0)),
  maxInflightMsgs: z.optional(whole(1)),
  logs: z.optional(z.array(logSchema, must("a list of logs"))),
}, must("an object")));
const stepsSchema = z.array(stepSchema, must("a list of steps"));

const fileSchema = z.strictObject({
  name: text.check(z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be words of small letters and digits, joined by hyphens")),
  summary: z.optional(text),
  premise: sentences,
  nodes: nodesSchema,
  setting: settingSchema,
  disks: z.optional(z.enum(["memory", "files"], must("memory or files"))),
  steps: stepsSchema.check(z.minLength(1, "must not be empty")),
  shows: sentences,
  finding: z.optional(text),
  chart: z.optional(z.enum(["timeline", "roleLanes", "termStaircase"], must("timeline, roleLanes or termStaircase"))),
  next: sentences,
}, must("an object"));

const optionsSchema = z.strictObject(
  { nodes: whole(1, 9), seed: whole(-Infinity), key: nonEmpty, value: text },
  must("an object"),
);

/** What is right in a file, with stand-ins for what is not: good enough to look for words that mean nothing. */
const rightSchema = z.catch(
  z.object({
    nodes: z.catch(nodesSchema, 9),
    setting: z.catch(settingSchema, {}),
    steps: z.catch(z.array(z.catch(stepSchema, ({ value }) => standIn(value))), []),
  }),
  { steps: [] },
);

/** Everything that is wrong with `data` as a scenario; empty if it is one. */
export function scenarioProblems(data: unknown, options: Partial<ScenarioOptions> = {}): Problem[] {
  const { nodes = 3, setting = {}, steps } = rightSchema.parse(data);
  const count = options.nodes ?? nodes;
  return [...shapeProblems(fileSchema, data), ...settingProblems(setting, count), ...meaningProblems(steps, count)];
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
 * @throws {ScenarioError} naming everything that is wrong with the options or it, a line each, or why it cannot be played.
 */
export function requireScenario(scenario: Scenario, options: ScenarioOptions): readonly Step[] {
  const { refuse: reason = () => null, sabotage: _sabotage, sequel: _sequel, ...data } = scenario;
  const what = `Cannot play ${scenario.name}`;
  refuse(what, shapeProblems(optionsSchema, options, "options"));
  const no = reason(options);
  if (no !== null) throw new ScenarioError(`${what}: ${no}`);
  const steps = stepsOf(scenario, options);
  refuse(what, scenarioProblems({ ...data, steps }, options));
  return steps;
}

/**
 * Require that `steps` can be taken after others, which have set `known`, with these options.
 *
 * @param what What cannot be done if they cannot.
 * @throws {ScenarioError} naming everything that is wrong with them, a line each.
 */
export function requireSteps(what: string, steps: readonly Step[], { nodes }: ScenarioOptions, known: Known): void {
  const right = rightSchema.parse({ steps }).steps;
  refuse(what, [...shapeProblems(stepsSchema, steps, "steps"), ...meaningProblems(right, nodes, known)]);
}

/** What a step that is none would have set is not missed as well. */
function standIn(step: unknown): Step {
  const { do: what, as } = Object(step);
  return typeof as === "string" ? { do: what === "mark" ? "mark" : "name", as } : { do: "heal" };
}

/** What is wrong with the shape of `data`, which stands at the place `root`. */
function shapeProblems(schema: z.ZodMiniType, data: unknown, ...root: readonly string[]): Problem[] {
  const { error } = schema.safeParse(data);
  return (error?.issues ?? []).map(({ path, message }) => ({ path: pathOf([...root, ...path]), message }));
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
