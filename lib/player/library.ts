/**
 * The scenarios as data that a page carries, compressed: their steps as they are without options.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { gzipSync, strToU8 } from "fflate";
import { completeScenarioOptions, type Scenario, withSequels } from "../scenario/scenario.ts";
import { scenarios } from "../scenario/scenarios.ts";
import { dataOf } from "./share.ts";

/** Every scenario and what follows it, but those whose rule is a program, which no data can carry. */
export const PLAYABLE: readonly Scenario[] = scenarios.flatMap(withSequels).filter(({ mutation }) =>
  mutation === undefined
);

/** All of these, as base64 of gzip of JSON. */
export function libraryOf(): string {
  const all = PLAYABLE.map((scenario) => dataOf(scenario, completeScenarioOptions(scenario, {})));
  return Buffer.from(gzipSync(strToU8(JSON.stringify(all)), { level: 9, mtime: 0 })).toString("base64");
}
