/**
 * How a rule that the reader has written is tried: on case after case, the smallest first, up to the first difference.
 *
 * A rule that the library keeps is not written down here a second time: a node of the library is asked.
 *
 * @module
 */
import {
  type Entry,
  MemStorage,
  type NodeId,
  type RandomInt,
  randomInts,
  RawNode,
  seededRandom,
  type Term,
} from "../raft/mod.ts";

/** What a rule is tried on, and what is said of a difference. */
export interface Trial<Case, Answer> {
  /** The cases, the smallest first. */
  readonly cases: Iterable<Case>;
  /** What the library answers. */
  readonly right: (given: Case) => Answer;
  /** What an answer is, in words. */
  readonly kind: string;
  /** Whether `said` is an answer at all. */
  readonly isAnswer: (said: unknown) => boolean;
  /** What counts of an answer; all of it if left out. */
  readonly counts?: (answer: Answer) => unknown;
  /** The case, in sentences. */
  readonly told: (given: Case) => string;
  /** An answer, as what a node does. */
  readonly does: (answer: Answer) => string;
  /** Who does what is right: Raft if left out, "the crate" for its own ways. */
  readonly who?: string;
  /** Why the library's answer is right, and not `said`. */
  readonly why: (given: Case, said: Answer, right: Answer) => string;
}

/**
 * Compare `rule` with the library: the first difference, as a case that can be followed; `null` if there is none.
 *
 * @param rule The reader's. It is given copies, so it may change them.
 */
export function firstDifferenceOf<Case, Answer>(
  rule: (given: Case) => Answer,
  { cases, right, kind, isAnswer, counts = (answer) => answer, told, does, who = "Raft", why }: Trial<Case, Answer>,
): string | null {
  const text = (answer: Answer) => JSON.stringify(counts(answer));
  let number = 0;
  for (const given of cases) {
    const opening = `Case ${++number}: ${told(given)} Your rule`;
    let said: Answer;
    try {
      said = rule(structuredClone(given));
    } catch (error) {
      return `${opening} stops with an error: ${messageOf(error)}`;
    }
    if (!isAnswer(said)) return `${opening} answers ${shown(said)}; an answer is ${kind}.`;
    const expected = right(given);
    if (text(said) === text(expected)) continue;
    return `${opening} ${does(said)}; ${who} ${does(expected)}: ${why(given, said, expected)}.`;
  }
  return null;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Any value, as short text. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** Whether `value` is a whole number from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether `value` is true or false. */
export function isYesOrNo(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** Entries of these terms, the first at `from`. What is equal in index and term is equal. */
export function entriesOf(terms: readonly Term[], from = 1): Entry[] {
  return terms.map((term, i) => ({ type: "command", term, index: from + i, data: new Uint8Array([term, from + i]) }));
}

/** A node and its disk, to be asked what the library does. */
export interface Server {
  /** The node. */
  readonly node: RawNode;
  /** Its disk. */
  readonly disk: MemStorage;
}

/** What a node starts from. */
interface Beginning {
  readonly id?: NodeId;
  readonly nodes?: number;
  readonly log?: readonly Term[];
  readonly term?: Term;
  readonly vote?: NodeId | null;
  readonly commit?: number;
}

/** A follower that starts from there. */
export function server({ id = 1, nodes = 3, log = [], term = 0, vote = null, commit = 0 }: Beginning = {}): Server {
  const disk = MemStorage.newWithConfState({ voters: Array.from({ length: nodes }, (_, i) => i + 1) });
  disk.append(entriesOf(log));
  disk.setHardState({ term, vote, commit });
  return { node: new RawNode({ id, random: seededRandom(1) }, disk), disk };
}

/** The whole numbers from `low` to `high`. */
export function range(low: number, high: number): number[] {
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
}

/** A log that goes on where `log` ends, by up to `most` entries whose terms never decrease. */
export function grown(log: readonly Term[], most: number, random: RandomInt): Term[] {
  const longer = [...log];
  for (let left = random(0, most + 1); left > 0; left--) longer.push((longer.at(-1) ?? 1) + random(0, 3));
  return longer;
}

/** What `make` makes in so many calls, each case once, the smallest first: with few and small numbers in it. */
export function seededCases<Case>(seed: number, calls: number, make: (random: RandomInt) => readonly Case[]): Case[] {
  const random = randomInts(seed);
  const made = new Map(range(1, calls).flatMap(() => make(random)).map((given) => [JSON.stringify(given), given]));
  const sized = [...made].map(([text, given]) => ({ given, size: sizeOf(text) }));
  return sized.sort((a, b) => a.size - b.size).map(({ given }) => given);
}

function sizeOf(text: string): number {
  return (text.match(/\d+/g) ?? []).reduce((sum, number) => sum + 1 + Number(number), 0);
}

/** The terms of a log, index by index, in words. */
export function termsOf(log: readonly Term[]): string {
  return log.length === 0 ? "[] (empty)" : `[${log.join(", ")}]`;
}
