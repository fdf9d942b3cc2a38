/**
 * The directory of `--storage`: what the logs in it hold before a run goes on with them.
 *
 * @module
 */
import { membersOf, type Storage } from "../../raft/mod.ts";
import { type Scenario, stepsOf } from "../../scenario/scenario.ts";
import type { ScenarioOptions, Step } from "../../scenario/schema.ts";
import { word } from "../../trace/text.ts";
import { clusterLogs, hasGoneOn, nodeOf } from "../log/cluster_logs.ts";
import { heldIn } from "../log/report.ts";
import { attempt, UsageError } from "../usage_error.ts";

/** What a run begins with. */
export interface Found {
  /** The name of the cluster: that of the logs that are there, or a new one. */
  readonly cluster: string;
  /** What each node goes on from, a sentence each; none if all begin anew. */
  readonly goesOn: readonly string[];
}

/**
 * Look at the logs in `directory`, which is made if it is not there.
 *
 * @throws {UsageError} if they cannot be gone on with, or are not those of a cluster of this size. They are as they were then.
 */
export function inspectLogs(directory: string, scenario: Scenario, play: ScenarioOptions): Found {
  const steps = stepsOf(scenario, play);
  if (scenario.setting?.logs !== undefined || steps.some(isAbsolute)) {
    throw new UsageError(
      `${scenario.name} is about logs that begin anew; play it without --storage, or another scenario with it`,
    );
  }
  const [name, nodes, spares] = [word(directory), play.nodes, scenario.setting?.spares ?? 0];
  const names = attempt("use", directory, () => {
    Deno.mkdirSync(directory, { recursive: true });
    return [...Deno.readDirSync(directory)].map((entry) => entry.name).sort();
  });
  const other = names.find((each) => nodeOf(each) === null);
  if (other !== undefined) {
    throw new UsageError(`${name} holds ${word(other)}, which is no node's log; name another directory`);
  }
  const goesOn: string[] = [];
  let cluster: string | null = null;
  for (const [id, { report: { problem, storage, owner } }] of clusterLogs(directory)) {
    if (problem !== null) throw new UsageError(problem);
    if (storage === null) continue;
    cluster ??= owner?.cluster || null;
    const known = Math.max(...membersOf(storage.initialState().confState));
    if (known > nodes || known < nodes - spares) {
      const least = known + spares;
      throw new UsageError(`${name} holds a cluster of ${known}, not of ${nodes - spares}: play with --nodes ${least}`);
    }
    if (steps.some((step) => step.do === "confChange") && hasChanged(storage, nodes - spares)) {
      throw new UsageError(
        `${scenario.name} begins with a cluster that nobody has joined or left; name another directory`,
      );
    }
    if (id > nodes) throw new UsageError(`${name} holds node-${id}, but a cluster of ${nodes}; name another directory`);
    if (hasGoneOn(storage)) goesOn.push(`node ${id} goes on with ${heldIn(storage)}`);
  }
  return { cluster: cluster ?? crypto.randomUUID(), goesOn };
}

/** Whether a log knows of a change of the configuration, in a cluster that begins with the nodes up to `founders`. */
function hasChanged(storage: Storage, founders: number): boolean {
  const entries = storage.entries(storage.firstIndex(), storage.lastIndex() + 1, Infinity);
  const members = membersOf(storage.initialState().confState);
  return members.length !== founders || members.at(-1) !== founders ||
    entries.some(({ type }) => type === "configuration");
}

/** Whether a step speaks of the very first terms and indices. */
function isAbsolute(step: Step): boolean {
  const condition = step.do === "runUntil" ? step.until : step.do === "expect" ? step.that : null;
  return condition?.is === "log" || (condition?.is === "number" && condition.equals !== undefined);
}
