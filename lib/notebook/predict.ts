/**
 * Predictions: a reader commits to an answer before a run, and gets the explanation that fits it afterwards.
 *
 * Plain lines on the console. Nothing is remembered here: a prediction is the value that `predict` returns, so any
 * cell may run again.
 *
 * @module
 */
import { list } from "../trace/text.ts";
import { print } from "./exercise.ts";

/** What may be said to a question, and what the reader said. */
export interface Prediction<Choice extends string> {
  /** What may be said, by its letter. */
  readonly choices: Readonly<Record<Choice, string>>;
  /** What was said; `null` if nothing, or nothing that was asked for. */
  readonly choice: Choice | null;
}

/**
 * Ask `question` and note what the reader chose. Nobody is told here whether it is right.
 *
 * @param choice One of the letters in `choices`; empty until the reader fills it in.
 *
 * @example
 * ```ts
 * import { predict, reveal } from "hello-raft";
 *
 * const votes = predict("How many of three votes elect a leader?", { a: "one", b: "two", c: "three" }, "c");
 * reveal(votes, "b", {
 *   a: "Then two nodes could be elected at once.",
 *   b: "Two are a majority of three.",
 *   c: "Then one stopped node would be enough to stop all elections.",
 * });
 * ```
 */
export function predict<Choice extends string>(
  question: string,
  choices: Readonly<Record<Choice, string>>,
  choice: string = "",
): Prediction<Choice> {
  const letters = Object.keys(choices) as Choice[];
  const said = `${choice ?? ""}`.trim();
  const chosen = letters.find((letter) => letter === said) ?? null;
  print(question);
  for (const letter of letters) {
    print(`  ${letter}  ${choices[letter]}${letter === chosen ? "   <- your prediction" : ""}`);
  }
  const again = `put ${list(letters.map((letter) => `"${letter}"`), "or")} between the quotes, and run again.`;
  if (chosen !== null) print(`Noted: ${chosen}. Run on to see.`);
  else if (said === "") print(`Nothing predicted yet: ${again}`);
  else print(`Cannot note "${said}": it is none of the choices; ${again}`);
  return { choices, choice: chosen };
}

/**
 * Answer a prediction, after the run.
 *
 * @param right The letter of the right choice.
 * @param why For each choice, why it is right or what is wrong with it.
 */
export function reveal<Choice extends string>(
  { choices, choice }: Prediction<Choice>,
  right: Choice,
  why: Readonly<Record<Choice, string>>,
): void {
  const answer = `${right} (${choices[right]})`;
  if (choice === null) print(`You predicted nothing. It is ${answer}.`);
  else if (choice === right) print(`You predicted ${answer}. Right.`);
  else {
    print(`You predicted ${choice} (${choices[choice]}). Not so: it is ${answer}.`);
    print(`Why not ${choice}: ${why[choice]}`);
  }
  print(`Why ${right}: ${why[right]}`);
}
