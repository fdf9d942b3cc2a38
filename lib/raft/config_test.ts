import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type Config, MemStorage, newConfig, RaftError, RawNode } from "./mod.ts";

Deno.test("newConfig fills in the crate's defaults", () => {
  deepStrictEqual(newConfig({ id: 1, seed: 1 }), {
    id: 1,
    seed: 1,
    fixedTimeout: null,
    electionTick: 20,
    heartbeatTick: 2,
    minElectionTick: 20,
    maxElectionTick: 40,
    applied: 0,
    maxSizePerMsg: 0,
    maxInflightMsgs: 256,
    maxUncommittedSize: Infinity,
    maxCommittedSizePerReady: Infinity,
  });
});

Deno.test("newConfig takes election timeouts between one and two times electionTick, if nothing else is said", () => {
  const { minElectionTick, maxElectionTick } = newConfig({ id: 1, seed: 1, electionTick: 10, heartbeatTick: 3 });
  deepStrictEqual([minElectionTick, maxElectionTick], [10, 20]);
  const said = newConfig({ id: 1, seed: 1, electionTick: 10, minElectionTick: 12, maxElectionTick: 15 });
  deepStrictEqual([said.minElectionTick, said.maxElectionTick], [12, 15]);
});

Deno.test("newConfig names the field that makes no sense, and what it may be", () => {
  const cases: [field: keyof Config, others: Partial<Config>][] = [
    ["id", { id: 0 }],
    ["id", { id: 1.5 }],
    ["id", { id: 2 ** 53 }],
    ["heartbeatTick", { heartbeatTick: 0 }],
    ["electionTick", { heartbeatTick: 10, electionTick: 10 }],
    ["electionTick", { electionTick: NaN }],
    ["minElectionTick", { electionTick: 10, minElectionTick: 9 }],
    ["maxElectionTick", { electionTick: 10, maxElectionTick: 10 }],
    ["applied", { applied: -1 }],
    ["seed", { seed: 0.5 }],
    ["fixedTimeout", { fixedTimeout: 0 }],
    ["maxInflightMsgs", { maxInflightMsgs: 0 }],
    ["maxSizePerMsg", { maxSizePerMsg: -1 }],
    ["maxUncommittedSize", { maxSizePerMsg: 100, maxUncommittedSize: 99 }],
    ["maxCommittedSizePerReady", { maxCommittedSizePerReady: NaN }],
  ];
  for (const [field, options] of cases) {
    throws(() => newConfig({ id: 1, seed: 1, ...options }), (error: unknown) => {
      strictEqual(error instanceof RaftError && error.kind, "ConfigInvalid");
      strictEqual(String(error).includes(`Cannot use ${field} = ${options[field]}`), true, String(error));
      return true;
    });
  }
});

Deno.test("a RawNode is not made with a configuration that makes no sense", () => {
  const storage = MemStorage.newWithConfState({ voters: [1] });
  throws(() => new RawNode({ id: 0, seed: 1 }, storage), RaftError);
});
