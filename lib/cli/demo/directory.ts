/**
 * The directory of `--storage`: what the logs in it hold before a run goes on with them.
 *
 * Floor 9.
 *
 * @module
 */
import { directoryOf } from "../../file_disk.ts";
import { FileStorage, WalError } from "../../file_storage.ts";
import { LockedError } from "../../files/files.ts";
import { nodeFiles } from "../../files/node_files.ts";
import { stepsOf } from "../../scenario/scenario.ts";
import type { Scenario, ScenarioOptions } from "../../scenario/scenario.ts";
import type { Step } from "../../scenario/step.ts";
import { word } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";
import { reasonOf } from "./output_file.ts";

/**
 * Look into `directory`, and make it if it is not there. What each node goes on from, a sentence each; none if all begin anew.
 *
 * @throws {UsageError} if the logs in it cannot be gone on with, or are not those of a cluster of this size.
 */
export function lookInto(directory: string, scenario: Scenario, play: ScenarioOptions): string[] {
  if (scenario.setting?.logs !== undefined || stepsOf(scenario, play).some(isAbsolute)) {
    throw new UsageError(
      `${scenario.name} is about logs that begin anew; play it without --storage, or another scenario with it`,
    );
  }
  const ids = Array.from({ length: play.nodes }, (_, i) => i + 1);
  try {
    Deno.mkdirSync(directory, { recursive: true });
    const names = nodeFiles.list(directory) ?? [];
    const expected = ids.map((id) => directoryOf(directory, id).slice(directory.length + 1));
    const other = names.find((name) => !expected.includes(name));
    if (other !== undefined) throw otherCluster(directory, names, other, play.nodes);
    if (names.length > 0 && names.length < expected.length) throw otherCluster(directory, names, null, play.nodes);
    return ids.flatMap((id) => goesOnFrom(directory, id, ids));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof WalError || error instanceof LockedError) throw new UsageError(error.message);
    throw new UsageError(`cannot use ${word(directory)}: ${reasonOf(error)}`);
  }
}

function otherCluster(directory: string, names: readonly string[], other: string | null, nodes: number): UsageError {
  const logs = names.filter((name) => /^node-[1-9]$/.test(name)).length;
  if (logs === names.length) {
    return new UsageError(`${word(directory)} holds a cluster of ${logs}, not of ${nodes}: play with --nodes ${logs}`);
  }
  return new UsageError(
    `${word(directory)} holds ${word(other ?? "")}, which is no node's log; name another directory`,
  );
}

function goesOnFrom(directory: string, id: number, voters: readonly number[]): string[] {
  const storage = FileStorage.open(directoryOf(directory, id), { voters });
  try {
    const { term, vote, commit } = storage.initialState().hardState;
    const [first, last] = [storage.firstIndex(), storage.lastIndex()];
    if (term === 0 && last === 0) return [];
    const entries = last < first ? "no entries" : `indices ${first} to ${last}`;
    const voted = vote === null ? "no vote" : `its vote for node ${vote}`;
    return [`node ${id} goes on in term ${term}, with ${voted}, ${entries}, commit index ${commit}`];
  } finally {
    storage.close();
  }
}

/** Whether a step speaks of the very first terms and indices. */
function isAbsolute(step: Step): boolean {
  const condition = step.do === "runUntil" ? step.until : step.do === "expect" ? step.that : null;
  return condition?.is === "log" || (condition?.is === "number" && condition.equals !== undefined);
}
