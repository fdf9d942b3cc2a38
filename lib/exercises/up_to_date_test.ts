import { testChecker, untyped } from "./exercise_cases.ts";
import { isUpToDate } from "./rules_cases.ts";
import { checkUpToDate, type IsUpToDate } from "./up_to_date.ts";

testChecker<IsUpToDate>("the winning log", {
  check: checkUpToDate,
  right: {
    "a choice by whether the terms are equal": isUpToDate,
    "one condition": (c, v) => c.term > v.term || (c.term === v.term && c.index >= v.index),
    "what must not be": (c, v) => !(v.term > c.term || (v.term === c.term && v.index > c.index)),
    "the difference of the terms, then of the indices": (c, v) => (c.term - v.term || c.index - v.index) >= 0,
    "one number of both": (c, v) => c.term * 1e6 + c.index >= v.term * 1e6 + v.index,
    "step by step": (c, v) => {
      if (c.term < v.term) return false;
      if (c.term > v.term) return true;
      return c.index >= v.index;
    },
  },
  wrong: {
    "the longest log": [
      (c, v) => c.index >= v.index,
      /index 1 of term 1; the voter's ends with index 1 of term 2\. Your rule grants .* last terms are compared first/,
    ],
    "only the last terms": [(c, v) => c.term >= v.term, /refuses the vote: with equal last terms, the longer log/],
    "both not less": [
      (c, v) => c.term >= v.term && c.index >= v.index,
      /Raft grants the vote: the last terms are compared first/,
    ],
    "better than the voter's own": [
      (c, v) => c.term > v.term || (c.term === v.term && c.index > v.index),
      /^Case 1: .* a log that ends like the voter's own is good enough/,
    ],
    "either is greater": [(c, v) => c.term > v.term || c.index > v.index, /Your rule refuses/],
    "the two are confused": [(c, v) => isUpToDate(v, c), /Your rule/],
    "everybody": [() => true, /Your rule grants the vote; Raft refuses/],
    "no answer": [untyped(() => {}), /answers undefined; an answer is true or false/],
    "a number": [untyped((c: { index: number }) => c.index), /answers 0; an answer is true or false/],
    "an error": [(c) => untyped<{ is: boolean }[]>([])[c.index].is, /^Case 1: .* Your rule stops with an error/],
  },
});
