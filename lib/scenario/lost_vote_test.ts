import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { Scenario } from "../scenario/mod.ts";
import { Trace } from "../trace/trace.ts";
import { lostVote, lostVoteWithoutTheRule, playLostVote } from "./lost_vote.ts";
import { playIn } from "./play_on.ts";
import { strictTest } from "./runtime_tools_cases.ts";

/** Who led term 1, and whom node 3 answered in it. */
async function played(scenario: Scenario): Promise<{ leaders: number[]; votes: number[]; asExpected: boolean }> {
  const trace = new Trace();
  const asExpected = await playLostVote(scenario, trace.record);
  const leaders = trace.of("node").filter(({ role, term }) => role === "leader" && term === 1).map(({ node }) => node);
  const votes = trace.of("message").filter(({ type, from, event, reject }) => {
    return type === "RequestVoteResponse" && from === 3 && event === "sent" && !reject;
  });
  return { leaders: [...new Set(leaders)].sort(), votes: votes.map(({ to }) => to), asExpected };
}

strictTest("a vote that is lost in a crash had not been sent: one leader in the term", async () => {
  deepStrictEqual(await played(lostVote), { leaders: [2], votes: [2], asExpected: true });
});

strictTest("with persist and send exchanged, the vote is given twice: two leaders in the term", async () => {
  deepStrictEqual(await played(lostVoteWithoutTheRule), { leaders: [1, 2], votes: [1, 2], asExpected: true });
});

strictTest("both are told the same way each time", async () => {
  for (const scenario of [lostVote, lostVoteWithoutTheRule]) {
    const traces = await Promise.all([new Trace(), new Trace()].map(async (trace) => {
      await playLostVote(scenario, trace.record);
      return trace.toJsonLines();
    }));
    strictEqual(traces[0], traces[1]);
  }
});

strictTest("nodes in other threads cannot be told to send before they write", async () => {
  await rejects(playIn("workers", lostVoteWithoutTheRule, {}, () => {}), {
    name: "RuntimeError",
    message: /^Cannot play lost-vote-without-the-rule in workers: it takes a rule out/,
  });
});
