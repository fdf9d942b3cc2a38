/**
 * Shrinking: from a run in which something broke to a short one in which the same breaks.
 *
 * @module
 */
import type { NodeId } from "../raft/mod.ts";
import type { Step } from "../scenario/schema.ts";
import { FuzzFailure, type FuzzOptions, replay, type Schedule } from "./fuzz.ts";

/**
 * A run as short as could be found in which the same breaks as in `failure`: with the fewest nodes, then without every
 * step it can do without.
 *
 * @param told Called before each try, with the number of steps that are left.
 * @param tries How often a shorter run is tried, at most.
 */
export function shrink(
  failure: FuzzFailure,
  options: FuzzOptions = {},
  told: (steps: number) => void = () => {},
  tries = 1500,
): FuzzFailure {
  let shortest = failure;
  const holds = (schedule: Schedule): boolean => {
    if (tries-- <= 0) return false;
    told(shortest.schedule.steps.length);
    const shorter = failureOf(schedule, options);
    if (shorter?.what !== failure.what) return false;
    shortest = shorter;
    return true;
  };
  const shrinkNodes = () => {
    const { nodes, setting: { spares = 0 } } = shortest.schedule;
    for (const [fewer, left] of sizesBelow(nodes, spares)) {
      if (holds(withNodes(shortest.schedule, fewer, left))) return;
    }
  };
  shrinkNodes();
  for (let before = Infinity; shortest.schedule.steps.length < before;) {
    before = shortest.schedule.steps.length;
    for (let size = before; size >= 1; size = Math.floor(size / 2)) {
      // What is cut off the end moves nothing that is still to be tried.
      for (let end = shortest.schedule.steps.length; end > 0; end -= size) {
        const { steps } = shortest.schedule;
        const rest = [...steps.slice(0, Math.max(0, end - size)), ...steps.slice(end)];
        if (rest.length < steps.length) holds({ ...shortest.schedule, steps: rest });
      }
    }
  }
  shrinkNodes();
  for (const field of Object.keys(shortest.schedule.setting) as (keyof Schedule["setting"])[]) {
    // Without it, leases would be none.
    if (field === "checkQuorum" && shortest.schedule.setting.readOnlyOption === "leaseBased") continue;
    const { [field]: _, ...setting } = shortest.schedule.setting;
    holds({ ...shortest.schedule, setting });
  }
  return shortest;
}

function failureOf(schedule: Schedule, options: FuzzOptions): FuzzFailure | null {
  try {
    replay(schedule, options);
    return null;
  } catch (error) {
    if (error instanceof FuzzFailure) return error;
    throw error;
  }
}

/** Numbers of nodes, and how many of them are spares: at most as many founders and as many spares, and not all of them. */
function sizesBelow(nodes: number, spares: number): (readonly [nodes: number, spares: number])[] {
  const upTo = (most: number) => Array.from({ length: most + 1 }, (_, i) => i);
  const sizes = upTo(nodes - spares).slice(1).flatMap((founders) =>
    upTo(spares).map((left) => [founders + left, left] as const)
  );
  return sizes.filter(([total]) => total < nodes).sort(([a], [b]) => a - b);
}

/** The same run with the nodes up to `nodes` alone, the last `spares` of which are no members at first. */
function withNodes(schedule: Schedule, nodes: number, spares: number): Schedule {
  const isThere = (id: unknown) => typeof id !== "number" || id <= nodes;
  const steps = schedule.steps.flatMap((step): Step[] => {
    if (step.do === "partition") {
      const groups = step.groups.map((group) => [group].flat().filter(isThere)).filter(({ length }) => length > 0);
      return groups.length < 2 ? [] : [{ ...step, groups }];
    }
    const named: readonly unknown[] = ["nodes", "from", "to", "addVoters", "addLearners", "remove"]
      .flatMap((field) => (step as Record<string, unknown>)[field]);
    return named.every((id) => id === undefined || isThere(id as NodeId)) ? [step] : [];
  });
  const { spares: before, ...setting } = schedule.setting;
  return { ...schedule, nodes, setting: before === undefined ? setting : { ...setting, spares }, steps };
}
