/**
 * Disks that lose what was not synced, each beside a ghost: a storage in memory that holds just what was synced.
 *
 * @module
 */
import { assert, type ConfState, type DurableStorage, type Entry, type HardState, type Index } from "../raft/mod.ts";
import { MemStorage, type NodeId, type Snapshot, type WritableStorage } from "../raft/mod.ts";
import type { DiskOf } from "../storage/disk.ts";
import { FileStorage } from "../storage/file_storage.ts";
import { MemoryFiles } from "../storage/memory_files.ts";
import type { DurableOf } from "./checker.ts";

/** A log on a disk, and its ghost. */
class Watched {
  readonly files = new MemoryFiles();
  readonly ghost: MemStorage;
  #unsynced: ((ghost: MemStorage) => void)[] = [];

  constructor(readonly confState: ConfState) {
    this.ghost = MemStorage.newWithConfState(confState);
  }

  /** What is on the disk must be what the ghost holds: whatever was acknowledged, and nothing else. */
  open(): DurableStorage {
    const storage = FileStorage.open("log", this.confState, { files: this.files, segmentBytes: 600 });
    const [expected, found] = [contents(this.ghost), contents(storage)];
    assert(found === expected, "What was synced is there after a crash, and nothing else", { expected, found });
    const later = (write: (storage: WritableStorage) => void) => {
      write(storage);
      this.#unsynced.push(write);
    };
    return Object.assign(Object.create(storage), {
      ...bound(storage),
      setHardState: (hardState: HardState) => later((to) => to.setHardState(hardState)),
      setCommit: (commit: Index) => later((to) => to.setCommit(commit)),
      append: (entries: readonly Entry[]) => later((to) => to.append([...entries])),
      applySnapshot: (snapshot: Snapshot) => later((to) => to.applySnapshot(snapshot)),
      createSnapshot: (index: Index, data: Uint8Array) => {
        this.#unsynced.push((to) => void to.createSnapshot(index, data));
        return storage.createSnapshot(index, data);
      },
      compact: (index: Index) => later((to) => to.compact(index)),
      sync: () => {
        storage.sync();
        for (const write of this.#unsynced) write(this.ghost);
        this.#unsynced = [];
      },
    });
  }

  crash(): void {
    this.#unsynced = [];
    this.files.crash("none");
  }
}

/** The calls that only ask, and `close`. */
function bound(storage: FileStorage) {
  const { initialState, firstIndex, lastIndex, term, entries, snapshot, close } = FileStorage.prototype;
  const calls = { initialState, firstIndex, lastIndex, term, entries, snapshot, close };
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, call.bind(storage as never)]));
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
