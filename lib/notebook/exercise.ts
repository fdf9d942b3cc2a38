/**
 * Exercises that answer at once, and properties that are asserted by name.
 *
 * Plain lines on the console. An exercise never throws at the reader; a property that does not hold does.
 *
 * @module
 */
import { assert } from "../raft/mod.ts";

/**
 * Look at the reader's attempt and say what is to be said about it.
 *
 * @param attempt The reader's answer; `null` until there is one.
 * @param check What is wrong with an answer, as a sentence; `null` if it is right. Whatever it throws is told, too.
 *
 * @example
 * ```ts
 * import { exercise } from "hello-raft";
 *
 * const check = (votes: number) => votes === 3 ? null : `${votes} of five is no majority, or more than one needs.`;
 * exercise("votes that elect a leader of five", null, check); // not attempted yet
 * exercise("votes that elect a leader of five", 3, check); // right
 * exercise("votes that elect a leader of five", 2, check); // not yet, and why
 * ```
 */
export function exercise<Attempt>(
  name: string,
  attempt: Attempt | null | undefined,
  check: (attempt: Attempt) => string | null,
): void;
/** The same with a check that takes time: wait for it. */
export function exercise<Attempt>(
  name: string,
  attempt: Attempt | null | undefined,
  check: (attempt: Attempt) => Promise<string | null>,
): Promise<void>;
export function exercise<Attempt>(
  name: string,
  attempt: Attempt | null | undefined,
  check: (attempt: Attempt) => string | null | Promise<string | null>,
): void | Promise<void> {
  const say = (problem: string | null) =>
    print(problem === null ? `Exercise "${name}": right.` : `Exercise "${name}": not yet. ${problem}`);
  const tell = (error: unknown) =>
    `It stopped with an error: ${error instanceof Error ? error.message : String(error)}`;
  if (attempt === null || attempt === undefined) {
    print(`Exercise "${name}": not attempted yet. Put your answer in place of null, and run this cell again.`);
    return;
  }
  try {
    const problem = check(attempt);
    return problem instanceof Promise ? problem.catch(tell).then(say) : say(problem);
  } catch (error) {
    say(tell(error));
  }
}

/**
 * Assert a property by its name, and say that it holds.
 *
 * @param name The property, as a sentence.
 * @throws {InvariantViolation} with this name, if it does not hold.
 *
 * @example
 * ```ts
 * import { majority, property } from "hello-raft";
 *
 * property("two majorities of five nodes share a node", 2 * majority(5) > 5);
 * ```
 */
export function property(name: string, condition: boolean): void {
  assert(condition, name);
  print(`Holds: ${name}`);
}

/** The widest line that needs no scrolling in a notebook. */
const WIDTH = 100;

/** Print `text`, broken into lines where it is too wide; what follows the first line is set in by four. */
export function print(text: string): void {
  const [first, ...words] = text.split(/(?<=\S)\s(?=\S)/);
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`    ${word}`);
  }
  console.log(lines.join("\n"));
}
