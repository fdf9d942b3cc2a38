import { testChecker, untyped } from "./exercise_cases.ts";
import { type ChangeStep, checkReplacement } from "./replacement.ts";

type Plan = readonly ChangeStep[];

const voter = (addVoters: number): ChangeStep => ({ do: "confChange", addVoters });
const learner = (...addLearners: number[]): ChangeStep => ({ do: "confChange", addLearners });
const remove = (...nodes: number[]): ChangeStep => ({ do: "confChange", remove: nodes });
const joint: ChangeStep = { do: "confChange", addVoters: [4, 5, 6], remove: [1, 2, 3] };

testChecker<Plan>("replace all three", {
  check: checkReplacement,
  right: {
    "node by node, the learner first": [4, 5, 6].flatMap((id) => [learner(id), voter(id), remove(id - 3)]),
    "in another order": [6, 4, 5].flatMap((id, i) => [learner(id), voter(id), remove(3 - i)]),
    "all learners, then node by node": [
      learner(4, 5, 6),
      ...[4, 5, 6].flatMap((id) => [voter(id), remove(id - 3)]),
    ],
    "first all in, then all out": [
      ...[4, 5, 6].flatMap((id) => [learner(id), voter(id)]),
      remove(1),
      remove(2),
      remove(3),
    ],
    "all learners, then one joint configuration": [learner(4, 5, 6), joint],
    "the joint configuration is left by hand": [
      learner(4, 5, 6),
      { ...joint, transition: "explicit" },
      { do: "confChange" },
    ],
    "who leaves becomes a learner first": [
      ...[4, 5, 6].flatMap((id) => [learner(id), voter(id), learner(id - 3)]),
      remove(1, 2, 3),
    ],
  },
  wrong: {
    "nothing": [[], /In the end the configuration is voters 1, 2 and 3; it should be voters 4, 5 and 6/],
    "out before in": [
      [remove(1), voter(4), remove(2), voter(5), remove(3), voter(6)],
      /Change 1, remove node 1: when node 2 stops.*of the voters 2 and 3 only node 3 answers, and a majority is 2/,
    ],
    "no learners": [
      [4, 5, 6].flatMap((id) => [voter(id), remove(id - 3)]),
      /Change 1, add node 4 as a voter: node 4 has just joined, and does not answer yet; when node 1 stops.*of the voters 1, 2, 3 and 4 only nodes 2 and 3 answer, and a majority is 3/,
    ],
    "a joint configuration without learners": [
      [joint],
      /Change 1.*of the voters 4, 5 and 6 nobody answers, and a majority is 2/,
    ],
    "two out at once": [
      [learner(4, 5, 6), voter(4), voter(5), remove(1, 2, 3), voter(6)],
      /Change 4, remove nodes 1, 2 and 3: .*of the voters 4 and 5/,
    ],
    "a joint configuration is not left": [
      [learner(4, 5, 6), { ...joint, transition: "explicit" }],
      /In the end the configuration is voters 4, 5 and 6, outgoing voters 1, 2 and 3/,
    ],
    "another change before it is left": [
      [learner(4, 5, 6), { ...joint, transition: "explicit" }, remove(1)],
      /Change 3, remove node 1: the leader appends an empty entry in its place/,
    ],
    "a learner is left": [
      [learner(4, 5, 6), joint, learner(1)],
      /In the end the configuration is voters 4, 5 and 6, learner 1; it should be/,
    ],
    "an end without a joint configuration": [
      [{ do: "confChange" }],
      /Change 1, leave the joint configuration: the leader/,
    ],
    "a node that is not here": [[learner(7)], /Node 7 is not here/],
    "not a change": [untyped([{ do: "run", ticks: 3 }]), /it takes a list of changes/],
    "no list": [untyped("remove 1"), /You said remove 1; it takes a list/],
  },
});
