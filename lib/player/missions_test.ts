import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DOUBLES, isDouble, ruleOut } from "./doubles.ts";
import { breaking, MISSIONS } from "./missions.ts";
import { Branch } from "./session.ts";
import { hashOf, readHash } from "./share.ts";

const BREAKING = Object.keys(DOUBLES).filter(isDouble).map((double) => breaking(double));

Deno.test("every mission is done by the way that it shows, and by doing nothing it is not", () => {
  for (const { name, plan, way, until, judge } of [...MISSIONS, ...BREAKING]) {
    const { done, text } = judge(new Branch({ ...plan, touches: way }, until));
    ok(done, `${name}: ${text}`);
    strictEqual(judge(new Branch(plan, 120)).done, false, name);
    deepStrictEqual(readHash(hashOf({ ...plan, touches: way }, 0)).plan, { ...plan, touches: way });
  }
});

Deno.test("a rule that is taken out breaks a property of the paper, on a way on which Raft keeps it", () => {
  const broken = BREAKING.map(({ plan, way, until }) => {
    const touched = { ...plan, touches: way };
    strictEqual(new Branch({ ...touched, double: null }, until).broken, null);
    return `${plan.double}: ${new Branch(touched, until).broken?.violation.invariant.split(":")[0]}`;
  });
  deepStrictEqual(broken, [
    "old-terms: Leader Completeness",
    "votes-twice: Election Safety",
    "any-log: Leader Completeness",
    "no-check: Log Matching",
    "one-holder: Leader Completeness",
    "new-half: Leader Completeness",
    "reads-alone: A read index is at least what was committed when the read was asked for",
  ]);
});

Deno.test("three nodes without a leader: a seventh loss does not count, nor anything but losses", () => {
  const mission = MISSIONS.find(({ name }) => name === "Nobody leads");
  ok(mission !== undefined);
  const { plan, way, until, judge } = mission;
  const judged = (step: Parameters<Branch["touch"]>[0], ticks: number) => {
    const branch = new Branch({ ...plan, touches: way }, until);
    branch.touch(step);
    for (let i = 0; i < ticks; i++) branch.goOn();
    return judge(branch);
  };
  deepStrictEqual(judged({ do: "heal" }, 5), {
    done: false,
    text: "Something else was done than losing a message: go back to before it.",
  });
  strictEqual(judged({ do: "dropNext", count: 1 }, 20).text, "7 messages were lost: that is too many.");
  strictEqual(judge(new Branch({ ...plan, touches: way.slice(0, 1) }, until)).done, false);
});

Deno.test("every rule that is taken out says what its nodes do, and against which section of the paper", () => {
  for (const double of Object.keys(DOUBLES).filter(isDouble)) {
    ok(/^A .* \(against §\d/.test(ruleOut(double).what), double);
  }
});

Deno.test("the tick in which an invariant breaks is a scene, with its sentences", () => {
  for (const { plan, way, until } of BREAKING) {
    const branch = new Branch({ ...plan, touches: way }, until);
    const tick = branch.broken?.tick ?? Infinity;
    strictEqual(branch.scenes.at(-1)?.tick, tick);
    ok(Array.isArray(branch.sentences(tick)));
  }
});
