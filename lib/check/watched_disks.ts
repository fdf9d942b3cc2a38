/**
 * Disks that lose what was not synced, each beside a ghost: a storage in memory that holds just what was synced.
 *
 * @module
 */
import {
  assert,
  type ConfState,
  type DurableStorage,
  MemStorage,
  type NodeId,
  type WritableStorage,
} from "../raft/mod.ts";
import type { DiskOf } from "../storage/disk.ts";
import { FileStorage } from "../storage/file_storage.ts";
import { MemoryFiles } from "../storage/memory_files.ts";
import type { DurableOf } from "./checker.ts";

/** What is written to a disk, and to its ghost once it is synced. */
const WRITES: ReadonlySet<PropertyKey> = new Set<keyof WritableStorage>([
  "setHardState",
  "setCommit",
  "setConfState",
  "append",
  "applySnapshot",
  "createSnapshot",
  "compact",
]);

/** A log on a disk, and its ghost. */
class Watched {
  readonly files = new MemoryFiles();
  readonly ghost: MemStorage;
  #unsynced: ((to: WritableStorage) => void)[] = [];

  constructor(readonly confState: ConfState) {
    this.ghost = MemStorage.newWithConfState(confState);
  }

  /** What is on the disk must be what the ghost holds: whatever was acknowledged, and nothing else. */
  open(): DurableStorage {
    const storage = FileStorage.open("log", this.confState, { files: this.files, segmentBytes: 600 });
    const [expected, found] = [contents(this.ghost), contents(storage)];
    assert(found === expected, "what was synced is there after a crash, and nothing else", expected, found);
    const get = (_: DurableStorage, name: PropertyKey) => (...args: unknown[]) => {
      const call = (to: WritableStorage) => Reflect.get(to, name).apply(to, args);
      const result = call(storage);
      if (WRITES.has(name)) this.#unsynced.push(call);
      if (name === "sync") { for (const write of this.#unsynced.splice(0)) write(this.ghost); }
      return result;
    };
    return new Proxy<DurableStorage>(storage, { get });
  }

  crash(): void {
    this.#unsynced = [];
    this.files.crash("none");
  }
}

function contents(storage: WritableStorage): string {
  const [first, end] = [storage.firstIndex(), storage.lastIndex() + 1];
  const entries = storage.entries(first, end, Infinity).map(({ index, term, data }) => [index, term, data.join()]);
  return JSON.stringify({ ...storage.initialState(), first, before: storage.term(first - 1), entries });
}

/** Disks for a cluster, and what is durable on them. */
export function watchedDisks(): { diskOf: DiskOf; durableOf: DurableOf } {
  const disks = new Map<NodeId, Watched>();
  return {
    diskOf(id, initial) {
      const disk = new Watched(initial.initialState().confState);
      disks.set(id, disk);
      return disk;
    },
    durableOf(id) {
      const disk = disks.get(id);
      if (disk === undefined) throw new Error(`node ${id} has no disk`);
      return disk.ghost;
    },
  };
}
