import { majority } from "../raft/mod.ts";
import { checkDamage, checkSurvives, checkTicks } from "./baseline.ts";
import { testChecker, untyped } from "./exercise_cases.ts";

testChecker<(nodes: number) => number>("how many may stop", {
  check: checkSurvives,
  right: {
    "all but a majority": (nodes) => nodes - majority(nodes),
    "half of the others": (nodes) => Math.floor((nodes - 1) / 2),
    "half, rounded up, less one": (nodes) => Math.ceil(nodes / 2) - 1,
    "by counting": (nodes) => {
      let stopped = 0;
      while (2 * (nodes - stopped - 1) > nodes) stopped++;
      return stopped;
    },
    "a table": (nodes) => [0, 0, 0, 1, 1, 2, 2, 3][nodes],
  },
  wrong: {
    "all but one": [(nodes) => nodes - 1, /With 1 of 2 nodes stopped nobody leads: the rest is no majority/],
    "half": [(nodes) => Math.floor(nodes / 2), /With 1 of 2 nodes stopped nobody leads/],
    "none": [() => 0, /A cluster of 3 survives more than 0 stopped nodes/],
    "one and a half": [(nodes) => (nodes - 1) / 2, /Of 2 nodes you let 0\.5 stop; it takes a whole number from 0/],
    "less than none": [() => -1, /it takes a whole number from 0/],
    "all": [(nodes) => nodes, /With 1 of 1 nodes stopped nobody leads/],
    "a text": [untyped(() => "two"), /you let two stop/],
  },
});

testChecker<number>("ticks until the leader knows", {
  check: checkTicks,
  right: { "there and back": 6, "twice the latency": 2 * 3, "as a sum": 3 + 3 },
  wrong: {
    "there": [3, /no answer has come back yet/],
    "there, back, there again": [9, /It knows before that/],
    "at once": [0, /no answer has come back yet/],
    "one too many": [7, /It knows before that/],
    "six and a half": [6.5, /You said 6\.5; it takes a whole number of ticks/],
    "before": [-6, /it takes a whole number of ticks/],
    "nothing": [NaN, /You said NaN/],
  },
});

testChecker<number[]>("the most damage that does no harm", {
  check: checkDamage,
  right: {
    "the leader and node 1": [4, 1],
    "node 2 and the leader": [2, 4],
    "node 3": [3, 4],
    "node 5": [4, 5],
    "one of them twice": [4, 5, 4],
  },
  wrong: {
    "three": [[4, 1, 2], /2 of 5 are left: too few to elect a leader/],
    "one": [[4], /4 are more than a majority; stop one more/],
    "not the leader": [[1, 2], /The leader, node 4, still runs/],
    "a node that is not there": [[4, 6], /There is no node 6: the nodes are 1 to 5/],
    "nobody": [[], /The leader, node 4, still runs/],
    "all": [[1, 2, 3, 4, 5], /0 of 5 are left/],
    "a number": [untyped(2), /You said 2; it takes a list of nodes/],
  },
});
