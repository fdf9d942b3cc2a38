/**
 * Whether a scenario's steps mean something: ids that exist, names and marks that were set before they are used.
 *
 * Floor 7.
 *
 * @module
 */
import type { NodeId } from "../raft/mod.ts";
import { followerNumber } from "./stage.ts";
import type { Step } from "./step.ts";

/** Something that is wrong with a scenario. */
export interface Problem {
  /** Where: `steps[3].until.nodes`. */
  readonly path: string;
  /** What: `must be …`. */
  readonly message: string;
}

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

/** Every word in `steps` that means nothing where it stands, in a cluster of `count` nodes, after steps that set `known`. */
export function meaningProblems(steps: readonly Step[], count: NodeId, known: Known = NOTHING_KNOWN): Problem[] {
  const names = new Set([...WORDS, ...known.names]);
  const marks = new Set(known.marks);
  return steps.flatMap((step, i) => {
    const problems = fieldsOf(step, `steps[${i}]`).flatMap(({ field, path, value }) => {
      if (NODE_FIELDS.has(field)) return wordsIn(value, path).flatMap((word) => wordProblems(word, names, count));
      if (field === "as" && isWord(`${value}`)) {
        return [{ path, message: `is "${value}", which has a meaning already` }];
      }
      if (field === "since" && !marks.has(`${value}`)) return [{ path, message: notSet(`${value}`, "mark", marks) }];
      return [];
    });
    if (step.do === "name") names.add(step.as);
    if (step.do === "mark") marks.add(step.as);
    return problems;
  });
}

interface Field {
  readonly field: string;
  readonly path: string;
  readonly value: unknown;
}

/** The fields of a step and of its condition. */
function fieldsOf(step: object, path: string): Field[] {
  return Object.entries(step).flatMap(([field, value]): Field[] =>
    field === "until" || field === "that"
      ? fieldsOf(value, `${path}.${field}`)
      : [{ field, path: `${path}.${field}`, value }]
  );
}

function isWord(name: string): boolean {
  return WORDS.includes(name) || followerNumber(name) !== null;
}

interface Word {
  readonly path: string;
  readonly word: unknown;
}

/** The words in nodes, or in groups of nodes. */
function wordsIn(value: unknown, path: string): Word[] {
  return Array.isArray(value)
    ? value.flatMap((part, i) => wordsIn(part, `${path}[${i}]`))
    : value === undefined
    ? []
    : [{ path, word: value }];
}

function wordProblems({ path, word }: Word, names: ReadonlySet<string>, count: NodeId): Problem[] {
  if (typeof word === "number") {
    return word <= count ? [] : [{ path, message: `is node ${word}, and ${thereAre(count)}` }];
  }
  const number = followerNumber(`${word}`);
  if (number !== null) {
    return number < count ? [] : [{ path, message: `is follower ${number}, and ${thereAre(count - 1)}` }];
  }
  return names.has(`${word}`) ? [] : [{ path, message: notSet(`${word}`, "name", names) }];
}

function thereAre(count: number): string {
  return count === 0 ? "there is none" : count === 1 ? "there is only one" : `there are only ${count}`;
}

function notSet(word: string, kind: "name" | "mark", known: ReadonlySet<string>): string {
  const list = known.size === 0 ? "there is none yet" : `known here: ${[...known].join(", ")}`;
  return `is ${JSON.stringify(word)}, a ${kind} that no step before has set; ${list}`;
}
