import { seededRandom } from "./random.ts";
import { deepStrictEqual, throws } from "node:assert/strict";
import { type Config, newConfig } from "./mod.ts";

Deno.test("newConfig fills in the crate's defaults", () => {
  const given = { id: 1, random: seededRandom(1) };
  const ticks = { electionTick: 20, heartbeatTick: 2, minElectionTick: 20, maxElectionTick: 40, fixedTimeout: null };
  const sizes = { maxSizePerMsg: 0, maxUncommittedSize: Infinity, maxCommittedSizePerReady: Infinity };
  const features = { preVote: false, checkQuorum: false, readOnlyOption: "safe", crateFlaws: false };
  deepStrictEqual(newConfig(given), { ...given, ...ticks, ...sizes, ...features, applied: 0, maxInflightMsgs: 256 });
});

Deno.test("newConfig names the field that makes no sense, and what it may be", () => {
  const cases: [field: keyof Config, others: Partial<Config>][] = [
    ["id", { id: 0 }],
    ["id", { id: 2 ** 53 }],
    ["heartbeatTick", { heartbeatTick: 0 }],
    ["electionTick", { heartbeatTick: 10, electionTick: 10 }],
    ["electionTick", { electionTick: NaN }],
    ["minElectionTick", { electionTick: 10, minElectionTick: 9 }],
    ["maxElectionTick", { electionTick: 10, maxElectionTick: 10 }],
    ["applied", { applied: -1 }],
    ["random", { random: [1, 2] }],
    ["fixedTimeout", { fixedTimeout: 0 }],
    ["maxInflightMsgs", { maxInflightMsgs: 0 }],
    ["maxUncommittedSize", { maxSizePerMsg: 100, maxUncommittedSize: 99 }],
    ["maxCommittedSizePerReady", { maxCommittedSizePerReady: NaN }],
    ["preVote", { preVote: 1 as unknown as boolean }],
    ["checkQuorum", { checkQuorum: "yes" as unknown as boolean }],
    ["readOnlyOption", { readOnlyOption: "lease" as unknown as "leaseBased" }],
  ];
  for (const [field, options] of cases) {
    const message = new RegExp(`^Cannot use ${field} = ${options[field]}`);
    throws(() => newConfig({ id: 1, random: seededRandom(1), ...options }), { kind: "ConfigInvalid", message });
  }
});

Deno.test("a lease needs CheckQuorum", () => {
  const options = { id: 1, random: seededRandom(1), readOnlyOption: "leaseBased" } as const;
  throws(() => newConfig(options), { kind: "ConfigInvalid", message: /without checkQuorum/ });
  deepStrictEqual(newConfig({ ...options, checkQuorum: true }).readOnlyOption, "leaseBased");
});
