/** What is said of scenarios that are none. */
import { ok, strictEqual } from "node:assert/strict";
import { readScenario } from "./mod.ts";

/** What is wrong with `data`, a line each. */
export function problems(data: unknown, nodes?: number): string[] {
  try {
    readScenario(data, nodes === undefined ? {} : { nodes });
    return [];
  } catch (error) {
    ok(error instanceof Error && error.name === "ScenarioError", `${error}`);
    const [first, ...lines] = error.message.split("\n  ");
    strictEqual(first, "Cannot read the scenario:");
    return lines;
  }
}
