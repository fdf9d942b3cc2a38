/**
 * Scenarios that readers write, checked: every problem with its place.
 *
 * First the shape is checked, by the schemas. Then whatever has the right shape is checked against the rest: node ids
 * against the number of nodes, names and marks against the steps before, the fields of a step and of the setting against
 * each other. No problem hides another, but of a place that is wrong nothing more is said.
 *
 * @module
 */
import type * as z from "zod/mini";
import { toDotPath } from "zod/v4/core";
import { completeOptions } from "../cluster_options.ts";
import { isBetween } from "../arguments.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { logsProblem } from "../starting_logs.ts";
import { count, list } from "../trace/text.ts";
import { completeScenarioOptions, type Scenario, ScenarioError, stepsOf, WITHIN } from "./scenario.ts";
import * as schema from "./schema.ts";
import { isNodeWord, type NodeWord, type ScenarioOptions, type Step } from "./schema.ts";
import { followerNumber, type Stage } from "./stage.ts";

/**
 * Everything that is wrong with `data` as a scenario, a line each: `steps[3].until.nodes is missing`. Empty if it is one.
 *
 * @param known What has been set before its first step.
 */
export function scenarioProblems(
  data: unknown,
  options: Partial<ScenarioOptions> = {},
  known: Stage["known"] = NOTHING,
): readonly string[] {
  const { nodes = 3, setting, disks, steps }: Fields = Object(data);
  const check = new Check(options?.nodes ?? nodes, known);
  check.shape(schema.optionsSchema, options, "options");
  check.shape(schema.scenarioSchema, data);
  check.setting(setting, disks);
  check.steps(steps);
  return check.problems;
}

/**
 * `data`, which may come from anywhere, as a scenario.
 *
 * @throws {ScenarioError} naming everything that is wrong with it, a line each.
 */
export function readScenario(data: unknown, options: Partial<ScenarioOptions> = {}): Scenario {
  refuse("Cannot read the scenario", scenarioProblems(data, options));
  return schema.scenarioSchema.parse(data);
}

/**
 * All options of a scenario, and its steps for them, if it can be played with them.
 *
 * @throws {ScenarioError} naming everything that is wrong with the options or it, a line each, or why it cannot be played.
 */
export function requireScenario(
  scenario: Scenario,
  given: Partial<ScenarioOptions>,
): { readonly options: ScenarioOptions; readonly steps: readonly Step[] } {
  const options = completeScenarioOptions(scenario, given);
  const { name, setting, disks, refuse: reason, steps }: Fields = Object(scenario);
  const what = `Cannot play ${schema.nameSchema.safeParse(name).success ? name : "the scenario"}`;
  const check = new Check(options.nodes, NOTHING);
  check.shape(schema.optionsSchema, given, "options");
  const areOptions = check.problems.length === 0; // a function is not asked about options that are none
  const no = areOptions && typeof reason === "function" ? reason(options) ?? null : null;
  if (typeof no === "string") throw new ScenarioError(`${what}: ${no}`);
  check.shape(schema.programSchema, scenario);
  if (no !== null) check.add("refuse", "must give the reason as text, or null if it can be played");
  check.setting(setting, disks);
  const areKnown = isObject(scenario) && (areOptions || typeof steps !== "function");
  const known = areKnown ? stepsOf(scenario, options) : [];
  if (areKnown) check.shape(schema.stepsSchema, known, "steps");
  check.steps(known);
  refuse(what, check.problems);
  return { options, steps: known };
}

/** Throw a {@link ScenarioError} if there are problems: what cannot be done, and every one of them in a line. */
export function refuse(what: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new ScenarioError([`${what}:`, ...problems].join("\n  "));
}

/** What is known before the first step. */
const NOTHING: Stage["known"] = { names: [], marks: [], ticks: 0 };

/** The most rows of a trace that a run may leave. They stay in memory. */
const MOST_ROWS = 4_000_000;

/** An object of which nothing is known. */
type Fields = Readonly<Record<string, unknown>>;

/** A word for nodes, and where it stands. */
type Word = readonly [path: string, word: NodeWord];

/** The fields that mean nodes, in steps and in their conditions. */
const NODE_FIELDS: ReadonlySet<string> = new Set(
  [
    "nodes",
    "except",
    "groups",
    "to",
    "from",
    "by",
    "addVoters",
    "addLearners",
    "remove",
    "voters",
    "learners",
    "outgoing",
  ],
);

/** The steps that ask one node for something. */
const REQUESTS: ReadonlySet<string> = new Set(["propose", "request", "read", "transfer", "confChange"]);

/** Words that a scenario need not set. */
const WORDS: readonly unknown[] = ["all", "leader", "followers"];

/** Gathers what is wrong. Whatever it is given may be of any shape. */
class Check {
  /** A line each, in the order in which they were found. */
  readonly problems: string[] = [];
  /** The places that are wrong. */
  readonly #wrong = new Set<string>();
  /** What steps have set; `null` where that may be anything: a step sets one that cannot be read. */
  readonly #known: Record<"name" | "mark", Set<unknown> | null>;
  /** The least election timeout; `null` if the setting makes none. */
  #electionTick: Ticks | null = null;
  /** Whether leaders have leases. */
  #isLeased = false;
  /** How many nodes there are; where that is wrong, the most there can be. */
  readonly #count: NodeId;
  /** Ticks between heartbeats. */
  #heartbeatTick: Ticks = 3;

  /** Against a cluster of `nodes`, after steps that have set what is known. */
  constructor(nodes: unknown, readonly known: Stage["known"]) {
    const { names, marks } = known;
    this.#count = schema.nodeCountSchema.safeParse(nodes).data ?? 9;
    this.#known = { name: new Set([...WORDS, ...names]), mark: new Set(marks) };
  }

  /** What is at `path` does not fit the rest. */
  add(path: string, message: string): void {
    if (this.#isWrong(path)) return;
    this.#wrong.add(path);
    this.problems.push(`${path} ${message}`);
  }

  /** The shape of `data`, which stands at the place `root`. */
  shape(schema: z.ZodMiniType, data: unknown, ...root: readonly string[]): void {
    for (const issue of schema.safeParse(data, { error: messageOf }).error?.issues ?? []) {
      const path = [...root, ...issue.path];
      this.problems.push(`${toDotPath(path) || "it"} ${issue.message}`);
      if (issue.code === "custom" && issue.params?.["isOfParts"]) continue;
      const wrong = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
      for (const place of wrong) this.#wrong.add(toDotPath(place));
    }
  }

  /** The setting and the disks, against each other and against the number of nodes. */
  setting(setting: unknown, disks?: unknown): void {
    const fields: Fields = Object(setting);
    const { logs, heartbeatTick, spares } = fields;
    const founders = this.#count - (isBetween(spares, 0, 8) ? spares : 0);
    if (founders < 1) this.add("setting.spares", `must be fewer than the nodes, which are ${this.#count}`);
    this.#electionTick = this.#ticks(fields);
    if (isBetween(heartbeatTick, 1)) this.#heartbeatTick = heartbeatTick;
    this.#isLeased = fields.readOnlyOption === "leaseBased";
    if (this.#isLeased && fields.checkQuorum !== true) {
      this.add("setting.readOnlyOption", "must be safe without checkQuorum, for there is no lease");
    }
    if (!Array.isArray(logs)) return;
    if (logs.length > founders) this.add("setting.logs", `must be at most ${founders}, one a node`);
    const areLogs = [...this.#wrong].every((path) => !path.startsWith("setting.logs"));
    const problem = areLogs && founders > 0 ? logsProblem(logs, founders) : null;
    if (problem !== null) this.add("setting.logs", problem);
    if (logs.length > 0 && disks === "files") {
      this.add("disks", "must be memory, where setting.logs are kept, or those must be left out");
    }
  }

  /** The least election timeout, if it is greater than the heartbeat's ticks. */
  #ticks(setting: Fields): Ticks | null {
    if (this.#isWrong("setting.electionTick")) return null;
    const { electionTick, heartbeatTick }: Fields = { ...completeOptions({}), ...setting };
    if (this.#isWrong("setting.heartbeatTick") || Number(electionTick) > Number(heartbeatTick)) {
      return Number(electionTick);
    }
    if ("electionTick" in setting) {
      this.add("setting.electionTick", `must be greater than heartbeatTick (${heartbeatTick})`);
    } else this.add("setting.heartbeatTick", `must be less than electionTick (${electionTick})`);
    return null;
  }

  /** Every step: ids that exist, names and marks that were set before, fields that fit each other. */
  steps(steps: unknown): void {
    const all: unknown[] = Array.isArray(steps) ? steps : [];
    this.#length(all);
    for (const [i, step] of all.entries()) {
      if (!isObject(step)) continue;
      const path = `steps[${i}]`;
      this.#meaning(step, path);
      this.#meaning(step.until, `${path}.until`);
      this.#meaning(step.that, `${path}.that`);
      this.#learn(step);
      if (step.way === "lease" && !this.#isLeased) {
        this.add(`${path}.way`, "must not be lease: setting.readOnlyOption is not leaseBased");
      }
      if (step.do === "partition") this.#groups(step.groups, `${path}.groups`);
      else if (step.do === "fixTimeout") this.#timeout(step.ticks, `${path}.ticks`);
      else if (typeof step.do === "string" && REQUESTS.has(step.do)) {
        this.#receiver(step.to, `${path}.to`);
        this.#receiver(step.from, `${path}.from`);
      } else this.#ends(step, path);
    }
  }

  /** The run as a whole: each node and each message leaves rows in every tick, and a step leaves some on every node. */
  #length(steps: readonly unknown[]): void {
    const took = ({ do: verb, ticks, within = WITHIN }: Fields) =>
      verb === "run" ? ticks : verb === "runUntil" ? within : 0;
    const each = steps.map((step) => took(Object(step))).filter((ticks) => isBetween(ticks, 0, 100_000));
    const ticks = each.reduce((sum, ticks) => sum + ticks, this.known.ticks);
    const perTick = 2 * this.#count + 4 * (this.#count - 1) / this.#heartbeatTick;
    const rows = Math.ceil(ticks * perTick + steps.length * 8 * this.#count);
    if (rows <= MOST_ROWS) return;
    const who = `${count(steps.length, "step")}, with up to ${count(ticks, "tick")} of ${count(this.#count, "node")}`;
    this.add("steps", `must leave at most ${MOST_ROWS} rows in the trace, and may leave ${rows}: ${who}`);
  }

  /** Every word in a step, or in a condition, must mean something there. */
  #meaning(fields: unknown, path: string): void {
    for (const [field, value] of Object.entries(isObject(fields) ? fields : {})) {
      const place = `${path}.${field}`;
      if (NODE_FIELDS.has(field)) this.#wordsIn(value, place).forEach((word) => this.#word(word));
      else if (field === "as" && isWord(value)) this.add(place, `is "${value}", which has a meaning already`);
      else if (field === "since" && typeof value === "string") this.#mustBeSet("mark", value, place);
    }
  }

  #word([path, word]: Word): void {
    const follower = followerNumber(word);
    if (typeof word === "number" ? word > this.#count : follower !== null && follower >= this.#count) {
      this.add(path, `is ${nameOf(word)}, which a cluster of ${this.#count} does not have`);
    } else if (typeof word === "string" && follower === null) this.#mustBeSet("name", word, path);
  }

  #mustBeSet(kind: "name" | "mark", word: string, path: string): void {
    const known = this.#known[kind];
    if (known === null || known.has(word)) return;
    const here = known.size === 0 ? "there is none yet" : `known here: ${[...known].join(", ")}`;
    this.add(path, `is ${JSON.stringify(word)}, a ${kind} that no step before has set; ${here}`);
  }

  /** Nothing is missed of what a step that is none would have set. */
  #learn({ do: verb, as }: Fields): void {
    if (typeof as === "string") {
      if (verb !== "mark" && !isWord(as)) this.#known.name?.add(as);
      if (verb !== "name") this.#known.mark?.add(as);
    } else if (verb === "name" || verb === "mark") this.#known[verb] = null;
  }

  #groups(groups: unknown, path: string): void {
    if (!Array.isArray(groups)) return;
    if (groups.length < 2) return this.add(path, "must be two groups or more");
    const members = groups.map((group, i) => this.#wordsIn(group, `${path}[${i}]`));
    const all = members.flat().find(([, word]) => word === "all");
    if (all !== undefined) return this.add(all[0], 'is "all", which leaves nobody for another group');
    for (const [i, words] of members.entries()) {
      for (const [path, word] of words) {
        const other = members.slice(0, i).flat().find(([, before]) => meet(before, word))?.[1];
        if (other !== undefined) this.add(path, `is in another group too, as ${nameOf(other)}`);
      }
    }
  }

  #timeout(ticks: unknown, path: string): void {
    const least = this.#electionTick;
    if (typeof ticks !== "number" || least === null || (ticks >= least && ticks < 2 * least)) return;
    this.add(path, `must be from ${least} to ${2 * least - 1}, as every timeout is if electionTick is ${least}`);
  }

  #receiver(to: unknown, path: string): void {
    const words = new Set([to].flat().filter(isNodeWord));
    const ids = [...words].filter((word) => typeof word === "number");
    if (ids.length > 1 || (words.has("all") && this.#count > 1)) this.add(path, "must be one node");
  }

  /** Links, and messages, lead from one node to another. */
  #ends({ from, to }: Fields, path: string): void {
    const [word, ...others] = new Set([from, to].flat());
    const isOne = typeof word === "number" || word === "leader" || followerNumber(word) !== null;
    if (!isOne || others.length > 0 || this.#isWrong(`${path}.from`)) return;
    this.add(`${path}.to`, "must be another node than from");
  }

  /** The words in nodes, or in groups of nodes, which are lists of lists at most; those that can be one. */
  #wordsIn(value: unknown, path: string, depth = 2): Word[] {
    if (depth < 0 || this.#isWrong(path)) return [];
    if (Array.isArray(value)) return value.flatMap((part, i) => this.#wordsIn(part, `${path}[${i}]`, depth - 1));
    return isNodeWord(value) ? [[path, value]] : [];
  }

  /** Whether what is at `path` is wrong, or what it belongs to. */
  #isWrong(path: string): boolean {
    const place = path.replace(/(\[\d+\]|\.\w+)$/, "");
    return this.#wrong.has(path) || (place !== path && this.#isWrong(place));
  }
}

/** What zod calls the kinds of data. */
const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  object: "an object",
  boolean: "true or false",
};

/** What an issue says; its place stands before it. */
function messageOf(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return "is missing";
  switch (issue.code) {
    case "unrecognized_keys":
      return `has ${list(issue.keys)}, which ${issue.keys.length === 1 ? "means" : "mean"} nothing here`;
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${list(issue.values.map(String), "or")}`;
    case "invalid_union":
      return `must be ${list([issue.options].flat().map(String), "or")}`;
    default:
      return "must not be empty";
  }
}

/** Whether `data` has fields. */
function isObject(data: unknown): data is Fields {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function isWord(name: unknown): boolean {
  return WORDS.includes(name) || followerNumber(name) !== null;
}

/** Whether two words mean a node in common, whenever they mean any. */
function meet(one: NodeWord, other: NodeWord): boolean {
  const isFollower = (word: NodeWord) => word === "followers" || followerNumber(word) !== null;
  return one === other || ([one, other].includes("followers") && isFollower(one) && isFollower(other));
}

function nameOf(word: NodeWord): string {
  return typeof word === "number" ? `node ${word}` : JSON.stringify(word);
}
