import { deepStrictEqual } from "node:assert/strict";
import { fatesIn, goOn, inFlight, tellLed, values } from "./stage_cases.ts";
import type { MessageFilter, Step } from "./step.ts";

/** Four appends are in flight: at index 1 and then 2, to node 2 and to node 3. */
const TWO_WRITES: readonly Step[] = [{ do: "propose" }, {
  do: "propose",
  command: { kind: "Put", key: "x", value: "2" },
}];
const ALL = ["Append 1>2", "Append 1>3", "Append 1>2", "Append 1>3"];

const FILTERS: [filter: MessageFilter, lost: number[]][] = [
  [{}, [0, 1, 2, 3]],
  [{ type: "Append" }, [0, 1, 2, 3]],
  [{ type: "Heartbeat" }, []],
  [{ from: 1 }, [0, 1, 2, 3]],
  [{ from: "followers" }, []],
  [{ to: 3 }, [1, 3]],
  [{ to: ["follower 1", 1] }, [0, 2]],
  [{ index: 2 }, [2, 3]],
  [{ type: "Append", from: "leader", to: 3, index: 1 }, [1]],
];

for (const [filter, lost] of FILTERS) {
  Deno.test(`of four messages in flight, ${JSON.stringify(filter)} means ${lost.length}`, () => {
    const { cluster } = tellLed([...TWO_WRITES, { do: "dropMessages", ...filter }]);
    deepStrictEqual(inFlight(cluster), ALL.filter((_, i) => !lost.includes(i)));
  });
}

Deno.test("messages that are dropped are lost, and told of", () => {
  const { trace } = tellLed([...TWO_WRITES, { do: "dropMessages", to: 3 }]);
  const lost = trace.of("message").filter(({ event }) => event === "dropped");
  deepStrictEqual(lost.map((row) => [row.type, row.to, row.type === "Append" && row.prevLogIndex]), [["Append", 3, 1], [
    "Append",
    3,
    2,
  ]]);
});

Deno.test("messages that are held wait until they are released, and arrive with the next tick then", () => {
  const played = tellLed([...TWO_WRITES, { do: "holdMessages", to: 3 }, { do: "run", ticks: 20 }]);
  deepStrictEqual(inFlight(played.cluster), ["Append 1>3", "Append 1>3"]);
  goOn(played.stage, [{ do: "releaseMessages", to: 3, type: "Append", index: 1 }]);
  deepStrictEqual(fatesIn(played, 1).slice(0, 1), ["delivered Append 1>3"]);
  deepStrictEqual(inFlight(played.cluster).slice(0, 1), ["Append 1>3"], "the other waits on");
});

Deno.test("a message that is released overtakes those that take longer", () => {
  const played = tellLed([
    { do: "delay", from: 1, to: [2, 3], ticks: 9 },
    ...TWO_WRITES,
    { do: "releaseMessages", to: 2 },
  ]);
  deepStrictEqual(fatesIn(played, 1).slice(0, 2), ["delivered Append 1>2", "delivered Append 1>2"]);
  deepStrictEqual(inFlight(played.cluster).slice(0, 2), ["Append 1>3", "Append 1>3"]);
});

Deno.test("messages that are duplicated arrive twice, and change nothing the second time", () => {
  const played = tellLed([{ do: "propose" }, { do: "duplicateMessages", to: 2 }]);
  deepStrictEqual(inFlight(played.cluster), ["Append 1>2", "Append 1>3", "Append 1>2"]);
  deepStrictEqual(fatesIn(played, 1).slice(0, 3), [ALL[0], ALL[1], ALL[0]].map((message) => `delivered ${message}`));
  played.cluster.run(3);
  deepStrictEqual([values(played.cluster), played.cluster.node(2).terms()], [["1", "1", "1"], [1, 1]]);
});

/** What becomes of five appends to each follower, after these steps: how many of them are lost, by receiver. */
function lostAfter(steps: readonly Step[]): Record<string, number> {
  const writes = Array.from({ length: 5 }, (): Step => ({ do: "propose" }));
  const { trace } = tellLed([...steps, ...writes]);
  const lost = trace.of("message").filter(({ event }) => event === "dropped");
  return Object.fromEntries([2, 3].map((id) => [id, lost.filter(({ to }) => to === id).length]));
}

Deno.test("dropNext loses exactly as many messages as it says, of those it means", () => {
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 3, to: 2 }]), { 2: 3, 3: 0 });
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 3 }]), { 2: 2, 3: 1 });
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 0, to: 2 }]), { 2: 0, 3: 0 });
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 9, type: "Heartbeat" }]), { 2: 0, 3: 0 });
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 9, index: 3 }]), { 2: 1, 3: 1 });
});

Deno.test("several dropNext add up, and no message counts for two of them", () => {
  const toTwo: Step = { do: "dropNext", count: 1, to: 2 };
  deepStrictEqual(lostAfter([toTwo, toTwo]), { 2: 2, 3: 0 });
  deepStrictEqual(lostAfter([toTwo, { do: "dropNext", count: 2, to: 3 }]), { 2: 1, 3: 2 });
});

Deno.test("dropNext means the nodes that its words mean when it is said", () => {
  const { trace } = tellLed([
    { do: "dropNext", count: 1, from: "leader", type: "RequestVote" },
    { do: "dropNext", count: 1, to: "leader", type: "RequestVote" },
    { do: "campaign", nodes: 2 },
    { do: "run", ticks: 3 },
  ]);
  const lost = trace.of("message").filter(({ event }) => event === "dropped");
  deepStrictEqual(lost.map(({ type, from, to }) => [type, from, to]), [["RequestVote", 2, 1]]);
});

Deno.test("what dropNext still has to lose is not in the way of what is in flight already", () => {
  const played = tellLed([...TWO_WRITES, { do: "dropNext", count: 2, type: "Append" }]);
  deepStrictEqual(fatesIn(played, 1).slice(0, 4), ALL.map((message) => `delivered ${message}`));
});
