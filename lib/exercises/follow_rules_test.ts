import { match, ok, strictEqual } from "node:assert/strict";
import { fuzz } from "../check/fuzz.ts";
import { Cluster } from "../cluster.ts";
import { figure8, play } from "../scenario/mod.ts";
import type { TraceRow } from "../trace/rows.ts";
import { followRules, type Rules, whatBreaks } from "./follow_rules.ts";
import { commitIndex, heldByMajority, isUpToDate, quorum, receiveAppend, resetsTimer, vote } from "./rules_cases.ts";

const SEEDS = 12;
const rightRules: Rules = { isUpToDate, vote, receiveAppend, commitIndex };

/** Everything that happens in a fuzz run, as text. */
function runOf(seed: number, rules: Rules): string {
  const rows: TraceRow[] = [];
  fuzz(seed, { mix: "fundamentals", observer: (row) => rows.push(row), onStart: followRules(rules) });
  return JSON.stringify(rows);
}

Deno.test("clusters that follow right rules do the same as the library's, row by row", () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const expected = runOf(seed, {});
    for (const rules of [rightRules, { isUpToDate }, { quorum }]) ok(runOf(seed, rules) === expected, `seed ${seed}`);
  }
});

Deno.test("nothing breaks in clusters that follow right rules, the timer's among them", () => {
  strictEqual(whatBreaks({ ...rightRules, resetsTimer }), null);
  strictEqual(whatBreaks({ isUpToDate: null }, 2), null);
});

const WRONG: Readonly<Record<string, readonly [rules: Rules, breaks: RegExp]>> = {
  "the longest log wins": [{ isUpToDate: (c, v) => c.index >= v.index }, /Leader Completeness/],
  "any log wins": [{ isUpToDate: () => true }, /Leader Completeness/],
  "no log wins": [{ isUpToDate: () => false }, /Liveness/],
  "everybody gets a vote": [
    { vote: ({ term }, asked) => ({ term: Math.max(term, asked.term), votedFor: asked.candidateId, granted: true }) },
    /A vote changes only from nobody to somebody/,
  ],
  "a vote is given whatever the log is": [
    { vote: (voter, request) => vote({ ...voter, log: { index: 0, term: 0 } }, request) },
    /Leader Completeness/,
  ],
  "a refusal does not take over a higher term": [
    { vote: (voter, request) => vote(voter, request).granted ? vote(voter, request) : { ...voter, granted: false } },
    /Liveness/,
  ],
  "what a majority holds is committed": [
    { commitIndex: ({ matchIndex, commit }) => Math.max(commit, heldByMajority(matchIndex)) },
    /A leader commits only an entry of its current term by counting/,
  ],
  "all that the leader holds is committed": [
    { commitIndex: ({ log }) => log.length },
    /A leader commits only what a quorum holds durably/,
  ],
  "no voter needs to hold what is committed": [
    { quorum: ({ matchIndex }) => Math.max(...Object.values(matchIndex)) },
    /A leader commits only what a quorum holds durably/,
  ],
  "nothing is committed": [{ commitIndex: ({ commit }) => commit }, /Liveness/],
  "an Append removes all that follows": [
    {
      receiveAppend: (log, append) =>
        receiveAppend(log, append) && [...log.slice(0, append.prevLogIndex), ...append.entries],
    },
    /no committed entry is ever truncated/,
  ],
  "an Append is not checked": [
    { receiveAppend: (log, { prevLogIndex, entries }) => [...log.slice(0, prevLogIndex), ...entries] },
    /no committed entry is ever truncated|Log Matching|never had/,
  ],
  "what conflicts stays": [
    {
      receiveAppend: (log, append) =>
        receiveAppend(log, append) && [...log, ...append.entries.slice(log.length - append.prevLogIndex)],
    },
    /Log Matching/,
  ],
  "the timer never restarts": [{ resetsTimer: () => false }, /Liveness/],
};

for (const [name, [rules, breaks]] of Object.entries(WRONG)) {
  Deno.test(`a cluster in which ${name} breaks an invariant`, () => match(whatBreaks(rules) ?? "nothing", breaks));
}

Deno.test("Figure 8 is played by the reader's commit rule", () => {
  ok(play({ ...figure8, mutation: followRules({ commitIndex }) }).asExpected);
  const wrong = followRules({ commitIndex: ({ matchIndex, commit }) => Math.max(commit, heldByMajority(matchIndex)) });
  ok(!play({ ...figure8, mutation: wrong }).asExpected);
});

Deno.test("one node alone may follow a rule, and leads by it", () => {
  const follow = followRules({ commitIndex: ({ commit }) => commit });
  const cluster = new Cluster({ nodes: 3, seed: 1, onStart: (node) => node.id === 1 && follow(node) });
  cluster.campaign(1);
  cluster.run(8);
  strictEqual(cluster.leader()?.status().hs.commit, 0);
});
