import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { play } from "../scenario/run.ts";
import { retry, retryOnce } from "../scenario/retry.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Step } from "../scenario/schema.ts";
import { scenesOf } from "./fold.ts";
import { type Operation, operationsOf } from "./operations.ts";
import type { TraceRow } from "./rows.ts";

const operationsIn = (scenario: Scenario) => operationsOf(scenesOf(play(scenario).trace.rows));
const asked = (steps: readonly Step[]): Operation[] =>
  operationsIn({ name: "asked", steps: [{ do: "campaign", nodes: 1 }, { do: "run", ticks: 5 }, ...steps] });

const PUT = { kind: "Put", key: "x", value: "1" } as const;
const GET = { kind: "Get", key: "x" } as const;

Deno.test("an operation lasts from when it was first asked for to its answer, and takes effect in between", () => {
  deepStrictEqual(
    asked([
      { do: "request", client: 1, to: 1, command: PUT },
      { do: "run", ticks: 3 },
      { do: "request", client: 1, command: GET },
      { do: "run", ticks: 3 },
    ]),
    [
      {
        client: 1,
        request: 1,
        command: PUT,
        way: "log",
        called: 5,
        returned: 7,
        value: null,
        attempts: [{ tick: 5, node: 1 }],
        effects: [7],
      },
      {
        client: 1,
        request: 2,
        command: GET,
        way: "log",
        called: 8,
        returned: 10,
        value: "1",
        attempts: [{ tick: 8, node: 1 }],
        effects: [10],
      },
    ],
  );
});

Deno.test("a read that needs no entry has an answer, and no effect", () => {
  const [{ called, returned, value, effects, way }] = asked([
    { do: "request", client: 1, to: 1, command: GET, way: "readIndex" },
    { do: "run", ticks: 3 },
  ]);
  deepStrictEqual([way, called, returned, value, effects], ["readIndex", 5, 7, null, []]);
});

Deno.test("a write that is applied twice has two effects, one that is known again has one", () => {
  for (const [scenario, count] of [[retry, 2], [retryOnce, 1]] as const) {
    const [first, second] = operationsIn(scenario);
    deepStrictEqual([first.client, first.effects.length, first.attempts.length > 1], [1, count, true]);
    deepStrictEqual([second.client, second.effects.length, second.attempts.length], [2, 1, 1]);
    ok(first.called < second.called && (second.returned ?? 0) < (first.returned ?? 0));
    if (count === 2) ok(first.effects[0] < second.effects[0] && second.effects[0] < first.effects[1]);
  }
});

Deno.test("what is never answered has no end, whether it took effect or not", () => {
  const cut: Step = { do: "cut", from: 1, to: [2, 3] };
  const request: Step = { do: "request", client: 1, to: 1, timeout: 100, command: PUT };
  const [never] = asked([cut, request, { do: "run", ticks: 3 }]);
  deepStrictEqual([never.returned, never.effects], [null, []]);
  const [unheard] = asked([{ do: "loseAnswer", client: 1, count: 1 }, request, { do: "run", ticks: 3 }]);
  deepStrictEqual([unheard.returned, unheard.effects], [null, [7]]);
});

Deno.test("an entry that another one replaces has no effect", () => {
  const [{ attempts, effects, returned }] = asked([
    { do: "partition", groups: [1, [2, 3]] },
    { do: "request", client: 1, to: 1, timeout: 100, command: PUT },
    { do: "runUntil", until: { is: "leader", by: [2, 3] } },
    { do: "heal" },
    { do: "runUntil", until: { is: "request", client: 1, answered: true } },
  ]);
  strictEqual(attempts.length > 1, true);
  deepStrictEqual(effects, [returned]);
});

Deno.test("who asks for nothing by a client that tries again has no operation", () => {
  deepStrictEqual(asked([{ do: "propose" }, { do: "read", way: "store" }, { do: "run", ticks: 3 }]), []);
});

Deno.test("an entry that was lost before it was durable has no effect, whatever stands in its place and term", () => {
  const of = { tick: 1, node: 1, index: 2, term: 1 } as const;
  const by = { client: 1, request: 1 };
  const asked = { event: "asked", attempt: 1, command: PUT, way: "log", value: null, leader: null } as const;
  const rows: TraceRow[] = [
    { kind: "request", tick: 1, node: 1, ...by, ...asked },
    { kind: "proposal", ...of, command: { ...PUT, by }, result: "appended", by },
    // An only voter stops before its first vote is on the disk, and leads the same term again.
    { kind: "proposal", ...of, command: PUT, result: "appended" },
    { kind: "apply", ...of, outcome: { ...PUT, previous: null } },
  ];
  deepStrictEqual(operationsOf([{ rows }]).map(({ effects }) => effects), [[]]);
});
