/**
 * What is done to a run by hand.
 *
 * @module
 */
import type { Ticks } from "../raft/mod.ts";
import type { Act } from "../scenario/perform.ts";

/** Something done by hand. */
export interface Touch {
  /** When: after time has passed in this tick. */
  readonly tick: Ticks;
  /** What. */
  readonly step: Act;
}

/** All of `steps`, at one tick. */
export function at(tick: Ticks, ...steps: Act[]): Touch[] {
  return steps.map((step) => ({ tick, step }));
}
