/**
 * The directory of `--storage`: what the logs in it hold before a run goes on with them.
 *
 * @module
 */
import type { NodeId, Storage } from "../../raft/mod.ts";
import { type Scenario, stepsOf } from "../../scenario/scenario.ts";
import type { ScenarioOptions, Step } from "../../scenario/schema.ts";
import { directoryOf, nodeFiles } from "../../storage/node_files.ts";
import { readLog } from "../../storage/read_log.ts";
import { word } from "../../trace/text.ts";
import { heldIn } from "../log/report.ts";
import { attempt, UsageError } from "../usage_error.ts";

/**
 * Look at the logs in `directory`, which is made if it is not there: what each node goes on from, a sentence each; none if all
 * begin anew.
 *
 * @throws {UsageError} if they cannot be gone on with, or are not those of a cluster of this size. They are as they were then.
 */
export function inspectLogs(directory: string, scenario: Scenario, play: ScenarioOptions): string[] {
  if (scenario.setting?.logs !== undefined || stepsOf(scenario, play).some(isAbsolute)) {
    throw new UsageError(
      `${scenario.name} is about logs that begin anew; play it without --storage, or another scenario with it`,
    );
  }
  const goneOn = [...logsIn(directory, play.nodes)].filter(([, log]) => hasGoneOn(log));
  return goneOn.map(([id, storage]) => `node ${id} goes on with ${heldIn(storage)}`);
}

/** The logs that have begun. One that has not begun while another has gone on is lost: its node may have voted. */
function logsIn(directory: string, nodes: number): Map<NodeId, Storage> {
  const [name, logs] = [word(directory), new Map<NodeId, Storage>()];
  const names = attempt("use", directory, () => {
    Deno.mkdirSync(directory, { recursive: true });
    return [...Deno.readDirSync(directory)].map((entry) => entry.name).sort();
  });
  const other = names.find((each) => !/^node-[1-9]$/.test(each));
  if (other !== undefined) {
    throw new UsageError(`${name} holds ${word(other)}, which is no node's log; name another directory`);
  }
  for (const id of names.map((each) => Number(each.slice(-1)))) {
    const { problem, storage } = readLog(directoryOf(directory, id), nodeFiles);
    if (problem !== null) throw new UsageError(problem);
    if (storage === null) continue;
    logs.set(id, storage);
    const { length } = storage.initialState().confState.voters;
    if (length !== nodes) {
      throw new UsageError(`${name} holds a cluster of ${length}, not of ${nodes}: play with --nodes ${length}`);
    }
    if (id > nodes) throw new UsageError(`${name} holds node-${id}, but a cluster of ${nodes}; name another directory`);
  }
  const missing = Array.from({ length: nodes }, (_, i) => i + 1).find((id) => !logs.has(id));
  if (missing === undefined || ![...logs.values()].some(hasGoneOn)) return logs;
  throw new UsageError(
    `${name} has no log of node ${missing}, and others have gone on: a node that forgot its vote must not start; name another directory`,
  );
}

function hasGoneOn(storage: Storage): boolean {
  return storage.initialState().hardState.term > 0 || storage.lastIndex() > 0;
}

/** Whether a step speaks of the very first terms and indices. */
function isAbsolute(step: Step): boolean {
  const condition = step.do === "runUntil" ? step.until : step.do === "expect" ? step.that : null;
  return condition?.is === "log" || (condition?.is === "number" && condition.equals !== undefined);
}
