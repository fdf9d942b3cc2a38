/**
 * A scenario that the reader wrote: read from a file, and checked.
 *
 * The schemas are loaded here and nowhere else on the command line.
 *
 * @module
 */
import type { Scenario } from "../../scenario/scenario.ts";

import { visible, word } from "../../trace/text.ts";
import { attempt, UsageError } from "../usage_error.ts";

/**
 * The scenario in `file`, to be played with `nodes` nodes if that is said.
 *
 * @throws {UsageError} naming everything that is wrong with it, a line each.
 */
export async function readScenarioFile(file: string, nodes: number | undefined): Promise<Scenario> {
  const data = parse(file, attempt("read", file, () => Deno.readTextFileSync(file)));
  const { readScenario, scenarioProblems } = await import("../../scenario/validate.ts");
  const options = nodes === undefined ? {} : { nodes };
  const problems = scenarioProblems(data, options);
  if (problems.length === 0) return readScenario(data, options);
  const size = nodes === undefined ? "" : ` for ${nodes === 1 ? "one node" : `${nodes} nodes`}`;
  throw new UsageError(
    `${word(file)} is no scenario${size}:${problems.map((problem) => `\n  ${visible(problem)}`).join("")}`,
  );
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")); // a byte order mark is no part of the text
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${word(file)} is no JSON: ${visible(error.message)}`);
  }
}
