import { checkCommitIndex, type CommitRule } from "./commit_rule.ts";
import { testChecker, untyped } from "./exercise_cases.ts";
import { commitIndex, heldByMajority } from "./rules_cases.ts";

const isOnMajority = (matchIndex: readonly number[], index: number) =>
  2 * matchIndex.filter((match) => match >= index).length > matchIndex.length;

testChecker<CommitRule>("the commit rule", {
  check: checkCommitIndex,
  right: {
    "the index that a majority holds, if it is of the term": commitIndex,
    "from the end of the log": ({ term, log, matchIndex, commit }) => {
      for (let index = log.length; index > commit; index--) {
        if (log[index - 1] === term && isOnMajority(matchIndex, index)) return index;
      }
      return commit;
    },
    "from the commit index on, the last that will do": ({ term, log, matchIndex, commit }) => {
      let last = commit;
      log.forEach((entryTerm, i) => {
        if (i + 1 > last && entryTerm === term && isOnMajority(matchIndex, i + 1)) last = i + 1;
      });
      return last;
    },
    "sorted from below": ({ term, log, matchIndex, commit }) => {
      matchIndex.sort((a, b) => a - b);
      const index = matchIndex[Math.ceil(matchIndex.length / 2) - 1];
      return log[index - 1] === term ? Math.max(index, commit) : commit;
    },
    "all candidates, and the highest": ({ term, log, matchIndex, commit }) =>
      Math.max(commit, ...matchIndex.filter((index) => log[index - 1] === term && isOnMajority(matchIndex, index))),
    "terms never decrease in a log": ({ term, log, matchIndex, commit }) => {
      const first = log.indexOf(term) + 1;
      const index = heldByMajority(matchIndex);
      return index >= first ? Math.max(index, commit) : commit;
    },
  },
  wrong: {
    "whatever a majority holds (Figure 8)": [
      ({ matchIndex, commit }) => Math.max(commit, heldByMajority(matchIndex)),
      /but of term 1: by counting, a leader commits only entries of its own term/,
    ],
    "half is a majority": [
      ({ term, log, matchIndex, commit }) => {
        const index = [...matchIndex].sort((a, b) => a - b)[Math.floor(matchIndex.length / 2)];
        return index > commit && log[index - 1] === term ? index : commit;
      },
      /index 1 is on 1 of 2 nodes, and a majority is 2/,
    ],
    "all nodes": [
      ({ term, log, matchIndex, commit }) => {
        const index = Math.min(...matchIndex);
        return log[index - 1] === term ? Math.max(index, commit) : commit;
      },
      /index 1 is on 2 of 3 nodes, a majority, and it is of the leader's own term/,
    ],
    "any node": [({ matchIndex }) => Math.max(...matchIndex), /on 1 of 2 nodes, and a majority is 2/],
    "the commit index goes back": [
      ({ term, log, matchIndex }) => log[heldByMajority(matchIndex) - 1] === term ? heldByMajority(matchIndex) : 0,
      /the commit index never goes back/,
    ],
    "the index is off by one": [
      ({ term, log, matchIndex, commit }) => {
        const index = heldByMajority(matchIndex);
        return index > commit && log[index] === term ? index : commit;
      },
      /Your rule/,
    ],
    "the term of the last entry": [
      ({ term, log, matchIndex, commit }) =>
        log.at(-1) === term ? Math.max(commit, heldByMajority(matchIndex)) : commit,
      /but of term 1: by counting/,
    ],
    "the leader does not count itself": [
      (leader) => commitIndex({ ...leader, matchIndex: leader.matchIndex.slice(1) }),
      /Your rule/,
    ],
    "one index at a time": [
      (leader) => Math.min(leader.commit + 1, commitIndex(leader)),
      /index 2 is on 1 of 1 nodes, a majority/,
    ],
    "indices are sorted as text": [
      ({ term, log, matchIndex, commit }) => {
        const index = [...matchIndex].sort().reverse()[Math.floor(matchIndex.length / 2)];
        return index > commit && log[index - 1] === term ? index : commit;
      },
      /matchIndex is \[1\d.*Your rule/,
    ],
    "never": [({ commit }) => commit, /a majority, and it is of the leader's own term/],
    "no number": [({ log, matchIndex }) => log[matchIndex[1]] - log[9], /answers NaN; an answer is an index/],
    "nothing": [untyped(() => {}), /answers undefined; an answer is an index/],
  },
});
