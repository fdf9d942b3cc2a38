/**
 * What every durable storage must do beside what every storage does: one suite, run over files in memory and real ones.
 *
 * @module
 */
import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { type ConfState, type DurableStorage, newConfState, type WritableStorage } from "../raft/mod.ts";
import { bytes, entry, logOf } from "../raft/paper_cases.ts";
import { confState, read } from "../raft/storage_cases.ts";
import { jointConfiguration } from "./crash_cases.ts";

/** Opens the storage in a place: the same place, the same storage. */
export type OpenStorage = (place: string, confState: ConfState) => DurableStorage;

/** A storage that is synced, closed and opened again after every so many calls. */
export function reopening(calls: number, open: () => DurableStorage): WritableStorage {
  let storage = open();
  let done = 0;
  return new Proxy(storage, {
    get: (_, name) => (...args: unknown[]) => {
      try {
        return Reflect.apply(Reflect.get(storage, name), storage, args);
      } finally {
        if (++done % calls === 0) {
          storage.sync();
          storage.close();
          storage = open();
        }
      }
    },
  });
}

/** Register the suite. Every test asks for places of its own. */
export function durableStorageCases(name: string, newPlace: () => string, open: OpenStorage): void {
  const start = () => {
    const place = newPlace();
    // A log that is there has its own configuration, whatever it is opened with.
    return { storage: open(place, confState), reopen: () => open(place, newConfState({ voters: [7] })) };
  };

  Deno.test(`${name} has after it is opened again what was synced, and nothing else`, () => {
    const { storage, reopen } = start();
    storage.append(logOf([1, 1, 2]));
    storage.setHardState({ term: 2, vote: 3, commit: 1 });
    storage.sync();
    storage.sync();
    storage.append([entry(3, 2)]);
    storage.setHardState({ term: 3, vote: 1, commit: 1 });
    storage.close();
    const again = reopen();
    deepStrictEqual(again.initialState(), { hardState: { term: 2, vote: 3, commit: 1 }, confState });
    deepStrictEqual(read(again), logOf([1, 1, 2]));
    again.close();
  });

  Deno.test(`${name} knows after a crash the configuration as of the last sync, and the one of its snapshot`, () => {
    const { storage, reopen } = start();
    storage.append(logOf([1, 1]));
    storage.createSnapshot(1, bytes("one"));
    const joint = jointConfiguration(4);
    storage.setConfState(joint);
    storage.sync();
    storage.setHardState({ term: 1, vote: null, commit: 2 });
    storage.sync();
    storage.setConfState(confState);
    storage.close();
    const again = reopen();
    deepStrictEqual(again.initialState().confState, joint);
    deepStrictEqual(again.snapshot().metadata.confState, confState);
    again.close();
  });

  Deno.test(`${name} syncs without blocking: what is written before the call is covered, later writes are not`, async () => {
    const { storage, reopen } = start();
    storage.append(logOf([1]));
    const first = storage.syncAsync();
    storage.append([entry(1, 2)]);
    throws(() => storage.sync(), { kind: "Busy" });
    throws(() => storage.close(), { kind: "Busy" });
    await first;
    storage.close();
    const again = reopen();
    deepStrictEqual(read(again), logOf([1]));
    again.close();
  });

  Deno.test(`${name} keeps the order of its syncs, and lets those that wait share one`, async () => {
    const { storage, reopen } = start();
    const settled: number[] = [];
    storage.append(logOf([1]));
    const first = storage.syncAsync().then(() => settled.push(1));
    storage.append([entry(1, 2)]);
    const second = storage.syncAsync();
    storage.append([entry(1, 3)]);
    const third = storage.syncAsync();
    strictEqual(second, third);
    deepStrictEqual(read(storage), logOf([1, 1, 1]), "answers do not wait");
    await Promise.all([first, second.then(() => settled.push(2))]);
    deepStrictEqual(settled, [1, 2]);
    storage.createSnapshot(2, bytes("two"));
    storage.compact(3);
    await storage.syncAsync();
    await storage.syncAsync();
    storage.sync();
    storage.close();
    const again = reopen();
    deepStrictEqual([read(again), again.snapshot().data], [[entry(1, 3)], bytes("two")]);
    again.close();
  });

  Deno.test(`${name} is of no use once it is closed`, async () => {
    const { storage } = start();
    storage.close();
    storage.close();
    throws(() => storage.lastIndex(), { kind: "Closed" });
    throws(() => storage.append([]), { kind: "Closed" });
    throws(() => storage.sync(), { kind: "Closed" });
    await rejects(storage.syncAsync(), { kind: "Closed" });
  });

  Deno.test(`${name} can be open once at a time`, () => {
    const { storage, reopen } = start();
    throws(reopen, { name: "LockedError" });
    storage.close();
    reopen().close();
  });
}
