import { ok, strictEqual } from "node:assert/strict";
import type { Cluster } from "../cluster.ts";
import type { TraceRow } from "../trace/rows.ts";
import { InvariantViolation, type Message } from "../raft/mod.ts";
import { addCoverage, type Coverage, newCoverage } from "./checker.ts";
import { fuzz, type FuzzOptions } from "./fuzz.ts";
import { watchedDisks } from "./watched_disks.ts";

const SEEDS = 1000;

/** What is seen in all runs together. */
function coverageOf(optionsOf: () => FuzzOptions): Coverage {
  const total = newCoverage();
  for (let seed = 0; seed < SEEDS; seed++) {
    try {
      addCoverage(total, fuzz(seed, optionsOf()));
    } catch (cause) {
      throw new Error(`Seed ${seed} broke an invariant; see it with: deno task fuzz --seed ${seed}`, { cause });
    }
  }
  return total;
}

Deno.test(`${SEEDS} fuzz runs break no invariant, and what should be tested by them happens`, () => {
  const total = coverageOf(() => ({}));
  ok(total.elections > 2 * SEEDS && total.laterCommits > SEEDS && total.restarts > SEEDS, JSON.stringify(total));
  ok(total.truncations > SEEDS / 4 && total.snapshots > SEEDS / 4, JSON.stringify(total));
});

Deno.test(`the invariants hold in ${SEEDS} fuzz runs on disks that lose what was not synced, with crashes between all steps`, () => {
  const seen = new Set<number>();
  const observer = (row: TraceRow) => void (row.kind === "nodeFault" && row.after !== undefined && seen.add(row.after));
  const total = coverageOf(() => ({ disks: watchedDisks(), observer }));
  ok([1, 2, 3, 4, 5, 6, 7].every((step) => seen.has(step)), `crashed only after the steps ${[...seen].sort()}`);
  ok(Object.values(total).every((count) => count > SEEDS / 20), JSON.stringify(total));
});

Deno.test("the same seed gives the same run, to the byte", () => {
  const run = () => {
    const rows: TraceRow[] = [];
    fuzz(3, { observer: (row) => rows.push(row) });
    return JSON.stringify(rows);
  };
  strictEqual(run(), run());
});

/** Every message passes through `lie` before it is sent. */
function liar(lie: (message: Message) => Message): (cluster: Cluster) => void {
  return ({ network }) => {
    const send = network.send.bind(network);
    network.send = (message) => send(lie(message));
  };
}

/** The names of the invariants that are seen to break in `seeds` runs. */
function broken(seeds: number, mutation: (cluster: Cluster) => void): Set<string> {
  const names = new Set<string>();
  for (let seed = 0; seed < seeds; seed++) {
    try {
      fuzz(seed, { mutation });
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      names.add(error.message);
    }
  }
  return names;
}

const MUTATIONS: { name: string; mutation: (cluster: Cluster) => void; invariant: RegExp }[] = [
  {
    name: "every vote is granted",
    mutation: liar((m) => m.type === "RequestVoteResponse" ? { ...m, voteGranted: true } : m),
    invariant: /^(Election Safety|A vote, a vote request)/,
  },
  {
    name: "a candidate claims a longer log than it has",
    mutation: liar((m) =>
      m.type === "RequestVote" ? { ...m, lastLogIndex: m.lastLogIndex + 99, lastLogTerm: m.lastLogTerm + 99 } : m
    ),
    invariant: /^Leader Completeness/,
  },
  {
    name: "a follower acknowledges what it does not hold",
    mutation: liar((m) => m.type === "AppendResponse" && m.success ? { ...m, matchIndex: m.matchIndex + 1 } : m),
    invariant: /^(Match tells the truth|A vote, a vote request or an acknowledgement|A leader commits only what)/,
  },
  {
    name: "a leader tells a commit index that is too great",
    mutation: liar((m) => m.type === "Append" ? { ...m, leaderCommit: m.prevLogIndex + m.entries.length } : m),
    invariant: /^(Leader Completeness|State Machine Safety|A committed entry|No committed entry)/,
  },
  {
    name: "entries are changed on their way",
    mutation: liar((m) =>
      m.type === "Append" && m.to === 2
        ? { ...m, entries: m.entries.map((entry) => ({ ...entry, data: new Uint8Array([1]) })) }
        : m
    ),
    invariant: /^(Log Matching|State Machine Safety)/,
  },
  {
    name: "a disk forgets the vote",
    mutation: (cluster) => {
      for (const id of cluster.ids) {
        const storage = cluster.storage(id);
        const initialState = storage.initialState.bind(storage);
        storage.initialState = () => {
          const { hardState, confState } = initialState();
          return { hardState: { ...hardState, vote: null }, confState };
        };
      }
    },
    invariant: /^(A vote|Election Safety)/,
  },
  {
    name: "entries of an older term are committed by counting",
    mutation: (cluster) => {
      for (const id of cluster.ids) {
        const { raft } = cluster.node(id);
        const { log } = raft;
        const matchTerm = log.matchTerm.bind(log);
        log.matchTerm = (index, term) => raft.role.kind === "leader" || matchTerm(index, term);
      }
    },
    invariant: /^(A leader commits only an entry of its current term|a node is never asked to commit)/,
  },
];

for (const { name, mutation, invariant } of MUTATIONS) {
  Deno.test(`the checker finds it if ${name}, and says where`, () => {
    const names = [...broken(40, mutation)];
    ok(
      names.some((found) => invariant.test(found) && / \(node \d/.test(found)),
      `found only: ${names.join("; ") || "nothing"}`,
    );
  });
}
