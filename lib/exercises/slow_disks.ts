/**
 * "Without the leader's disk" (notebook 03): a Put is committed while the leader still writes it.
 *
 * @module
 */
import type { Ticks } from "../raft/mod.ts";
import { list } from "../trace/text.ts";
import { putOnDisks } from "./disk_lab.ts";

/** The most ticks that a disk of the exercise takes. */
const SLOWEST = 20;

/**
 * Whether these speeds of five disks let a Put be committed before the leader's own disk holds it, with as many disks at 20
 * ticks as can be.
 *
 * @returns What is wrong with them; `null` if nothing is.
 *
 * @example
 * ```ts
 * import { checkSlowDisks } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(await checkSlowDisks([20, 0, 0, 0, 0]) ?? "", /Node 4 leads/);
 * ```
 */
export async function checkSlowDisks(ticks: readonly Ticks[]): Promise<string | null> {
  const isSpeed = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= SLOWEST;
  if (!Array.isArray(ticks) || ticks.length !== 5 || !ticks.every(isSpeed)) {
    return `It takes a list of five whole numbers from 0 to ${SLOWEST}.`;
  }
  const { leader, committed, durable } = await putOnDisks(ticks);
  const when = `the Put is committed at tick ${committed}, when the disks of nodes ${list(durable)} hold it`;
  if (durable.includes(leader)) return `Node ${leader} leads, and its own disk is among them: ${when}.`;
  const slow = ticks.filter((tick) => tick === SLOWEST).length;
  return slow >= 2 ? null : `Without the leader's disk: ${when}. But one more disk may take ${SLOWEST} ticks.`;
}
