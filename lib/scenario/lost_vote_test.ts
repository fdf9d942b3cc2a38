import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Trace } from "../trace/trace.ts";
import { strictTest } from "../world_cases.ts";
import { lostVote, lostVoteWithoutTheRule, playLostVote } from "./lost_vote.ts";
import type { Scenario } from "./mod.ts";

/** Who led term 1, and whom node 3 gave its vote in it. */
async function played(scenario: Scenario): Promise<{ leaders: number[]; votes: number[]; asExpected: boolean }> {
  const [trace, again] = [new Trace(), new Trace()];
  const asExpected = await playLostVote(scenario, trace.record);
  await playLostVote(scenario, again.record);
  strictEqual(trace.toJsonLines(), again.toJsonLines());
  const leaders = trace.of("node").filter(({ role, term }) => role === "leader" && term === 1).map(({ node }) => node);
  const votes = trace.of("message").filter((row) => {
    return row.type === "RequestVoteResponse" && row.from === 3 && row.event === "sent" && row.voteGranted;
  });
  return { leaders: [...new Set(leaders)].sort(), votes: votes.map(({ to }) => to), asExpected };
}

strictTest("a vote that is lost in a crash had not been sent: one leader in the term", async () => {
  deepStrictEqual(await played(lostVote), { leaders: [2], votes: [2], asExpected: true });
});

strictTest("with persist and send exchanged, the vote is given twice: two leaders in the term", async () => {
  deepStrictEqual(await played(lostVoteWithoutTheRule), { leaders: [1, 2], votes: [1, 2], asExpected: true });
});
