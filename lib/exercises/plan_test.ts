import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Step } from "../scenario/schema.ts";
import { testChecker, untyped } from "./exercise_cases.ts";
import { checkPlan, playPlan } from "./plan.ts";

const drop = (type: "RequestVote" | "RequestVoteResponse", from: number, to?: number): Step =>
  to === undefined ? { do: "dropMessages", type, from } : { do: "dropMessages", type, from, to };
const wait = (ticks: number): Step => ({ do: "run", ticks });

const five: Step[] = [
  wait(14),
  drop("RequestVote", 1, 3),
  wait(1),
  drop("RequestVoteResponse", 2, 1),
  wait(15),
  drop("RequestVoteResponse", 2, 1),
  wait(10),
  drop("RequestVote", 3),
];

const next = (count: number): Step => ({ do: "dropNext", type: "RequestVoteResponse", count });

testChecker<Step[]>("no leader", {
  check: checkPlan,
  right: {
    "five drops": five,
    "the last two one by one": [...five.slice(0, -1), drop("RequestVote", 3, 1), drop("RequestVote", 3, 2)],
    "single ticks": five.flatMap((step) =>
      step.do === "run" ? Array.from({ length: step.ticks }, () => wait(1)) : [step]
    ),
    "more time behind it": [...five, wait(40)],
    "a wait for a leader, after the 60 ticks": [...five, { do: "runUntil", until: { is: "leader" } }],
    "a wait that fails after the 60 ticks": [
      ...five.slice(0, -1),
      drop("RequestVote", 3),
      { do: "runUntil", until: { is: "leader", by: 2 }, within: 100 },
    ],
  },
  wrong: {
    "six votes": [[next(6)], /Node 3 leads from tick 42: 41 ticks without a leader; messages dropped: 6/],
    "seven votes": [[next(7)], /You have dropped 7 messages; 6 are allowed/],
    "nothing": [[wait(1)], /Node 1 leads from tick 16: 15 ticks without a leader; messages dropped: 0/],
    "cut links": [[{ do: "cut", from: 1, to: "all" }], /"cut" is not allowed: let time pass, or drop messages/],
    "stopped nodes": [[{ do: "stop", nodes: [2, 3] }], /"stop" is not allowed/],
    "a wait in vain": [[{ do: "runUntil", until: { is: "leader", by: 3 }, within: 10 }], /^It went wrong at tick 10/],
    "no list": [untyped(wait(3)), /it takes a list of steps/],
    "a step that is none": [untyped([null]), /^Cannot play your-steps/],
  },
});

Deno.test("a plan is played for its figure; one that cannot be, or is none, as dropping nothing", () => {
  const { title, drops, trace } = playPlan(five);
  strictEqual(title, "Messages dropped: 5; nobody leads up to tick 60");
  deepStrictEqual(drops.map(({ type, from, to }) => `${type} ${from} ${to}`), [
    "RequestVote 1 3",
    "RequestVoteResponse 2 1",
    "RequestVoteResponse 2 1",
    "RequestVote 3 1",
    "RequestVote 3 2",
  ]);
  ok(trace.lastTick() >= 60);
  const none = "Messages dropped: 0; node 1 leads from tick 16";
  for (const plan of [null, [], [{ do: "stop", nodes: 1 }], untyped<Step[]>("x")]) {
    strictEqual(playPlan(untyped<Step[] | null>(plan)).title, none);
  }
});
