/**
 * A scenario that the reader wrote: read from a file, and checked.
 *
 * The schemas are loaded here and nowhere else on the command line.
 *
 * @module
 */
import type { Scenario } from "../../scenario/scenario.ts";
import { quoted, visible, word } from "../../trace/text.ts";
import { readNamedFile } from "../named_file.ts";
import { attempt, UsageError } from "../usage_error.ts";

/** The most that a scenario's file may hold, in bytes. */
const MOST_BYTES = 4_000_000;

/**
 * The scenario in `file`, to be played with `nodes` nodes if that is said.
 *
 * @throws {UsageError} naming everything that is wrong with it, a line each.
 */
export async function readScenarioFile(file: string, nodes: number | undefined): Promise<Scenario> {
  const data = parse(file, attempt("read", file, () => readNamedFile(file, MOST_BYTES)));
  const { readScenario, scenarioProblems } = await import("../../scenario/validate.ts");
  const options = nodes === undefined ? {} : { nodes };
  const problems = scenarioProblems(data, options);
  if (problems.length === 0) return readScenario(data, options);
  const size = nodes === undefined ? "" : ` for ${nodes === 1 ? "one node" : `${nodes} nodes`}`;
  throw new UsageError(
    `${word(file)} is no scenario${size}:${problems.map((problem) => `\n  ${visible(problem)}`).join("")}`,
  );
}

function parse(file: string, bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const data = JSON.parse(text);
    refuseRepeatedKeys(file, text);
    return data;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${word(file)} is no JSON: it is not written in UTF-8`);
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${word(file)} is no JSON: ${visible(error.message)}`);
  }
}

/** Every string in JSON, with the colon that makes it a key, and every end of an object. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g;

/** `JSON.parse` would take the last value of a key that stands twice in an object, without a word. */
function refuseRepeatedKeys(file: string, json: string): void {
  const objects: Set<string>[] = [];
  for (const { 0: token, 1: name, 2: colon, index } of json.matchAll(TOKEN)) {
    if (token === "{") objects.push(new Set());
    else if (token === "}") objects.pop();
    else if (colon !== undefined) {
      const [keys, key] = [objects[objects.length - 1], JSON.parse(name)];
      const line = () => json.slice(0, index).split("\n").length;
      if (keys.has(key)) throw new UsageError(`${word(file)} says ${quoted(key)} again in line ${line()}; say it once`);
      keys.add(key);
    }
  }
}
