/**
 * The directory of `--storage`: what the logs in it hold before a run goes on with them.
 *
 * @module
 */
import type { NodeId } from "../../raft/mod.ts";
import { type Scenario, type ScenarioOptions, stepsOf } from "../../scenario/scenario.ts";
import type { Step } from "../../scenario/step.ts";
import type { DiskOf } from "../../storage/disk.ts";
import { directoryOf, fileDisks } from "../../storage/file_disk.ts";
import { FileStorage } from "../../storage/file_storage.ts";
import { sortNames } from "../../storage/names.ts";
import { nodeFiles } from "../../storage/node_files.ts";
import { word } from "../../trace/text.ts";
import { isDiskError, reasonOf, UsageError } from "../usage_error.ts";

/** Logs that are open: nobody else can have them until they are closed. */
export interface OpenLogs {
  /** What each node goes on from, a sentence each; none if all begin anew. */
  readonly goesOn: readonly string[];
  /** The disks of the nodes: the first time they are opened, they are what is open already. */
  readonly diskOf: DiskOf;
  /** Let go of those that no node has taken. */
  readonly close: () => void;
}

/**
 * Open the logs in `directory`, which is made if it is not there.
 *
 * @throws {UsageError} if they cannot be gone on with, or are not those of a cluster of this size. Nothing has changed then,
 * but for logs that may have been begun.
 */
export function openLogs(directory: string, scenario: Scenario, play: ScenarioOptions): OpenLogs {
  if (scenario.setting?.logs !== undefined || stepsOf(scenario, play).some(isAbsolute)) {
    throw new UsageError(
      `${scenario.name} is about logs that begin anew; play it without --storage, or another scenario with it`,
    );
  }
  const open = new Map<NodeId, FileStorage>();
  const close = () => open.forEach((storage) => storage.close());
  try {
    Deno.mkdirSync(directory, { recursive: true });
    openAll(directory, Array.from({ length: play.nodes }, (_, i) => i + 1), open);
  } catch (error) {
    close();
    if (error instanceof UsageError) throw error;
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new UsageError(`${word(directory)} is a file; name a directory`);
    }
    if (isDiskError(error)) throw new UsageError(error.message);
    throw new UsageError(`cannot use ${word(directory)}: ${reasonOf(error)}`);
  }
  const disks = fileDisks(directory);
  const diskOf: DiskOf = (id, initial) => {
    const disk = disks(id, initial);
    return {
      open: () => {
        const storage = open.get(id) ?? disk.open();
        open.delete(id);
        return storage;
      },
    };
  };
  return { goesOn: [...open].flatMap(([id, storage]) => goesOnFrom(id, storage)), diskOf, close };
}

/**
 * First those that have begun, for they say how large the cluster is. A log that has not begun while another one has gone
 * on is lost: its node may have voted.
 */
function openAll(directory: string, ids: readonly NodeId[], open: Map<NodeId, FileStorage>): void {
  const names = nodeFiles.list(directory) ?? [];
  const other = names.find((name) => !/^node-[1-9]$/.test(name));
  if (other !== undefined) {
    throw new UsageError(`${word(directory)} holds ${word(other)}, which is no node's log; name another directory`);
  }
  const openOne = (id: NodeId) => {
    const storage = FileStorage.open(directoryOf(directory, id), { voters: ids });
    open.set(id, storage);
    return storage;
  };
  for (const id of names.map((name) => Number(name.slice(-1))).filter((id) => hasBegun(directoryOf(directory, id)))) {
    const { length } = openOne(id).initialState().confState.voters;
    const size = ids.length;
    if (length !== size) {
      throw new UsageError(
        `${word(directory)} holds a cluster of ${length}, not of ${size}: play with --nodes ${length}`,
      );
    }
    if (id > size) {
      throw new UsageError(`${word(directory)} holds node-${id}, but a cluster of ${size}; name another directory`);
    }
  }
  const missing = ids.filter((id) => !open.has(id));
  if (missing.length > 0 && [...open.values()].some(hasGoneOn)) {
    throw new UsageError(
      `${word(directory)} has no log of node ${missing[0]}, and others have gone on: ` +
        "a node that forgot its vote must not start; name another directory",
    );
  }
  missing.forEach(openOne);
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

function goesOnFrom(id: NodeId, storage: FileStorage): string[] {
  if (!hasGoneOn(storage)) return [];
  const { term, vote, commit } = storage.initialState().hardState;
  const [first, last] = [storage.firstIndex(), storage.lastIndex()];
  const entries = last < first ? "no entries" : `indices ${first} to ${last}`;
  const voted = vote === null ? "no vote" : `its vote for node ${vote}`;
  return [`node ${id} goes on in term ${term}, with ${voted}, ${entries}, commit index ${commit}`];
}

/** Whether a step speaks of the very first terms and indices. */
function isAbsolute(step: Step): boolean {
  const condition = step.do === "runUntil" ? step.until : step.do === "expect" ? step.that : null;
  return condition?.is === "log" || (condition?.is === "number" && condition.equals !== undefined);
}
