/**
 * The directory of `--storage`: what the logs in it hold before a run goes on with them.
 *
 * @module
 */
import type { DiskOf } from "../../storage/disk.ts";
import { directoryOf, fileDisks } from "../../storage/disk.ts";
import { FileStorage } from "../../storage/file_storage.ts";
import { nodeFiles } from "../../storage/node_files.ts";
import type { NodeId } from "../../raft/mod.ts";
import { stepsOf } from "../../scenario/scenario.ts";
import type { Scenario, ScenarioOptions } from "../../scenario/scenario.ts";
import type { Step } from "../../scenario/step.ts";
import { sortNames } from "../../storage/names.ts";
import { word } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";
import { reasonOf } from "./output_file.ts";
import { isDiskError } from "./play.ts";

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
    if (!exists(directory)) Deno.mkdirSync(directory, { recursive: true });
    openAll(directory, play.nodes, open);
  } catch (error) {
    close();
    if (error instanceof UsageError) throw error;
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
function openAll(directory: string, nodes: number, open: Map<NodeId, FileStorage>): void {
  if (!Deno.statSync(directory).isDirectory) throw new UsageError(`${word(directory)} is a file; name a directory`);
  const names = nodeFiles.list(directory) ?? [];
  const ids = Array.from({ length: nodes }, (_, i) => i + 1);
  const other = names.find((name) => !/^node-[1-9]$/.test(name));
  if (other !== undefined) {
    throw new UsageError(`${word(directory)} holds ${word(other)}, which is no node's log; name another directory`);
  }
  const there = names.map((name) => Number(name.slice(-1))).filter((id) => hasBegun(directoryOf(directory, id)));
  for (const id of there) {
    const storage = FileStorage.open(directoryOf(directory, id), { voters: ids });
    open.set(id, storage);
    const { length } = storage.initialState().confState.voters;
    if (length !== nodes) {
      throw new UsageError(
        `${word(directory)} holds a cluster of ${length}, not of ${nodes}: play with --nodes ${length}`,
      );
    }
    if (id > nodes) {
      throw new UsageError(`${word(directory)} holds node-${id}, but a cluster of ${nodes}; name another directory`);
    }
  }
  const missing = ids.find((id) => !there.includes(id));
  if (missing !== undefined && [...open.values()].some(hasGoneOn)) {
    throw new UsageError(
      `${
        word(directory)
      } has no log of node ${missing}, and others have gone on: a node that forgot its vote must not ` +
        "start; name another directory",
    );
  }
  for (const id of ids) if (!open.has(id)) open.set(id, FileStorage.open(directoryOf(directory, id), { voters: ids }));
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
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
