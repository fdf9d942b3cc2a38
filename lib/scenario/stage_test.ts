import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { NodeId } from "../raft/mod.ts";
import { LED, tell, tellLed } from "./stage_cases.ts";
import type { Nodes, Step } from "./schema.ts";
import { nodeList } from "../trace/text.ts";

const FIVE = { nodes: 5 };

const WORDS: [nodes: Nodes, ids: NodeId[]][] = [
  [4, [4]],
  ["all", [1, 2, 3, 4, 5]],
  ["leader", [1]],
  ["followers", [2, 3, 4, 5]],
  ["follower 1", [2]],
  ["follower 4", [5]],
  [[5, "leader", 3], [1, 3, 5]],
  [["follower 1", 2, "followers"], [2, 3, 4, 5]],
  [[], []],
];

for (const [nodes, ids] of WORDS) {
  Deno.test(`of five nodes, the first of which leads, ${JSON.stringify(nodes)} means ${nodeList(ids)}`, () => {
    deepStrictEqual(tellLed([], FIVE).stage.find(nodes), ids);
  });
}

Deno.test("a stopped node is no follower, and does not lead; an id and all mean it still", () => {
  const { stage } = tellLed([{ do: "stop", nodes: [1, 3] }], FIVE);
  deepStrictEqual(stage.find("followers"), [2, 4, 5]);
  deepStrictEqual([stage.find("follower 2"), stage.find(3), stage.find("all")], [[4], [3], [1, 2, 3, 4, 5]]);
  throws(() => stage.find("leader"), { name: "ScenarioError", message: /^there is no "leader" at tick \d+$/ });
  throws(() => stage.find("follower 4"), { name: "ScenarioError", message: /^there is no "follower 4" at tick \d+$/ });
});

Deno.test("of two that lead, the leader is the one of the later term; the other is a follower", () => {
  const { stage } = tellLed([
    { do: "cut", from: 1, to: "followers" },
    { do: "campaign", nodes: 3 },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "leaders", count: 2 } },
  ]);
  deepStrictEqual([stage.find("leader"), stage.find("followers"), stage.failed], [[3], [1, 2], false]);
});

Deno.test("a name goes on meaning the same nodes, whoever leads or runs, until it is given again", () => {
  const named: Step[] = [
    { do: "name", as: "old leader", nodes: "leader" },
    { do: "name", as: "the others", except: "old leader" },
    { do: "name", as: "two of them", nodes: "the others", except: ["follower 1"] },
    { do: "stop", nodes: "old leader" },
    { do: "campaign", nodes: 2 },
    { do: "run", ticks: 3 },
  ];
  const { stage } = tellLed(named, { nodes: 4 });
  deepStrictEqual(["old leader", "the others", "two of them", "leader"].map((name) => stage.find(name)), [
    [1],
    [2, 3, 4],
    [3, 4],
    [2],
  ]);
  const again = tellLed([...named, { do: "name", as: "old leader", nodes: "leader" }], { nodes: 4 });
  deepStrictEqual(again.stage.find("old leader"), [2]);
});

Deno.test("a name for nobody means nobody; a word that is no name is refused", () => {
  const { stage } = tellLed([{ do: "name", as: "nobody", except: "all" }]);
  deepStrictEqual(stage.find("nobody"), []);
  throws(() => stage.find("somebody"), { name: "ScenarioError", message: /^there is no "somebody"/ });
  throws(() => stage.find(4), { name: "ClusterError", message: /^Cannot find node 4/ });
});

Deno.test("a mark remembers the numbers of all nodes; set again, those of later", () => {
  const { stage } = tell([{ do: "mark", as: "start" }, ...LED, { do: "mark", as: "led" }, { do: "propose" }]);
  deepStrictEqual(stage.numbersAt("start", 1), { term: 0, commit: 0, applied: 0, firstIndex: 1, lastIndex: 0 });
  deepStrictEqual(stage.numbersAt("led", 3), { term: 1, commit: 1, applied: 1, firstIndex: 1, lastIndex: 1 });
  deepStrictEqual([stage.numbers(1).lastIndex, stage.numbers(3).lastIndex], [2, 1]);
  throws(() => stage.numbersAt("end", 1), { name: "ScenarioError", message: 'there is no mark "end" yet' });
  const again = tell([{ do: "mark", as: "here" }, ...LED, { do: "mark", as: "here" }]);
  strictEqual(again.stage.numbersAt("here", 2).term, 1);
});
