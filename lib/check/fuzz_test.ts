import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Cluster } from "../cluster.ts";
import type { Index, Message, Raft } from "../raft/mod.ts";
import { play } from "../scenario/run.ts";
import { scenarioProblems } from "../scenario/validate.ts";
import type { TraceRow } from "../trace/rows.ts";
import { addCoverage, type Coverage, newCoverage } from "./coverage.ts";
import { fuzz, replay, scenarioOf } from "./fuzz.ts";
import { catching, findsMutation, firstFailure, type Mutation } from "./fuzz_cases.ts";
import { shrink } from "./shrink.ts";

const SEEDS = 2000;

/** What must be seen, and how often in a thousand runs, at least. */
const SEEN: Readonly<Coverage> = {
  elections: 1000,
  truncations: 300,
  laterCommits: 1000,
  compactions: 6000,
  snapshots: 500,
  conflictingSnapshots: 30,
  lateMessages: 1000,
  restarts: 1000,
  transfers: 100,
  reads: 1000,
  leaseReads: 500,
  changes: 500,
  joint: 200,
  removedLeaders: 20,
  retries: 1000,
  repeated: 1000,
};

Deno.test(`${SEEDS} fuzz runs break no invariant, and what should be tested by them happens`, () => {
  const [total, crashedAfter] = [newCoverage(), new Set<number>()];
  const observer = (row: TraceRow) =>
    void (row.kind === "nodeFault" && row.after !== undefined && crashedAfter.add(row.after));
  for (let seed = 0; seed < SEEDS; seed++) addCoverage(total, fuzz(seed, { observer }));
  deepStrictEqual([...crashedAfter].sort(), [1, 2, 3, 4, 5, 6, 7]);
  for (const [what, least] of Object.entries(SEEN)) {
    ok(total[what as keyof Coverage] >= least * SEEDS / 1000, `${what}: ${JSON.stringify(total)}`);
  }
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

/** Every message is misunderstood when it arrives. */
function receiver(
  misread: (message: Message & { readonly term: number }, receiver: Raft, sender: Raft) => Message,
): (cluster: Cluster) => void {
  return (cluster) => {
    const tick = cluster.network.tick.bind(cluster.network);
    cluster.network.tick = () =>
      tick().map((envelope) => {
        const { message } = envelope;
        if (!("term" in message)) return envelope;
        const [to, from] = [message.to, message.from].map((id) => cluster.node(id).raft);
        return { ...envelope, message: misread(message, to, from) };
      });
  };
}

/** A leader asks another rule than whether an entry is of its own term. */
function commitRule(rule: (matches: boolean, index: Index, leader: Raft) => boolean): (cluster: Cluster) => void {
  return (cluster) => {
    for (const id of cluster.ids) {
      const { raft, raft: { log } } = cluster.node(id);
      const matchTerm = log.matchTerm.bind(log);
      log.matchTerm = (index, term) => {
        const matches = matchTerm(index, term);
        return raft.role.kind === "leader" ? rule(matches, index, raft) : matches;
      };
    }
  };
}

const MUTATIONS: readonly Mutation[] = [
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
    mutation: commitRule(() => true),
    invariant: /^(A leader commits only an entry of its current term|a node is never asked to commit)/,
  },
  {
    name: "a vote response of an earlier term is counted",
    mutation: receiver((m, { term }) => m.type === "RequestVoteResponse" && m.term < term ? { ...m, term } : m),
    invariant: /^A leader was elected by a majority of its term/,
  },
  {
    name: "an append response of an earlier term is counted",
    mutation: receiver((m, { term }) => m.type === "AppendResponse" && m.term < term ? { ...m, term } : m),
    invariant: /^(Match tells the truth|a follower holds no more than its leader sent)/,
  },
  {
    name: "a longer log refuses a newer last term",
    mutation: receiver((m, { log }) =>
      m.type === "RequestVote" && m.lastLogIndex < log.lastIndex() ? { ...m, lastLogTerm: 0 } : m
    ),
    invariant: /^Liveness: a majority that runs/,
  },
  {
    name: "only the last index is ever committed",
    mutation: commitRule((matches, index, { log }) => matches && index === log.lastIndex()),
    invariant: /^Liveness: a majority that runs/,
  },
  {
    name: "a snapshot is taken for already there if its term is smaller than the entry's",
    mutation: receiver((m, { log }) => {
      if (m.type !== "Snapshot") return m;
      const { index, term } = m.snapshot.metadata;
      const metadata = { ...m.snapshot.metadata, term: Math.max(term, log.term(index) ?? 0) };
      return { ...m, snapshot: { ...m.snapshot, metadata } };
    }),
    invariant: /^A committed entry is the same on every node/,
  },
  {
    name: "a leader's heartbeat commits what the follower does not share",
    mutation: receiver((m, { log }, sender) =>
      m.type === "Heartbeat" ? { ...m, leaderCommit: Math.min(sender.log.committed, log.lastIndex()) } : m
    ),
    invariant: /^(A committed entry is the same|No committed entry|State Machine Safety|Leader Completeness)/,
  },
];

for (const mutation of MUTATIONS) findsMutation({ ...mutation, mix: "fundamentals" });

Deno.test("a failing run shrinks to a few steps in which the same breaks, and can be kept as a scenario", () => {
  const { mutation, invariant } = MUTATIONS[0];
  const failure = firstFailure(100, { mutation }, invariant);
  const told: number[] = [];
  const shortest = shrink(failure, { mutation }, (steps) => told.push(steps));
  strictEqual(shortest.what, failure.what);
  ok(scenarioOf(shortest).steps.length < 8 && shortest.schedule.steps.length < 20, JSON.stringify(shortest.schedule));
  ok(told.length > 1 && told.every((steps, i) => i === 0 || steps <= told[i - 1]));
  deepStrictEqual(scenarioProblems(scenarioOf(shortest)), []);
});

Deno.test("a run that broke is played again to the byte, by its schedule and by its scenario", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const rows: TraceRow[] = [];
    const stopAt = (row: TraceRow) => {
      if (row.tick === 60) throw new Error("enough");
      rows.push(row);
    };
    const failure = catching(() => fuzz(seed, { observer: stopAt }));
    strictEqual(failure.what, "enough");
    ok(rows.length > 200);
    const again: TraceRow[] = [];
    catching(() => replay(failure.schedule, { observer: (row) => stopAt(row) ?? again.push(row) }));
    deepStrictEqual(again, rows.slice(0, again.length));
    deepStrictEqual(scenarioProblems(scenarioOf(failure)), []);
    const { nodes } = failure.schedule;
    deepStrictEqual(play(scenarioOf(failure), { nodes, seed }).trace.rows.slice(0, again.length), again);
  }
});
