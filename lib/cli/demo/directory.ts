/**
 * The directory of `--storage`: what the logs in it hold before a run goes on with them.
 *
 * @module
 */
import type { NodeId } from "../../raft/mod.ts";
import { type Scenario, stepsOf } from "../../scenario/scenario.ts";
import type { ScenarioOptions, Step } from "../../scenario/schema.ts";
import { FileStorage } from "../../storage/file_storage.ts";
import { sortNames } from "../../storage/names.ts";
import { directoryOf, nodeFiles } from "../../storage/node_files.ts";
import { word } from "../../trace/text.ts";
import { isDiskError, reasonOf, UsageError } from "../usage_error.ts";

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
  const open = new Map<NodeId, FileStorage>();
  try {
    Deno.mkdirSync(directory, { recursive: true });
    openAll(directory, play.nodes, open);
    return [...open].filter(([, storage]) => hasGoneOn(storage)).map(([id, storage]) => goesOnFrom(id, storage));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new UsageError(`${word(directory)} is a file; name a directory`);
    }
    if (isDiskError(error)) throw new UsageError(error.message);
    throw new UsageError(`cannot use ${word(directory)}: ${reasonOf(error)}`);
  } finally {
    open.forEach((storage) => storage.close());
  }
}

/** Open what has begun. A log that has not begun while another one has gone on is lost: its node may have voted. */
function openAll(directory: string, nodes: number, open: Map<NodeId, FileStorage>): void {
  const name = word(directory);
  const names = nodeFiles.list(directory) ?? [];
  const other = names.find((each) => !/^node-[1-9]$/.test(each));
  if (other !== undefined) {
    throw new UsageError(`${name} holds ${word(other)}, which is no node's log; name another directory`);
  }
  const ids = Array.from({ length: nodes }, (_, i) => i + 1);
  for (const id of names.map((each) => Number(each.slice(-1)))) {
    if (!hasBegun(directoryOf(directory, id))) continue;
    const storage = FileStorage.open(directoryOf(directory, id), { voters: ids }, { files: nodeFiles });
    open.set(id, storage);
    const { length } = storage.initialState().confState.voters;
    if (length !== nodes) {
      throw new UsageError(`${name} holds a cluster of ${length}, not of ${nodes}: play with --nodes ${length}`);
    }
    if (id > nodes) throw new UsageError(`${name} holds node-${id}, but a cluster of ${nodes}; name another directory`);
  }
  const missing = ids.find((id) => !open.has(id));
  if (missing === undefined || ![...open.values()].some(hasGoneOn)) return;
  throw new UsageError(
    `${name} has no log of node ${missing}, and others have gone on: a node that forgot its vote must not start; name another directory`,
  );
}

/** Whether a log stands in `directory`, or something that is none: opening it will tell. */
function hasBegun(directory: string): boolean {
  if (!Deno.statSync(directory).isDirectory) return true;
  const { segments, snapshots, foreign } = sortNames(nodeFiles.list(directory) ?? []);
  return segments.length + snapshots.length + foreign.length > 0;
}

function hasGoneOn(storage: FileStorage): boolean {
  return storage.initialState().hardState.term > 0 || storage.lastIndex() > 0;
}

function goesOnFrom(id: NodeId, storage: FileStorage): string {
  const { term, vote, commit } = storage.initialState().hardState;
  const [first, last] = [storage.firstIndex(), storage.lastIndex()];
  const entries = last < first ? "no entries" : `indices ${first} to ${last}`;
  const voted = vote === null ? "no vote" : `its vote for node ${vote}`;
  return `node ${id} goes on in term ${term}, with ${voted}, ${entries}, commit index ${commit}`;
}

/** Whether a step speaks of the very first terms and indices. */
function isAbsolute(step: Step): boolean {
  const condition = step.do === "runUntil" ? step.until : step.do === "expect" ? step.that : null;
  return condition?.is === "log" || (condition?.is === "number" && condition.equals !== undefined);
}
