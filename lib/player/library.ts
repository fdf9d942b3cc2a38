/**
 * The scenarios as data that a page carries: their steps as they are without options.
 *
 * @module
 */
import { completeScenarioOptions, type Scenario, withSequels } from "../scenario/scenario.ts";
import { scenarios } from "../scenario/scenarios.ts";
import { dataOf } from "./share.ts";

/** Every scenario and what follows it, but those whose rule is a program, which no data can carry. */
export const PLAYABLE: readonly Scenario[] = scenarios.flatMap(withSequels).filter(({ mutation }) =>
  mutation === undefined
);

/** All of these, as JSON can carry them. */
export function libraryOf() {
  return PLAYABLE.map((scenario) => dataOf(scenario, completeScenarioOptions(scenario, {})));
}
