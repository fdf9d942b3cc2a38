/**
 * Scenarios that readers write, checked: every problem with its place.
 *
 * The shape is checked here, with zod; names and ids, which depend on each other, in `meaning.ts`; whether the parts
 * fit each other, in `fitting.ts`. None of them hides what another has to say, but of a place whose shape is wrong only that
 * is said.
 *
 * @module
 */
import * as z from "zod/mini";
import type { NodeId } from "../raft/mod.ts";
import { electionTickOf, type Fields, type Frame, type Problem, settingProblems } from "./fitting.ts";
import { isObject, type Known, meaningProblems } from "./meaning.ts";
import { type Scenario, type ScenarioOptions, type Setting, stepsOf } from "./scenario.ts";
import { ScenarioError } from "./stage.ts";
import type { Step } from "./step.ts";
import { must, nonEmpty, sentence, stepSchema, text, whole } from "./step_schema.ts";

const sentences = z.optional(z.array(sentence, must("a list of sentences")));

const logSchema = z.array(whole(1), must("a list of terms"));
const nodesSchema = whole(1, 9);
const settingSchema = z.strictObject({
  latency: z.exactOptional(whole(1)),
  electionTick: z.exactOptional(whole(1)),
  heartbeatTick: z.exactOptional(whole(1)),
  maxSizePerMsg: z.exactOptional(whole(0)),
  maxInflightMsgs: z.exactOptional(whole(1)),
  logs: z.exactOptional(z.array(logSchema, must("a list of logs"))),
}, must("an object"));
const stepsSchema = z.array(stepSchema, must("a list of steps"));

const SCENARIO = 'an object, such as {"name": "mine", "steps": [{"do": "heal"}]}';
const nameSchema = text.check(
  z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be words of small letters and digits, joined by hyphens"),
);
const fileSchema = z.strictObject({
  name: nameSchema,
  summary: z.optional(sentence),
  premise: sentences,
  nodes: z.optional(nodesSchema),
  setting: z.optional(settingSchema),
  disks: z.optional(z.enum(["memory", "files"], must("memory or files"))),
  steps: stepsSchema.check(z.minLength(1, "must not be empty")),
  shows: sentences,
  finding: z.optional(sentence),
  chart: z.optional(z.enum(["timeline", "roleLanes", "termStaircase"], must("timeline, roleLanes or termStaircase"))),
  next: sentences,
}, {
  error: (issue) => issue.input === undefined ? `must be ${SCENARIO}` : must(SCENARIO).error(issue),
});

/** What only a program can say. */
const programSchema = z.object({
  refuse: z.optional(aFunction("that gives the reason as text, or null if it can be played")),
  mutation: z.optional(aFunction("that is given every node when it starts")),
  sequel: z.optional(z.looseObject({}, must(SCENARIO))),
});

const givenSchema = z.looseObject({}, must('an object, such as {"nodes": 5, "seed": 2}'));
const optionsSchema = z.strictObject(
  { nodes: nodesSchema, seed: whole(-Infinity), key: nonEmpty, value: text },
  must("an object"),
);

const UNKNOWN_STEPS: readonly Step[] = [{ do: "heal" }];

/** Everything that is wrong with `data` as a scenario; empty if it is one. */
export function scenarioProblems(data: unknown, options: Partial<ScenarioOptions> = {}): Problem[] {
  const fields: Fields = Object(data);
  const { nodes = 3 } = fields;
  const { problems, wrong } = shapeOf(fileSchema, data);
  const count = countOf(options.nodes ?? nodes);
  const frame: Frame = { count, wrong, electionTick: electionTickOf(fields.setting, wrong) };
  return [...problems, ...settingProblems(fields, count, wrong), ...meaningProblems(fields.steps, frame)];
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
 * @param given What was said of the options, before they were completed.
 * @throws {ScenarioError} naming everything that is wrong with the options or it, a line each, or why it cannot be played.
 */
export function requireScenario(
  scenario: Scenario,
  options: ScenarioOptions,
  given: Partial<ScenarioOptions> = options,
): readonly Step[] {
  const { refuse: reason, mutation, sequel, ...data } = Object(scenario) as Scenario;
  const what = `Cannot play ${nameSchema.safeParse(data.name).success ? data.name : "the scenario"}`;
  if (!isObject(scenario)) refuse(what, scenarioProblems(scenario));
  const early = [
    ...shapeOf(programSchema, { refuse: reason, mutation, sequel }).problems,
    ...(isObject(given) ? shapeOf(optionsSchema, options, "options") : shapeOf(givenSchema, given, "options")).problems,
  ];
  const no = early.length > 0 ? null : reason?.(options) ?? null;
  if (typeof no === "string") throw new ScenarioError(`${what}: ${no}`);
  if (no !== null) early.push({ path: "refuse", message: "must give the reason as text, or null if it can be played" });
  // With options that are wrong, a function is not asked for its steps: what it would give is not known.
  const steps = early.length > 0 && typeof data.steps === "function" ? UNKNOWN_STEPS : stepsOf(scenario, options);
  const late = scenarioProblems({ ...data, steps }, options);
  // A number of nodes that the scenario itself gives is wrong there, and only there.
  const isOwn = ({ path }: Problem) => path === "options.nodes" && options.nodes === data.nodes;
  refuse(what, [...early.filter((problem) => !isOwn(problem)), ...late]);
  return steps;
}

/**
 * Require that `steps` can be taken after others, which have set `known`, with these options.
 *
 * @param what What cannot be done if they cannot.
 * @param setting That of the scenario they go on with.
 * @throws {ScenarioError} naming everything that is wrong with them, a line each.
 */
export function requireSteps(
  what: string,
  steps: readonly Step[],
  { nodes }: ScenarioOptions,
  known: Known,
  setting: Setting = {},
): void {
  const { problems, wrong } = shapeOf(stepsSchema, steps, "steps");
  const frame: Frame = { count: nodes, wrong, electionTick: electionTickOf(setting, wrong) };
  refuse(what, [...problems, ...meaningProblems(steps, frame, known)]);
}

/** What is wrong with the shape of `data`, which stands at the place `root`; and all places where it is. */
function shapeOf(
  schema: z.ZodMiniType,
  data: unknown,
  ...root: readonly string[]
): { problems: Problem[]; wrong: ReadonlySet<string> } {
  const issues = schema.safeParse(data).error?.issues ?? [];
  const places = issues.flatMap((issue) => {
    const path = [...root, ...issue.path];
    return issue.code === "unrecognized_keys" ? issue.keys.map((key) => pathOf([...path, key])) : [pathOf(path)];
  });
  const problems = issues.map(({ path, message }) => ({ path: pathOf([...root, ...path]), message }));
  return { problems, wrong: new Set(places) };
}

/** The number of nodes; where it is wrong, the greatest there can be. */
function countOf(nodes: unknown): NodeId {
  const { success, data } = nodesSchema.safeParse(nodes);
  return success ? data : 9;
}

function aFunction(what: string) {
  return z.custom((data) => typeof data === "function", must(`a function ${what}`));
}

function refuse(what: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `\n  ${path === "" ? "it" : path} ${message}`);
  throw new ScenarioError(`${what}:${lines.join("")}`);
}

/** `["steps", 3, "until"]` as `steps[3].until`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.map((key, i) => typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`).join("");
}
