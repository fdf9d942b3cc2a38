/**
 * Whether a scenario's steps mean something: ids that exist, names and marks that were set before they are used.
 *
 * @module
 */
import type { NodeId } from "../raft/mod.ts";
import { type Fields, type Frame, partProblems, type Problem, type Word, wordsIn } from "./fitting.ts";
import { followerNumber } from "./stage.ts";

/** The fields that mean nodes, in steps and in their conditions. */
const NODE_FIELDS: ReadonlySet<string> = new Set(["nodes", "except", "groups", "to", "from", "by"]);

/** Words that a scenario need not set. */
const WORDS: readonly string[] = ["all", "leader", "followers"];

/** What steps before have set. */
export interface Known {
  /** Names of nodes. */
  readonly names: readonly string[];
  /** Marks. */
  readonly marks: readonly string[];
}

const NOTHING_KNOWN: Known = { names: [], marks: [] };

/** What is known at a step. */
class Vocabulary {
  /** Names of nodes. */
  readonly names: Set<string>;
  /** Marks. */
  readonly marks: Set<string>;
  /** Whether any name, or any mark, may have been set: a step before does so, and what it sets cannot be read. */
  readonly any = { name: false, mark: false };

  constructor({ names, marks }: Known) {
    this.names = new Set([...WORDS, ...names]);
    this.marks = new Set(marks);
  }

  /** After this step. Nothing is missed of what a step that is none would have set. */
  learn({ do: what, as }: Fields): void {
    if (typeof as !== "string") {
      if (what === "name" || what === "mark") this.any[what] = true;
      return;
    }
    if (what !== "mark" && !isWord(as)) this.names.add(as);
    if (what !== "name") this.marks.add(as);
  }
}

/** Every word in `steps` that means nothing where it stands, after steps that set `known`, and every part that does not fit. */
export function meaningProblems(steps: unknown, frame: Frame, known: Known = NOTHING_KNOWN): Problem[] {
  const vocabulary = new Vocabulary(known);
  return (Array.isArray(steps) ? steps : []).flatMap((step, i) => {
    if (!isObject(step)) return [];
    const path = `steps[${i}]`;
    const problems = fieldsOf(step, path, frame.wrong).flatMap((field) => fieldProblems(field, vocabulary, frame));
    const places = new Set(problems.map((problem) => problem.path));
    vocabulary.learn(step);
    return [...problems, ...partProblems(step, path, frame).filter((problem) => !places.has(problem.path))];
  });
}

interface Field {
  readonly field: string;
  readonly path: string;
  readonly value: unknown;
}

/** The fields of a step and of its condition, but for those whose shape is wrong. */
function fieldsOf(step: Fields, path: string, wrong: ReadonlySet<string>): Field[] {
  return Object.entries(step).flatMap(([field, value]): Field[] => {
    const place = `${path}.${field}`;
    if (wrong.has(place)) return [];
    const isCondition = (field === "until" || field === "that") && isObject(value);
    return isCondition ? fieldsOf(value, place, wrong) : [{ field, path: place, value }];
  });
}

function fieldProblems({ field, path, value }: Field, vocabulary: Vocabulary, { count, wrong }: Frame): Problem[] {
  const { names, marks, any } = vocabulary;
  if (NODE_FIELDS.has(field)) {
    return wordsIn(value, path, wrong).flatMap((word) => wordProblems(word, any.name ? null : names, count));
  }
  if (typeof value !== "string") return [];
  if (field === "as" && isWord(value)) return [{ path, message: `is "${value}", which has a meaning already` }];
  const isLost = field === "since" && !any.mark && !marks.has(value);
  return isLost ? [{ path, message: notSet(value, "mark", marks) }] : [];
}

/** Whether `data` has fields. */
export function isObject(data: unknown): data is Fields {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function isWord(name: string): boolean {
  return WORDS.includes(name) || followerNumber(name) !== null;
}

/** What is wrong with a word; with `names` that are `null`, it may be any name. */
function wordProblems({ path, word }: Word, names: ReadonlySet<string> | null, count: NodeId): Problem[] {
  if (typeof word === "number") {
    return word <= count ? [] : [{ path, message: `is node ${word}, and ${thereAre(count)}` }];
  }
  const number = followerNumber(`${word}`);
  if (number !== null) {
    return number < count ? [] : [{ path, message: `is follower ${number}, and ${thereAre(count - 1)}` }];
  }
  return names === null || names.has(`${word}`) ? [] : [{ path, message: notSet(`${word}`, "name", names) }];
}

function thereAre(count: number): string {
  return count === 0 ? "there is none" : count === 1 ? "there is only one" : `there are only ${count}`;
}

function notSet(word: string, kind: "name" | "mark", known: ReadonlySet<string>): string {
  const list = known.size === 0 ? "there is none yet" : `known here: ${[...known].join(", ")}`;
  return `is ${JSON.stringify(word)}, a ${kind} that no step before has set; ${list}`;
}
