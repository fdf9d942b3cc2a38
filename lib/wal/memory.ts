/**
 * A log that was read from disk, in memory.
 *
 * Floor 5.
 *
 * @module
 */
import { MemStorage } from "../raft/mem_storage.ts";
import type { Recovered } from "./recover.ts";

/** A storage that holds what was found. */
export function memoryOf({ log, snapshotData }: Recovered): MemStorage {
  const { hardState, confState, before, snapshot, entries } = log;
  const memory = MemStorage.newWithConfState(confState);
  const data = snapshotData ?? new Uint8Array();
  if (before.index > 0) memory.applySnapshot({ metadata: { ...before, confState }, data });
  memory.append(entries);
  // It may reach further than the log is compacted: the entries it stands for have been kept.
  if (snapshot !== null) memory.createSnapshot(snapshot.index, data);
  memory.setHardState(hardState);
  return memory;
}
