import { match, strictEqual } from "node:assert/strict";
import { checkSyncPlace, type SyncPlace } from "./sync_place.ts";

Deno.test("put the sync in its place: before what waits, in any way that loses nothing", () => {
  const right: Record<string, SyncPlace> = {
    "as the library does": (ready, disk, send) => {
      send(ready.messages);
      disk.append(ready.entries);
      if (ready.hs !== null) disk.setHardState(ready.hs);
      if (ready.mustSync) disk.sync();
      send(ready.persistedMessages);
    },
    "hard state first, always synced, all sent at the end": (ready, disk, send) => {
      if (ready.hs) disk.setHardState(ready.hs);
      disk.append(ready.entries);
      disk.sync();
      send([...ready.messages, ...ready.persistedMessages]);
    },
    "one message at a time": (ready, disk, send) => {
      ready.messages.forEach((message) => send([message]));
      disk.append(ready.entries);
      ready.hs && disk.setHardState(ready.hs);
      disk.sync();
      ready.persistedMessages.forEach((message) => send([message]));
    },
    "copies of the messages": (ready, disk, send) => {
      send(structuredClone(ready.messages));
      if (ready.hs !== null) disk.setHardState({ ...ready.hs });
      disk.append([...ready.entries]);
      disk.sync();
      send(structuredClone(ready.persistedMessages));
    },
    "a sync if there are entries or a hard state": ({ messages, persistedMessages, entries, hs }, disk, send) => {
      disk.append(entries);
      if (hs !== null) disk.setHardState(hs);
      if (entries.length > 0 || hs !== null) disk.sync();
      send(persistedMessages);
      send(messages);
    },
    "two syncs, the second for nothing": (ready, disk, send) => {
      disk.append(ready.entries);
      if (ready.hs !== null) disk.setHardState(ready.hs);
      disk.sync();
      disk.sync();
      send([...ready.messages, ...ready.persistedMessages]);
    },
  };
  for (const [name, loop] of Object.entries(right)) strictEqual(checkSyncPlace(loop), null, name);
});

type Part = "messages" | "entries" | "hs" | "sync" | "waiting";

/** A loop of these parts in this order. */
function loopOf(...parts: readonly Part[]): SyncPlace {
  return (ready, disk, send) => {
    for (const part of parts) {
      if (part === "messages") send(ready.messages);
      else if (part === "entries") disk.append(ready.entries);
      else if (part === "hs") ready.hs && disk.setHardState(ready.hs);
      else if (part === "sync") disk.sync();
      else send(ready.persistedMessages);
    }
  };
}

Deno.test("put the sync in its place: none, too late, of a half, by halves, only sometimes; and what is not sent or not stored", () => {
  const syncIf = (is: (ready: Parameters<SyncPlace>[0]) => boolean): SyncPlace => (ready, disk, send) => {
    loopOf("messages", "entries", "hs")(ready, disk, send);
    if (is(ready)) disk.sync();
    send(ready.persistedMessages);
  };
  const wrong: [name: string, loop: SyncPlace, says: RegExp][] = [
    ["no sync", loopOf("messages", "entries", "hs", "waiting"), /^A candidate: .*term and vote are not there/],
    ["too late", loopOf("messages", "entries", "hs", "waiting", "sync"), /its RequestVote was sent, and after a crash/],
    ["entries only", loopOf("messages", "entries", "sync", "hs", "waiting"), /^A candidate: /],
    [
      "hard state first",
      loopOf("messages", "hs", "sync", "entries", "sync", "waiting"),
      /commit index is beyond the log/,
    ],
    ["entries first", loopOf("messages", "entries", "sync", "hs", "sync", "waiting"), /entries of a term/],
    ["only if hs", syncIf(({ hs }) => hs !== null), /an entry of its own term: .* its entries are not there/],
    ["only if entries", syncIf(({ entries }) => entries.length > 0), /^A candidate: /],
    [
      "only if something waits",
      syncIf(({ persistedMessages }) => persistedMessages.length > 0),
      /^A leader .* entries/,
    ],
    ["never `messages`", loopOf("entries", "hs", "sync", "waiting"), /^A leader .*: its Append was never sent/],
    ["never what waits", loopOf("messages", "entries", "hs", "sync"), /its RequestVote was never sent/],
    ["all twice", loopOf("messages", "entries", "hs", "sync", "waiting", "waiting"), /sent twice/],
    ["no commit index", (ready, disk, send) => {
      if (ready.mustSync) loopOf("messages", "entries", "hs", "sync", "waiting")(ready, disk, send);
      else loopOf("messages", "waiting")(ready, disk, send);
    }, /^A follower that hears of a commit: its hard state is not stored/],
  ];
  for (const [name, loop, says] of wrong) match(checkSyncPlace(loop) ?? "right", says, name);
});

Deno.test("put the sync in its place: a Ready without a hard state is told from an error of the loop", () => {
  const careless: SyncPlace = (ready, disk, send) => {
    send(ready.messages);
    disk.append(ready.entries);
    disk.setHardState(ready.hs!);
    disk.sync();
    send(ready.persistedMessages);
  };
  match(checkSyncPlace(careless) ?? "right", /this Ready has no hard state \(hs is null\)/);
  const failing: SyncPlace = () => {
    throw new Error("my own");
  };
  match(checkSyncPlace(failing) ?? "right", /stops with an error: my own/);
});
