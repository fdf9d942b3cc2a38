/**
 * Predictions: a reader commits to an answer before a run, and is told afterwards whether it was right.
 *
 * The question, its options and the reasons for each of them are prose of the notebook, so that a page that is only read says
 * everything once. Nothing is remembered here: a prediction is the value that `predict` returns, so any cell may run again.
 *
 * @module
 */
import { print } from "./exercise.ts";

/** The letters of a question's options. */
export type Option = "a" | "b" | "c" | "d";

const OPTIONS: readonly Option[] = ["a", "b", "c", "d"];

/**
 * Note what the reader predicts; nobody is told here whether it is right.
 *
 * @param letter The letter of an option; empty until the reader fills it in.
 * @returns The letter, or `null` if it is none.
 *
 * @example
 * ```ts
 * import { predict, reveal } from "hello-raft";
 *
 * // How many of three votes elect a leader? a: one, b: two, c: three
 * const guess = predict("c");
 * reveal(guess, "b");
 * ```
 */
export function predict(letter: string): Option | null {
  const said = letter.trim();
  const option = OPTIONS.find((each) => each === said.toLowerCase()) ?? null;
  if (option !== null) print(`Noted: ${option}. Run on to see.`);
  else if (said !== "") {
    print(`"${said}" is none of the options: put one letter between the quotes, and run this cell again.`);
  }
  return option;
}

/** Answer a prediction after the run; a reader who made none is told nothing, for the reasons stand below. */
export function reveal(prediction: Option | null, right: Option): void {
  if (prediction === null) return;
  if (prediction === right) print(`You predicted ${right}. Right.`);
  else print(`You predicted ${prediction}. It is ${right}; both are explained below.`);
}
