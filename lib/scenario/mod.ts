/**
 * Scenarios: those that `demo` tells, and what it takes to write others.
 *
 * Floor 7.
 *
 * @module
 */
export { basic } from "./basic.ts";
export type { Scenario, ScenarioOptions, Setting } from "./scenario.ts";
export { scenarios } from "./scenarios.ts";
export { readScenario } from "./schema.ts";
export { ScenarioError } from "./stage.ts";
export type { Action, Condition, Links, MessageFilter, Nodes, NodeWord, Quantity, Step } from "./step.ts";
