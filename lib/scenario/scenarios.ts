/**
 * The scenarios, by name.
 *
 * Floor 7.
 *
 * @module
 */
import { basic } from "./basic.ts";
import type { Scenario } from "./scenario.ts";

/** Every scenario, in the order in which to read them. */
export const scenarios: readonly Scenario[] = [basic];
