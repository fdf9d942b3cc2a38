import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { TracedMessage } from "./rows.ts";
import { capital, count, entriesText, list, nodeList, ticksText, visible, word } from "./text.ts";
import { commandText, entryCount, isRejection, messageWords, outcomeText } from "./words.ts";

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
