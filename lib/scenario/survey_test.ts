import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { basic } from "./basic.ts";
import { dropLeader } from "./drop_leader.ts";
import { playOut } from "./play_out.ts";
import type { Scenario } from "./scenario.ts";
import { Trace } from "../trace/trace.ts";
import { median, survey } from "./survey.ts";

/** The same numbers, from a trace. */
function countAgain(scenario: Scenario, nodes: number, seed: number) {
  const trace = new Trace();
  const asExpected = playOut(scenario, { nodes, seed, key: "x", value: "1" }, trace.record);
  const campaigns = trace.of("node").filter(({ node, vote }) => vote === node).map(({ term }) => term);
  const ticks = trace.lastTick();
  const isOpen = (tick: number, from: number, to: number) => {
    const links = trace.of("linkFault").filter((row) => row.tick < tick && row.from === from && row.to === to);
    return (links.at(-1)?.fault ?? "mend") === "mend";
  };
  const hasLeader = (tick: number) =>
    trace.at(tick).some(({ running, role, node, term }) =>
      running && role === "leader" &&
      2 * trace.at(tick).filter((row) =>
              row.running && row.term === term && row.leader === node &&
              isOpen(tick, node, row.node) && isOpen(tick, row.node, node)
            ).length > nodes
    );
  const without = Array.from({ length: ticks }, (_, i) => i + 1).filter((tick) => !hasLeader(tick));
  return { asExpected, elections: new Set(campaigns).size, ticksWithoutLeader: without.length, ticks };
}

Deno.test("a survey counts what a trace holds", () => {
  for (const [scenario, nodes] of [[basic, 1], [basic, 2], [basic, 3], [dropLeader, 5]] as const) {
    for (const { seed, differences, ...result } of survey(scenario, { nodes }, 10)) {
      deepStrictEqual(result, countAgain(scenario, nodes, seed), `${scenario.name}, ${nodes} nodes, seed ${seed}`);
      deepStrictEqual(differences, []);
    }
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
  // One tick to be heard and one to be elected; the others follow with the first message of the leader.
  deepStrictEqual([elections, ticks - 20, ticksWithoutLeader], [1, 5, 20 + 2]);
});

Deno.test("a leader that is cut off from a majority is none from that moment on, whatever its followers believe", () => {
  const [whole, cut] = [[], [{ do: "partition", groups: ["leader", "followers"] } as const]].map((steps): Scenario => ({
    name: "cut",
    steps: [{ do: "campaign", nodes: 1 }, { do: "runUntil", until: { is: "agreed" } }, ...steps, {
      do: "run",
      ticks: 5,
    }],
  }));
  deepStrictEqual([whole, cut].map((scenario) => survey(scenario, {}, 1)[0].ticksWithoutLeader), [2, 2 + 5]);
});

Deno.test("each seed is told as it is played, from 0 on; the same survey, the same numbers", () => {
  const seen: number[] = [];
  const results = survey(basic, { nodes: 5 }, 8, ({ seed }) => seen.push(seed));
  deepStrictEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7]);
  deepStrictEqual(survey(basic, { nodes: 5 }, 8), results);
  ok(new Set(results.map(({ ticksWithoutLeader }) => ticksWithoutLeader)).size > 1);
});

Deno.test("what was not as expected is kept", () => {
  const wrong: Scenario = { name: "wrong", steps: [{ do: "expect", that: { is: "leaders", count: 1 } }] };
  const [{ asExpected, differences, ticks }] = survey(wrong, {}, 1);
  deepStrictEqual([asExpected, differences.map(({ found }) => found), ticks], [false, ["none does"], 0]);
});

Deno.test("a survey of no seeds, or of what cannot be played, is refused", () => {
  for (const seeds of [0, -1, 1.5, NaN]) {
    throws(() => survey(basic, {}, seeds), /^RangeError: Cannot survey .* from 1$/);
  }
  throws(() => survey(dropLeader, { nodes: 2 }, 1), /^ScenarioError: Cannot play drop-leader: .*not 2$/);
});

Deno.test("the median is in the middle", () => {
  strictEqual(median([3, 1, 2]), 2);
  strictEqual(median([4, 1, 2, 3]), 2.5);
  ok(Number.isNaN(median([])));
});
