import { ok, strictEqual } from "node:assert/strict";
import type { Cluster } from "../cluster.ts";
import type { TraceRow } from "../trace/rows.ts";
import { InvariantViolation, type Message } from "../raft/mod.ts";
import { storm } from "./storm.ts";

const SEEDS = 1000;

Deno.test(`${SEEDS} storms break no invariant, and what should be tested by them happens`, () => {
  const total = { elections: 0, truncations: 0, laterCommits: 0, snapshots: 0, restarts: 0 };
  for (let seed = 0; seed < SEEDS; seed++) {
    try {
      const moments = storm(seed);
      for (const key of ["elections", "truncations", "laterCommits", "snapshots", "restarts"] as const) {
        total[key] += moments[key];
      }
    } catch (error) {
      throw new Error(`Seed ${seed} broke an invariant; see it with: deno task storm --seed ${seed}`, { cause: error });
    }
  }
  ok(total.elections > 2 * SEEDS, `elections: ${total.elections}`);
  ok(total.truncations > SEEDS / 4, `truncations: ${total.truncations}`);
  ok(total.laterCommits > SEEDS, `commits in a later term: ${total.laterCommits}`);
  ok(total.snapshots > SEEDS / 4, `snapshots: ${total.snapshots}`);
  ok(total.restarts > SEEDS, `restarts: ${total.restarts}`);
});

Deno.test("the same seed gives the same storm, to the byte", () => {
  const run = () => {
    const rows: TraceRow[] = [];
    storm(3, { observer: (row) => rows.push(row) });
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

/** The names of the invariants that are seen to break in `seeds` storms. */
function broken(seeds: number, mutation: (cluster: Cluster) => void): Set<string> {
  const names = new Set<string>();
  for (let seed = 0; seed < seeds; seed++) {
    try {
      storm(seed, { mutation });
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      names.add(error.message);
    }
  }
  return names;
}

const SABOTAGES: { name: string; mutation: (cluster: Cluster) => void; invariant: RegExp }[] = [
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

for (const { name, mutation, invariant } of SABOTAGES) {
  Deno.test(`the checker finds it if ${name}`, () => {
    const names = [...broken(40, mutation)];
    ok(names.some((found) => invariant.test(found)), `found only: ${names.join("; ") || "nothing"}`);
  });
}
