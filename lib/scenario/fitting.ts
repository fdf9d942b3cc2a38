/**
 * Whether the parts of a scenario fit each other: each may be right, and they make no cluster together, or do nothing.
 *
 * What is read here may be of any shape; of places whose shape is wrong, nothing more is said.
 *
 * @module
 */
import { completeOptions } from "../cluster_options.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { followerNumber } from "./stage.ts";
import { isNodeWord } from "./step_schema.ts";

/** Something that is wrong with a scenario. */
export interface Problem {
  /** Where: `steps[3].until.nodes`. */
  readonly path: string;
  /** What: `must be …`. */
  readonly message: string;
}

/** What steps are held against. */
export interface Frame {
  /** How many nodes there are. */
  readonly count: NodeId;
  /** The least election timeout; `null` if the setting has none that can be used. */
  readonly electionTick: Ticks | null;
  /** The places whose shape is wrong. */
  readonly wrong: ReadonlySet<string>;
}

/** An object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** A word for nodes, and where it stands. */
export interface Word {
  readonly path: string;
  readonly word: unknown;
}

/** The words in nodes, or in groups of nodes; those that can be one. */
export function wordsIn(value: unknown, path: string, wrong: ReadonlySet<string>): Word[] {
  if (wrong.has(path)) return [];
  if (Array.isArray(value)) return value.flatMap((part, i) => wordsIn(part, `${path}[${i}]`, wrong));
  return isNodeWord(value) ? [{ path, word: value }] : [];
}

/** The parts of a step that stands at `path`, held against each other and against the cluster. */
export function partProblems(step: Fields, path: string, frame: Frame): Problem[] {
  const { wrong } = frame;
  switch (step.do) {
    case "partition":
      return wrong.has(`${path}.groups`) ? [] : groupProblems(step.groups, `${path}.groups`, wrong);
    case "fixTimeout":
      return wrong.has(`${path}.ticks`) ? [] : timeoutProblems(step.ticks, `${path}.ticks`, frame);
    case "propose":
      return receiverProblems(step.to, `${path}.to`, frame);
    case "runUntil":
      return boundProblems(Object(step.until), `${path}.until`);
    case "expect":
      return boundProblems(Object(step.that), `${path}.that`);
    default:
      return endProblems(step, path, wrong);
  }
}

function groupProblems(groups: unknown, path: string, wrong: ReadonlySet<string>): Problem[] {
  if (!Array.isArray(groups)) return [];
  if (groups.length < 2) return [{ path, message: "must be two groups or more" }];
  const members = groups.map((group, i) => wordsIn(group, `${path}[${i}]`, wrong));
  const all = members.flat().find(({ word }) => word === "all");
  if (all !== undefined) return [{ path: all.path, message: 'is "all", which leaves nobody for another group' }];
  return members.flatMap((words, i) =>
    words.flatMap(({ path, word }) => {
      const other = members.slice(0, i).flat().find((before) => meet(before.word, word));
      return other === undefined ? [] : [{ path, message: `is in another group too, as ${nameOf(other.word)}` }];
    })
  );
}

/** Whether two words mean a node in common, whenever they mean any. */
function meet(one: unknown, other: unknown): boolean {
  const isFollower = (word: unknown) => word === "followers" || followerNumber(`${word}`) !== null;
  return one === other || ([one, other].includes("followers") && isFollower(one) && isFollower(other));
}

function nameOf(word: unknown): string {
  return typeof word === "number" ? `node ${word}` : JSON.stringify(word);
}

function timeoutProblems(ticks: unknown, path: string, { electionTick }: Frame): Problem[] {
  if (typeof ticks !== "number" || electionTick === null) return [];
  const most = 2 * electionTick - 1;
  if (ticks >= electionTick && ticks <= most) return [];
  return [{
    path,
    message: `must be from ${electionTick} to ${most}, as every timeout is if electionTick is ${electionTick}`,
  }];
}

function receiverProblems(to: unknown, path: string, { count, wrong }: Frame): Problem[] {
  const words = new Set(wordsIn(to, path, wrong).map(({ word }) => word));
  const ids = [...words].filter((word) => typeof word === "number");
  return ids.length > 1 || (words.has("all") && count > 1) ? [{ path, message: "must be one node" }] : [];
}

function boundProblems({ is, equals, atLeast, atMost }: Fields, path: string): Problem[] {
  if (is !== "number" || (equals === undefined) !== (atLeast === undefined && atMost === undefined)) return [];
  return [{ path, message: "must have either equals, or atLeast, or atMost, or the last two" }];
}

/** Links, and messages, lead from one node to another. */
function endProblems({ from, to }: Fields, path: string, wrong: ReadonlySet<string>): Problem[] {
  const [starts, ends] = [wordsIn(from, `${path}.from`, wrong), wordsIn(to, `${path}.to`, wrong)];
  const [word, ...others] = new Set([...starts, ...ends].map(({ word }) => word));
  const isOne = typeof word === "number" || word === "leader" || followerNumber(`${word}`) !== null;
  if (starts.length === 0 || ends.length === 0 || others.length > 0 || !isOne) return [];
  if (starts.length + ends.length < [from, to].flat().length) return []; // some are no words: who knows what is meant
  return [{ path: `${path}.to`, message: "must be another node than from" }];
}

/** The setting and the disks of a scenario, held against each other and against the number of nodes. */
export function settingProblems({ setting, disks }: Fields, count: NodeId, wrong: ReadonlySet<string>): Problem[] {
  const { logs } = Object(setting);
  return [...tickProblems(Object(setting), wrong), ...(Array.isArray(logs) ? logsProblems(logs, disks, count) : [])];
}

function logsProblems(logs: readonly unknown[], disks: unknown, count: NodeId): Problem[] {
  const path = "setting.logs";
  const problems = logs.flatMap((log, i) =>
    becomesLess(log) ? [{ path: `${path}[${i}]`, message: "must be terms that never become less" }] : []
  );
  if (logs.length > count) {
    const nodes = count === 1 ? "one node" : `${count} nodes`;
    problems.push({ path, message: `must be no more than there are nodes: ${logs.length} logs for ${nodes}` });
  }
  if (logs.length > 0 && disks === "files") {
    problems.push({ path: "disks", message: "must be memory, where setting.logs are kept, or those must be left out" });
  }
  return problems;
}

/** Whether a term in `log`, of those that can be one, is less than the one before. */
function becomesLess(log: unknown): boolean {
  const terms = (Array.isArray(log) ? log : []).filter((term) => Number.isSafeInteger(term) && term >= 1);
  return terms.some((term, i) => i > 0 && term < terms[i - 1]);
}

/** The least election timeout that a setting makes; `null` if it makes none. */
export function electionTickOf(setting: unknown, wrong: ReadonlySet<string>): Ticks | null {
  const fields: Fields = Object(setting);
  const isRight = !wrong.has("setting") && !wrong.has("setting.electionTick") &&
    tickProblems(fields, wrong).length === 0;
  return isRight ? ticksOf(fields).electionTick : null;
}

function ticksOf({ electionTick, heartbeatTick }: Fields): { electionTick: Ticks; heartbeatTick: Ticks } {
  const defaults = completeOptions({});
  return {
    electionTick: Number(electionTick ?? defaults.electionTick),
    heartbeatTick: Number(heartbeatTick ?? defaults.heartbeatTick),
  };
}

function tickProblems(setting: Fields, wrong: ReadonlySet<string>): Problem[] {
  if (wrong.has("setting.electionTick") || wrong.has("setting.heartbeatTick")) return [];
  const { electionTick, heartbeatTick } = ticksOf(setting);
  if (electionTick > heartbeatTick) return [];
  if (setting.electionTick === undefined) {
    const message = `must be less than electionTick, which is ${electionTick} unless it is said`;
    return [{ path: "setting.heartbeatTick", message }];
  }
  const which = setting.heartbeatTick === undefined ? `${heartbeatTick} unless it is said` : `${heartbeatTick}`;
  return [{ path: "setting.electionTick", message: `must be greater than heartbeatTick, which is ${which}` }];
}
