import { match, strictEqual } from "node:assert/strict";
import { majority } from "../raft/mod.ts";
import { testChecker, untyped } from "./exercise_cases.ts";
import { checkReadRule, type ReadRule } from "./read_rule.ts";
import { whatReadIsStale } from "./read_run.ts";

const byMajority: ReadRule = ({ term, noted, notedTerm, nodes, answered, applied }) => {
  if (notedTerm !== term || new Set(answered).size < majority(nodes)) return null;
  return applied >= noted ? noted : null;
};

const noTerm: ReadRule = (read) => byMajority({ ...read, notedTerm: read.term });
const noRound: ReadRule = (read) => byMajority({ ...read, nodes: 1 });
const replies: ReadRule = (read) => byMajority({ ...read, answered: read.answered.map((_, i) => i + 1) });
const oneTooFew: ReadRule = (read) => byMajority({ ...read, answered: [...read.answered, 99] });

testChecker<ReadRule>("the read's wait", {
  check: checkReadRule,
  right: {
    "a majority of nodes, a term of its own, and applied": byMajority,
    "one condition after the other": ({ term, noted, notedTerm, nodes, answered, applied }) => {
      if (term > notedTerm) return null;
      if (applied < noted) return null;
      const distinct = answered.filter((id, i) => answered.indexOf(id) === i);
      return distinct.length * 2 > nodes ? noted : null;
    },
    "the others of whom half are enough": ({ term, noted, notedTerm, nodes, answered, applied }) => {
      const others = new Set(answered.filter((id) => id !== answered[0]));
      return notedTerm === term && others.size >= Math.floor(nodes / 2) && noted <= applied ? noted : null;
    },
    "node by node": ({ term, noted, notedTerm, nodes, answered, applied }) => {
      let count = 0;
      for (let id = 1; id <= nodes; id++) if (answered.includes(id)) count++;
      return count > nodes / 2 && notedTerm === term && applied >= noted ? noted : null;
    },
    "what it has waited for, in the end": ({ term, noted, notedTerm, nodes, answered, applied }) => {
      const waits = [notedTerm < term, 2 * new Set(answered).size <= nodes, applied < noted];
      return waits.some((each) => each) ? null : noted;
    },
  },
  wrong: {
    "whatever is committed": [noTerm, /the leader has committed nothing of its own term 1/],
    "without the round": [noRound, /1 of 2 nodes have answered, and a majority is 2/],
    "answers are counted, not nodes": [replies, /answered is \[1, 2, 2\].*2 of 4 nodes have answered/],
    "half is a majority": [oneTooFew, /1 of 2 nodes have answered/],
    "all nodes": [
      (read) => new Set(read.answered).size < read.nodes ? null : byMajority(read),
      /a majority has answered, the noted entry/,
    ],
    "before it is applied": [(read) => byMajority({ ...read, applied: read.noted }), /the store lacks/],
    "what is applied now": [(read) => byMajority(read) === null ? null : read.applied, /that is the index it noted/],
    "from the store at once": [({ noted }) => noted, /Your rule answers from index 0; Raft does not answer yet/],
    "never": [() => null, /does not answer yet; Raft answers from index 1/],
    "yes": [untyped(() => true), /answers true; an answer is an index, a whole number from 0, or null/],
  },
});

Deno.test("no read is stale where leaders wait as they must", () => strictEqual(whatReadIsStale(byMajority), null));

const STALE: Readonly<Record<string, ReadRule>> = {
  "answers whatever is committed": noTerm,
  "asks nobody": noRound,
  "counts answers": replies,
  "counts one too many": oneTooFew,
};

for (const [name, rule] of Object.entries(STALE)) {
  Deno.test(`a leader that ${name} gives a stale answer`, () =>
    match(whatReadIsStale(rule) ?? "none", /was done before/));
}

Deno.test("a leader that never answers is found out once all is well", () => {
  match(whatReadIsStale(() => null) ?? "none", /a read has no answer within ten ticks/);
});
