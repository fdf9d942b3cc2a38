import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { basic } from "./basic.ts";
import { dropLeader } from "./drop_leader.ts";
import { play } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import type { Step } from "./schema.ts";
import { median, survey } from "./survey.ts";

Deno.test("a survey counts terms in which somebody campaigns, and the ticks before there is a leader that others follow", () => {
  for (const { seed, elections, ticks, asExpected } of survey(basic, { nodes: 5 }, 10)) {
    const { trace } = play(basic, { nodes: 5, seed });
    const campaigns = trace.of("node").filter(({ node, vote }) => vote === node).map(({ term }) => term);
    deepStrictEqual([elections, ticks, asExpected], [new Set(campaigns).size, trace.lastTick(), true]);
  }
  deepStrictEqual(survey(basic, { nodes: 1 }, 3).map(({ ticksWithoutLeader }) => ticksWithoutLeader), [9, 10, 11]);
});

Deno.test("where something is broken, a survey counts from there on", () => {
  for (const { seed, elections, ticksWithoutLeader } of survey(dropLeader, { nodes: 5 }, 10)) {
    const { trace } = play(dropLeader, { nodes: 5, seed });
    const [{ tick: silence }] = trace.of("linkFault");
    const [old, next] = trace.of("node").filter(({ role, term }, i, rows) =>
      role === "leader" && rows.findIndex((row) => row.role === "leader" && row.term === term) === i
    );
    strictEqual(elections, next.term - old.term);
    // The others follow with the first message of the leader.
    strictEqual(ticksWithoutLeader, next.tick - silence);
  }
});

Deno.test("a leader that a majority does not follow is none", () => {
  const minority: Scenario = {
    name: "minority",
    steps: [
      { do: "campaign", nodes: 1 },
      { do: "runUntil", until: { is: "agreed" } },
      { do: "stop", nodes: [2, 3] },
      { do: "run", ticks: 20 },
    ],
  };
  const [{ elections, ticksWithoutLeader, ticks }] = survey(minority, {}, 1);
  deepStrictEqual([elections, ticks - 20, ticksWithoutLeader], [0, 5, 20]);
});

Deno.test("a majority is one of the voters: nodes that are no members do not count", () => {
  const setting = { spares: 2 };
  const steps: Step[] = [
    { do: "campaign", nodes: 1 },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 5 },
  ];
  const [{ ticksWithoutLeader }] = survey({ name: "spares", nodes: 5, setting, steps }, {}, 1);
  deepStrictEqual(ticksWithoutLeader, 2);
});

Deno.test("a leader that is cut off from a majority is none from that moment on, whatever its followers believe", () => {
  const before: Step[] = [{ do: "campaign", nodes: 1 }, { do: "runUntil", until: { is: "agreed" } }];
  const ticksWith = (...steps: Step[]) =>
    survey({ name: "cut", steps: [...before, ...steps, { do: "run", ticks: 5 }] }, {}, 1)[0].ticksWithoutLeader;
  // One tick to be heard and one to be elected; the others follow with the first message of the leader.
  deepStrictEqual([ticksWith(), ticksWith({ do: "partition", groups: ["leader", "followers"] })], [2, 5]);
});

Deno.test("seeds are played from 0 on; the same survey, the same numbers", () => {
  const results = survey(basic, { nodes: 5 }, 8);
  deepStrictEqual(results.map(({ seed }) => seed), [0, 1, 2, 3, 4, 5, 6, 7]);
  deepStrictEqual(survey(basic, { nodes: 5 }, 8), results);
  ok(new Set(results.map(({ ticksWithoutLeader }) => ticksWithoutLeader)).size > 1);
});

Deno.test("what was not as expected is kept", () => {
  const wrong: Scenario = { name: "wrong", steps: [{ do: "expect", that: { is: "leaders", count: 1 } }] };
  const [{ asExpected, differences, ticks }] = survey(wrong, {}, 1);
  deepStrictEqual([asExpected, differences.map(({ found }) => found), ticks], [false, ["none does"], 0]);
});

Deno.test("a survey of no seeds, or of what cannot be played, is refused", () => {
  for (const seeds of [0, -1, 1.5, NaN, 1e15]) {
    throws(() => survey(basic, {}, seeds), /^RangeError: Cannot survey: seeds must be .* from 1 to 100000, and is/);
  }
  throws(() => survey(dropLeader, { nodes: 2 }, 1), /^ScenarioError: Cannot play drop-leader: .*not 2$/);
});

Deno.test("the median is in the middle", () => {
  strictEqual(median([3, 1, 2]), 2);
  strictEqual(median([4, 1, 2, 3]), 2.5);
  ok(Number.isNaN(median([])));
  throws(() => median(JSON.parse("[1, null, 3]")), /^RangeError: .* numbers\[1\] must be a number, and is null$/);
});
