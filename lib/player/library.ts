/**
 * The scenarios as data that a page carries, compressed: their steps as they are without options.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { gzipSync, strToU8 } from "fflate";
import { asData, completeScenarioOptions } from "../scenario/scenario.ts";
import { scenarios } from "../scenario/scenarios.ts";
import { dataOf } from "./share.ts";

/** Every scenario, as base64 of gzip of JSON. */
export function libraryOf(): string {
  const all = scenarios.map(asData).map((scenario) => dataOf(scenario, completeScenarioOptions(scenario, {})));
  return Buffer.from(gzipSync(strToU8(JSON.stringify(all)), { level: 9, mtime: 0 })).toString("base64");
}
