/** The machine stops after each file operation, also of a recovery; and files fail in every way there is. */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { type Fault, MemoryFiles, type Survival } from "./memory_files.ts";
import { logOnFiles, open, PLACE, recovered } from "./crash_cases.ts";
import { statesAfter, textOf, writeBatch, writeUntilFailure } from "./crash_cases.ts";
import { sortNames } from "./names.ts";

/** The fewest in which everything is done that a log does: see the first test. */
const BATCHES = 18;
const SEGMENT = 400;
const SURVIVALS: readonly Survival[] = ["none", "all", 0, 1, 24, 60];
const states = statesAfter(BATCHES, "all");
const { operations } = logOnFiles(BATCHES, "all", SEGMENT);
/** How many of them begin the log. */
const BEGUN = logOnFiles(0, "all", SEGMENT).operations.length;

/** The number of the state that a text tells of; it must be the acknowledged one, or the one that was being written. */
function requireState(text: string, acknowledged: number, what: string): number {
  const state = [acknowledged + 1, acknowledged].find((i) => states[i] === text);
  ok(state !== undefined || (acknowledged < 1 && text === states[0]), `${what}: ${text}`);
  return state ?? 0;
}

/** What is left when the machine stops before operation `at`, and how many syncs had returned. */
function stopped(at: number, survival: Survival): { readonly files: MemoryFiles; readonly acknowledged: number } {
  const files = new MemoryFiles();
  files.stopAt(at);
  const acknowledged = writeUntilFailure(files, BATCHES, SEGMENT);
  files.crash(survival);
  return { files, acknowledged };
}

Deno.test("wherever the machine stops, what was acknowledged is there, and the rest wholly or not at all", () => {
  const seen = new Map<string, number>();
  const see = (what: string) => seen.set(what, 1 + (seen.get(what) ?? 0));
  for (let at = 0; at <= operations.length; at++) {
    for (const survival of SURVIVALS) {
      if (at > 0) see(`${operations[at - 1].kind} ${operations[at - 1].path.replace(/^.*\./, "")}`);
      const { files, acknowledged } = stopped(at, survival);
      const names = sortNames(files.list(PLACE) ?? []);
      if (names.unfinished.length > 0) see("unfinished");
      if (names.snapshots.length > 1) see("unnamed");
      const what = `stopped before ${at}, ${survival} survives`;
      const state = requireState(recovered(files, SEGMENT), acknowledged, what);
      see(state > acknowledged ? "newer" : "older");
      const { unfinished, snapshots } = sortNames(files.list(PLACE) ?? []);
      ok(unfinished.length === 0 && snapshots.length <= 1, "nothing is left over");
    }
  }
  for (const state of ["older", "newer", "unfinished", "unnamed"]) ok(Number(seen.get(state)) > 10, state);
  for (const kind of ["rename log", "rename snapshot", "remove log", "remove snapshot", "sync tmp", "create tmp"]) {
    ok(seen.has(kind), `a stop behind ${kind}`);
  }
});

Deno.test("a recovery that is itself cut off, twice and anywhere, has the same result", () => {
  let cuts = 0;
  for (let at = 0; at <= operations.length; at++) {
    for (const survival of ["all", 60] as const) {
      const { files } = stopped(at, survival);
      const expected = recovered(files.copy(), SEGMENT);
      const first = files.copy();
      recovered(first, SEGMENT);
      for (let cut = 0; cut < first.operations.length; cut++) {
        for (const again of ["none", "all"] as const) {
          const twice = files.copy();
          for (let i = 0; i < 2; i++) {
            twice.stopAt(twice.operations.length + cut);
            recovered(twice, SEGMENT);
            twice.crash(again);
          }
          strictEqual(recovered(twice, SEGMENT), expected, `stopped before ${at}, recovery before ${cut}`);
          cuts++;
        }
      }
    }
  }
  ok(cuts > 1000, `${cuts} cuts`);
});

Deno.test("a process is killed, and power fails in the next one's recovery: what was never synced is lost, and no more", () => {
  let cuts = 0;
  for (let at = 0; at <= operations.length; at++) {
    for (const survival of SURVIVALS) {
      let isCut = true;
      for (let cut = 0; isCut; cut++) {
        // Written anew each time, for a copy of files is durable as a whole.
        const files = new MemoryFiles();
        files.stopAt(at);
        const acknowledged = writeUntilFailure(files, BATCHES, SEGMENT);
        const next = files.operations.length + cut;
        files.stopAt(next);
        recovered(files, SEGMENT);
        isCut = files.operations.length === next;
        files.crash(survival);
        const what = `killed before ${at}, recovery cut before ${cut}, ${survival} survives`;
        requireState(recovered(files, SEGMENT), acknowledged, what);
        cuts++;
      }
    }
  }
  ok(cuts > 1000, `${cuts} cuts`);
});

Deno.test("a recovery removes nothing before names are durable, whatever order a disk gives to names", () => {
  let removals = 0;
  for (let at = 0; at <= operations.length; at++) {
    const { files, acknowledged } = stopped(at, "all");
    if (acknowledged < 0) continue;
    recovered(files, SEGMENT);
    const recovery = files.operations.slice(at).map(({ kind }) => kind);
    if (!recovery.includes("remove")) continue;
    const before = recovery.slice(0, recovery.indexOf("remove"));
    deepStrictEqual(before.filter((kind) => kind !== "truncate"), ["sync", "syncDirectory"], `stopped before ${at}`);
    removals++;
  }
  ok(removals > 10, `${removals} removals`);
});

const ends: readonly [string, (files: MemoryFiles, at: number) => void][] = [
  ["killed before it", (files, at) => files.stopAt(at)],
  ["told that it failed", (files, at) => files.failAt(at, "error")],
];
for (const [end, plan] of ends) {
  Deno.test(`what a new process finds or writes is durable, though the old one synced it not, but was ${end}`, () => {
    for (const [at, { kind, path }] of operations.entries()) {
      for (const survival of SURVIVALS) {
        for (const writes of [false, true]) {
          const what = `${end}: ${at}, ${kind} ${path}, ${survival} survives`;
          const files = new MemoryFiles();
          plan(files, at);
          const acknowledged = writeUntilFailure(files, BATCHES, SEGMENT);
          const storage = open(files, SEGMENT);
          requireState(textOf(storage), acknowledged, what);
          if (writes) writeBatch(storage, 50, "all");
          storage.sync();
          const expected = textOf(storage);
          files.crash(survival);
          strictEqual(recovered(files, SEGMENT), expected, what);
        }
      }
    }
  });
}

/** What a failure leaves: every call fails, no operation is tried, and a fresh start finds a whole state. */
function requireFailure(at: number, fault: Fault): void {
  const what = `operation ${at}, ${operations[at].kind}, fails: ${JSON.stringify(fault)}`;
  for (const survival of ["all", "none"] as const) {
    const files = new MemoryFiles();
    const storage = open(files, SEGMENT);
    files.failAt(at, fault);
    let acknowledged = 0;
    const writeOn = () => {
      for (; acknowledged < BATCHES; acknowledged++) {
        writeBatch(storage, acknowledged + 1, "all");
        storage.sync();
      }
    };
    throws(writeOn, { kind: "Poisoned" }, what);
    const { length } = files.operations;
    for (const call of [() => storage.sync(), () => storage.setCommit(9), () => storage.append([])]) {
      throws(call, { kind: "Poisoned" }, what);
    }
    throws(() => storage.initialState(), { kind: "Poisoned" }, what);
    storage.close();
    strictEqual(files.operations.length, length, `${what}: nothing is tried again`);
    files.crash(survival);
    requireState(recovered(files, SEGMENT), acknowledged, what);
  }
}

Deno.test("when an operation fails, at once or after any number of bytes, nothing is retried, answered or lost", () => {
  for (let at = BEGUN; at < operations.length; at++) {
    const { kind, bytes } = operations[at];
    requireFailure(at, "error");
    for (let afterBytes = 0; kind === "append" && afterBytes < bytes; afterBytes++) requireFailure(at, { afterBytes });
  }
});

Deno.test("a failure of a sync that does not block reaches all who wait, and poisons", async () => {
  const files = new MemoryFiles();
  const storage = open(files, SEGMENT);
  files.failAt(files.operations.length + 1, "error");
  writeBatch(storage, 1, "all");
  const first = storage.syncAsync();
  writeBatch(storage, 2, "all");
  const second = storage.syncAsync();
  await rejects(first, { kind: "Poisoned" });
  await rejects(second, { kind: "Poisoned" });
  await rejects(storage.syncAsync(), { kind: "Poisoned" });
  strictEqual(files.operations.filter(({ kind }) => kind === "sync").length, 3, "two of the new segment, and one");
});

Deno.test("syncs that do not block write the same bytes as those that do", async () => {
  const files = new MemoryFiles();
  const storage = open(files, SEGMENT);
  for (let i = 1; i <= BATCHES; i++) {
    writeBatch(storage, i, "all");
    await storage.syncAsync();
  }
  deepStrictEqual(files.operations, operations);
  strictEqual(textOf(storage), states[BATCHES]);
});
