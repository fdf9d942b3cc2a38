import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { type DurableStorage, MemStorage, type Storage } from "../raft/mod.ts";
import { storageCases } from "../raft/storage_cases.ts";
import { VirtualClock } from "./clock.ts";
import { type DiskHabits, SimulatedDisk } from "./simulated_disk.ts";

const entry = (index: number) => ({ type: "command" as const, term: 1, index, data: new Uint8Array([index]) });

function newDisk(habits: DiskHabits = {}): { disk: SimulatedDisk; storage: DurableStorage; clock: VirtualClock } {
  const clock = new VirtualClock();
  const disk = new SimulatedDisk(MemStorage.newWithConfState({ voters: [1] }), clock, habits);
  return { disk, storage: disk.open(), clock };
}

storageCases("SimulatedDisk", (confState) => {
  return new SimulatedDisk(MemStorage.newWithConfState(confState), new VirtualClock()).open();
});

const lengths = (...storages: Storage[]) => storages.map((storage) => storage.lastIndex());

Deno.test("what is written can be read at once; a sync takes its time and covers what was written before it", async () => {
  const { disk, storage, clock } = newDisk({ delay: () => 7 });
  storage.append([entry(1)]);
  deepStrictEqual(lengths(storage, disk.durable), [1, 0]);
  const sync = storage.syncAsync();
  storage.append([entry(2)]);
  await sync;
  deepStrictEqual([clock.now(), ...lengths(storage, disk.durable)], [7, 2, 1]);
  await storage.syncAsync();
  deepStrictEqual([clock.now(), ...lengths(disk.durable)], [14, 2]);
  storage.append([entry(3)]);
  storage.close();
  strictEqual(disk.open().lastIndex(), 2, "what was not synced is lost");
});

Deno.test("a crash loses or keeps the write that is under way, whole, and nothing after it", async () => {
  for (const keeps of [true, false]) {
    const { disk, storage, clock } = newDisk({ delay: () => 5, keeps: () => keeps });
    storage.append([entry(1)]);
    storage.setHardState({ term: 1, vote: 1, commit: 0 });
    const sync = storage.syncAsync();
    await clock.sleep(1);
    storage.append([entry(2)]);
    disk.crash();
    await rejects(sync, /^Error: Cannot write: the disk was closed/);
    const { term } = disk.open().initialState().hardState;
    deepStrictEqual([disk.open().lastIndex(), term], keeps ? [1, 1] : [0, 0]);
  }
});

Deno.test("a failed disk says so at every later call, and holds what was durable before", async () => {
  let isBroken = false;
  const { disk, storage } = newDisk({ fails: () => isBroken });
  storage.append([entry(1)]);
  await storage.syncAsync();
  isBroken = true;
  storage.append([entry(2)]);
  await rejects(storage.syncAsync(), /^Error: Cannot write: the disk has failed/);
  isBroken = false;
  await rejects(storage.syncAsync(), /has failed/);
  throws(() => storage.append([entry(3)]), /has failed/);
  strictEqual(disk.durable.lastIndex(), 1);
});

Deno.test("a disk that is opened again holds what it held: snapshot, log and hard state", async () => {
  const { disk, storage } = newDisk();
  storage.append([1, 2, 3, 4].map(entry));
  storage.createSnapshot(3, new Uint8Array([7]));
  storage.compact(2);
  storage.setHardState({ term: 2, vote: 1, commit: 4 });
  await storage.syncAsync();
  const again = disk.open();
  deepStrictEqual([again.firstIndex(), again.lastIndex(), again.term(1)], [2, 4, 1]);
  deepStrictEqual([again.snapshot(), again.initialState()], [storage.snapshot(), storage.initialState()]);
});
