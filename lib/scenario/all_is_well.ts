/**
 * How most scenarios begin, before anything is broken.
 *
 * @module
 */
import type { Step } from "./step.ts";

/** A leader is elected, and one write is applied everywhere. */
export const ALL_IS_WELL: readonly Step[] = [
  { do: "runUntil", until: { is: "leader" }, title: "All is well: a leader, and one write" },
  { do: "runUntil", until: { is: "agreed" } },
  { do: "propose" },
  { do: "runUntil", until: { is: "agreed" } },
];
