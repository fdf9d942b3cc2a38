import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { changeConfiguration, decodeConfChange, encodeConfChange } from "./conf_change.ts";
import { type ConfChange, type ConfStateOptions, newConfState } from "./mod.ts";
import { bytes, fails } from "./paper_cases.ts";

/** `+4` adds a voter, `~4` a learner, `-4` removes a node; the first word is the transition. */
function parse(text: string): ConfChange {
  const [transition, ...words] = text.split(" ");
  const types = { "+": "addNode", "~": "addLearnerNode", "-": "removeNode" } as const;
  const changes = words.map((word) => ({ type: types[word[0] as "+"], node: Number(word.slice(1)) }));
  return { transition: transition as ConfChange["transition"], changes };
}

const OLD: ConfStateOptions = { voters: [1, 2, 3] };
const JOINT: ConfStateOptions = { voters: [1, 2, 4], votersOutgoing: [1, 2, 3], learnersNext: [3], autoLeave: true };

const CASES: [before: ConfStateOptions, change: string, after: ConfStateOptions | null][] = [
  [OLD, "auto +4", { voters: [1, 2, 3, 4] }],
  [OLD, "auto ~4", { voters: [1, 2, 3], learners: [4] }],
  [OLD, "auto -3", { voters: [1, 2] }],
  [OLD, "auto ~3", { voters: [1, 2], learners: [3] }],
  [OLD, "auto +3", OLD],
  [OLD, "auto -9", OLD],
  [{ voters: [1, 2], learners: [3] }, "auto +3", OLD],
  [{ voters: [1, 2], learners: [3] }, "auto ~3", { voters: [1, 2], learners: [3] }],
  [{ voters: [1, 2], learners: [3] }, "auto -3", { voters: [1, 2] }],
  [OLD, "auto +4 -3", { voters: [1, 2, 4], votersOutgoing: [1, 2, 3], autoLeave: true }],
  [OLD, "implicit +4", { voters: [1, 2, 3, 4], votersOutgoing: [1, 2, 3], autoLeave: true }],
  [OLD, "explicit +4", { voters: [1, 2, 3, 4], votersOutgoing: [1, 2, 3] }],
  [OLD, "auto +4 ~3", JOINT],
  [OLD, "auto ~3 +3", { voters: [1, 2, 3], votersOutgoing: [1, 2, 3], autoLeave: true }],
  [OLD, "auto ~4 -4", { voters: [1, 2, 3], votersOutgoing: [1, 2, 3], autoLeave: true }],
  [OLD, "explicit ~1 ~2 ~3 +4", { voters: [4], votersOutgoing: [1, 2, 3], learnersNext: [1, 2, 3] }],
  [JOINT, "auto", { voters: [1, 2, 4], learners: [3] }],
  [{ voters: [1], votersOutgoing: [1, 2], learners: [5] }, "auto", { voters: [1], learners: [5] }],
  [{ voters: [1] }, "auto -1", null],
  [OLD, "explicit -1 -2 -3", null],
  [OLD, "auto", null],
  [JOINT, "auto +5", null],
  [JOINT, "explicit -1", null],
];

for (const [before, text, after] of CASES) {
  Deno.test(`§6 ${JSON.stringify(before)} and "${text}": ${JSON.stringify(after)}`, () => {
    const change = () => changeConfiguration(newConfState(before), parse(text)).confState;
    if (after === null) fails("ConfChangeInvalid", change);
    else deepStrictEqual(change(), newConfState(after));
  });
}

Deno.test("a change is what it was after its way through the log", () => {
  for (const text of ["auto +4", "implicit +4 ~5 -1", "explicit -3", "auto"]) {
    deepStrictEqual(decodeConfChange(encodeConfChange(parse(text))), parse(text));
  }
  strictEqual(encodeConfChange(parse("auto")).length, 0, "the end of a joint configuration takes no room");
});

Deno.test("an entry that carries no change is refused", () => {
  const texts = [
    "x",
    "null",
    "{}",
    '{"transition":"auto"}',
    '{"transition":"soon","changes":[]}',
    '{"transition":"explicit","changes":[]}',
    '{"transition":"auto","changes":[{"type":"addNode","node":0}]}',
    '{"transition":"auto","changes":[{"type":"promote","node":1}]}',
    '{"transition":"auto","changes":[null]}',
  ];
  for (const text of texts) fails("ConfChangeInvalid", () => decodeConfChange(bytes(text)));
  fails("ConfChangeInvalid", () => decodeConfChange(new Uint8Array([0xff])));
});
