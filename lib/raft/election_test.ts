/** What the vote traffic carries beside votes. The rules of §5.2 and §5.4.1 are in `paper_election_test.ts`. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Index, Term } from "./mod.ts";
import { commit, drain, newPeer, requestVote, role, voted } from "./paper_cases.ts";

Deno.test("a voter that refuses says how far it has committed, and a candidate with that entry commits as far", () => {
  const voter = newPeer(1, { log: [1, 1, 2], hs: { commit: 2 } });
  voter.node.step(requestVote(2, 3, { index: 2, term: 1 }));
  const info = { commit: 2, commitTerm: 1 };
  deepStrictEqual(drain(voter), [{ ...voted(1, 3, false), to: 2, ...info }]);

  const candidate = newPeer(1, { log: [1, 1] });
  candidate.node.campaign();
  drain(candidate);
  candidate.node.step({ ...voted(2, 2, false), ...info });
  deepStrictEqual([commit(candidate), role(candidate)], [2, "candidate"]);
});

Deno.test("a voter commits as far as the candidate only if it refuses and has the same entry there", () => {
  const cases: [last: Term, commitIndex: Index, commitTerm: Term, committed: Index][] = [
    [1, 2, 1, 2],
    [1, 2, 2, 1],
    [1, 1, 1, 1],
    [1, 4, 2, 1],
    [1, 0, 0, 1],
    [3, 2, 1, 1],
  ];
  for (const [term, commitIndex, commitTerm, committed] of cases) {
    const voter = newPeer(1, { log: [1, 1, 2], hs: { commit: 1 } });
    voter.node.step(requestVote(2, 3, { index: 2, term }, commitIndex, commitTerm));
    strictEqual(commit(voter), committed, `the candidate has committed up to ${commitIndex}@${commitTerm}`);
  }
});
