import { ok, throws } from "node:assert/strict";
import type { RawNode } from "../raft/mod.ts";
import { type CoreCoverage, fuzzCore } from "./core_fuzz_cases.ts";

Deno.test("nodes join, leave, hand over and read under faults, and every invariant holds", () => {
  const total: Partial<Record<keyof CoreCoverage, number>> = {};
  for (let seed = 1; seed <= 250; seed++) {
    for (const [kind, count] of Object.entries(fuzzCore(seed))) {
      const key = kind as keyof CoreCoverage;
      total[key] = (total[key] ?? 0) + count;
    }
  }
  for (const [kind, count] of Object.entries(total)) ok(count > 25, `${kind}: ${count}`);
});

/** What a node may do wrong, and the invariant that breaks. */
const MUTATIONS: readonly [what: string, invariant: RegExp, mutation: (node: RawNode) => void][] = [
  ["answers reads without asking anybody", /^A read index/, (node) => {
    const read = node.readIndex.bind(node);
    node.readIndex = (context) => {
      const { role, log: { committed: index }, readStates } = node.raft;
      if (role.kind === "leader") readStates.push({ index, context });
      else read(context);
    };
  }],
  ["takes a change while another is on its way", /^At most one change/, (node) => {
    const propose = node.proposeConfChange.bind(node);
    node.proposeConfChange = (change) => {
      if (node.raft.role.kind === "leader") node.raft.role.pendingConfIndex = 0;
      propose(change);
    };
  }],
  ["does not end a joint configuration", /^Liveness/, (node) => {
    const advanceApplyTo = node.advanceApplyTo.bind(node);
    node.advanceApplyTo = (index) => {
      const { role, confState } = node.raft;
      if (role.kind === "leader" && confState.autoLeave) role.pendingConfIndex = Infinity;
      advanceApplyTo(index);
    };
  }],
  ["leads on after its removal", /./, (node) => {
    const apply = node.applyConfChange.bind(node);
    node.applyConfChange = (change) => {
      const { role } = node.raft;
      const confState = apply(change);
      if (role.kind === "leader") node.raft.role = role;
      return confState;
    };
  }],
];

for (const [what, message, mutation] of MUTATIONS) {
  Deno.test(`a node that ${what} is found out`, () => {
    throws(() => {
      for (let seed = 1; seed <= 1500; seed++) fuzzCore(seed, { mutation });
    }, { name: "InvariantViolation", message });
  });
}
