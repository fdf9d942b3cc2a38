import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { TracedMessage } from "./rows.ts";
import { capital, count, entriesText, list, nodeList, ticksText, visible, word } from "./text.ts";
import { type ConfChangeSingle, type ConfStateOptions, newConfState } from "../raft/mod.ts";
import {
  changeText,
  commandText,
  configurationText,
  entryCount,
  isRejection,
  messageWords,
  outcomeText,
} from "./words.ts";

Deno.test("a message that says no has another name than one that says yes", () => {
  const at = { from: 2, to: 1, term: 1 };
  const log = { prevLogIndex: 3, hint: { index: 2, term: 1 }, commit: 1 };
  const refusal: TracedMessage = { ...at, type: "AppendResponse", success: false, ...log };
  deepStrictEqual([isRejection(refusal), messageWords(refusal).one], [true, "refusal of an append"]);
  const vote: TracedMessage = { ...at, type: "RequestVoteResponse", voteGranted: true };
  deepStrictEqual([isRejection(vote), messageWords(vote).many, entryCount(vote)], [false, "votes", 0]);
});

Deno.test("commands and outcomes are told with keys and values that cannot be mistaken", () => {
  strictEqual(commandText({ kind: "Put", key: "a b", value: "" }), 'Put "a b" = ""');
  deepStrictEqual([commandText({ kind: "Get", key: "x" }), commandText(null)], ["Get x", "(empty)"]);
  strictEqual(outcomeText({ kind: "Get", key: "x", value: null }), "Get x: nothing there");
});

Deno.test("lists of nodes are short", () => {
  const lists: [number[], string][] = [
    [[], "no node"],
    [[3], "node 3"],
    [[2, 1], "nodes 1 and 2"],
    [[1, 2, 4], "nodes 1, 2 and 4"],
    [[1, 2, 3, 4], "nodes 1 to 4"],
    [[1, 2, 4, 5], "nodes 1, 2, 4 and 5"],
  ];
  for (const [ids, text] of lists) strictEqual(nodeList(ids), text);
  strictEqual(nodeList([1, 2, 3, 4], "or"), "node 1, 2, 3 or 4");
  deepStrictEqual([list(["a"]), list(["a", "b", "c"], "or")], ["a", "a, b or c"]);
});

Deno.test("numbers agree with their nouns", () => {
  deepStrictEqual([count(1, "entry", "entries"), count(0, "vote")], ["1 entry", "0 votes"]);
  deepStrictEqual([ticksText(3, 3), ticksText(3, 5)], ["at tick 3", "from tick 3 to 5"]);
  const logs = [[], [2], [1, 2]].map(entriesText);
  deepStrictEqual(logs, ["no entry", "one entry, of term 2", "entries of the terms 1 2"]);
});

Deno.test("text from elsewhere is one line without controls, and a word is quoted if it could be mistaken", () => {
  strictEqual(visible("a\x1b[31m\n\u2028\u200ec"), "a\\u001b[31m\\n\\u2028\\u200ec");
  deepStrictEqual(["x", "", "a b", "\n"].map(word), ["x", '""', '"a b"', '"\\n"']);
  const unseen = "\u0007\u007f\u009b\u061c\u200f\u2028\u2029\u202e\u2066\u2069\ufeff\u{e0001}\ud800";
  strictEqual(JSON.parse(word(unseen)), unseen);
  deepStrictEqual([word(unseen), visible(unseen)].filter((text) => !/^[\x20-\x7e]+$/.test(text)), []);
  strictEqual(capital("é"), "É");
});

Deno.test("a change of the configuration is told by what it asks for, and by what it has made of it", () => {
  const add = (...nodes: number[]) => nodes.map((node): ConfChangeSingle => ({ type: "addNode", node }));
  const remove = (...nodes: number[]) => nodes.map((node): ConfChangeSingle => ({ type: "removeNode", node }));
  const learners = (...nodes: number[]) => nodes.map((node): ConfChangeSingle => ({ type: "addLearnerNode", node }));
  const told = (changes: readonly ConfChangeSingle[], made: ConfStateOptions) => {
    const change = { transition: "auto", changes } as const;
    return [changeText(change), outcomeText({ kind: "Configuration", change, configuration: newConfState(made) })];
  };
  deepStrictEqual(told(learners(4), { voters: [1, 2, 3], learners: [4] }), [
    "add node 4 as a learner",
    "node 4 is a learner now",
  ]);
  deepStrictEqual(told([...add(4), ...learners(3, 5), ...remove(1)], { voters: [2, 4], learners: [3, 5] }), [
    "add node 4 as a voter, add nodes 3 and 5 as learners, and remove node 1",
    "node 4 is a voter now, nodes 3 and 5 are learners now, and node 1 is no member any more",
  ]);
  deepStrictEqual(told([...add(4, 5), ...remove(2, 3)], { voters: [1, 4, 5], votersOutgoing: [1, 2, 3] }), [
    "add nodes 4 and 5 as voters, and remove nodes 2 and 3",
    "the configuration is joint: a majority of 1, 2, 3 and one of 1, 4, 5",
  ]);
  deepStrictEqual(told([], { voters: [1, 4, 5], learners: [2] }), [
    "leave the joint configuration",
    "the configuration is joint no more: voters 1, 4 and 5, learner 2",
  ]);
  strictEqual(
    configurationText(newConfState({ voters: [4], votersOutgoing: [1, 2], learners: [5, 6] })),
    "voter 4, outgoing voters 1 and 2, learners 5 and 6",
  );
});
