/**
 * A log that was read from disk, in memory.
 *
 * @module
 */
import { MemStorage } from "../raft/mem_storage.ts";
import type { Recovered } from "./recover.ts";

/** A storage that holds what was found. The entries are handed over to it. */
export function memoryOf({ log, snapshotData }: Recovered): MemStorage {
  const { hardState, confState, before, snapshot, entries } = log;
  const memory = MemStorage.newWithEntries(
    confState,
    before,
    entries.read(entries.first, entries.first + entries.length, Infinity),
  );
  // It may reach further than the log is compacted: the entries it stands for have been kept.
  if (snapshot !== null) memory.createSnapshot(snapshot.index, snapshotData ?? new Uint8Array());
  memory.setHardState(hardState);
  return memory;
}
