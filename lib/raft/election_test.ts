/** What the vote traffic carries beside votes. The rules of §5.2 and §5.4.1 are in `paper_election_test.ts`. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Index, Term } from "./mod.ts";
import { commit, drain, elect, newPeer, requestVote, role } from "./paper_cases.ts";

Deno.test("a voter that refuses says how far it has committed, and a candidate with that entry commits as far", () => {
  const voter = newPeer(1, { log: [1, 1, 2], hs: { commit: 2 } });
  voter.node.step(requestVote(2, 3, { index: 2, term: 1 }, 0, 0));
  const refusal = { voteGranted: false, commit: 2, commitTerm: 1 } as const;
  deepStrictEqual(drain(voter), [{ type: "RequestVoteResponse", from: 1, to: 2, term: 3, ...refusal }]);

  const candidate = newPeer(1, { log: [1, 1] });
  candidate.node.campaign();
  drain(candidate);
  candidate.node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 2, ...refusal });
  deepStrictEqual([commit(candidate), role(candidate)], [2, "candidate"]);
});

Deno.test("a voter that refuses commits as far as the candidate, if it has the same entry there", () => {
  const cases: [commitIndex: Index, commitTerm: Term, committed: Index][] = [
    [2, 1, 2],
    [2, 2, 1],
    [1, 1, 1],
    [4, 2, 1],
    [0, 0, 1],
  ];
  for (const [commitIndex, commitTerm, committed] of cases) {
    const voter = newPeer(1, { log: [1, 1, 2], hs: { commit: 1 } });
    voter.node.step(requestVote(2, 3, { index: 2, term: 1 }, commitIndex, commitTerm));
    strictEqual(commit(voter), committed, `the candidate has committed up to ${commitIndex}@${commitTerm}`);
  }
});

Deno.test("a voter that grants its vote leaves its commit index alone", () => {
  const voter = newPeer(1, { log: [1, 1] });
  voter.node.step(requestVote(2, 2, { index: 2, term: 1 }, 2, 1));
  strictEqual(commit(voter), 0);
});

Deno.test("a leader learns nothing about commitment from those who want to replace it", () => {
  const peer = newPeer(1, { log: [1] });
  elect(peer);
  peer.node.step(requestVote(2, 2, { index: 2, term: 2 }, 1, 1));
  strictEqual(commit(peer), 0);
});

Deno.test("a leader does not campaign", () => {
  const peer = newPeer(1);
  elect(peer);
  const before = peer.node.status();
  peer.node.campaign();
  deepStrictEqual(peer.node.status(), before);
});
