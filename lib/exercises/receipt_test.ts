import { testChecker, untyped } from "./exercise_cases.ts";
import { checkFate, type Fate } from "./receipt.ts";

testChecker<Fate>("a proposal's fate", {
  check: checkFate,
  right: {
    "the commit index first": ({ index, term }, commit, there) => {
      if (commit < index) return "unknown";
      return there === term ? "committed" : "lost";
    },
    "in one expression": ({ index, term }, commit, there) =>
      index > commit ? "unknown" : term === there ? "committed" : "lost",
    "each by itself": (receipt, commit, there) => {
      if (commit >= receipt.index && there === receipt.term) return "committed";
      if (commit >= receipt.index && there !== receipt.term) return "lost";
      return "unknown";
    },
    "by what is decided": ({ index, term }, commit, there) => {
      const decided = commit - index >= 0 ? there : null;
      return decided === null ? "unknown" : decided - term === 0 ? "committed" : "lost";
    },
    "a list of answers": ({ index, term }, commit, there) =>
      ["unknown", "lost", "committed"][Number(commit >= index) + Number(commit >= index && there === term)],
  },
  wrong: {
    "the index alone": [
      ({ index }, commit) => commit >= index ? "committed" : "unknown",
      /says lost: index 5 is committed/,
    ],
    "any log": [
      ({ term }, _commit, there) => there === term ? "committed" : "unknown",
      /Your rule says unknown; Raft says lost/,
    ],
    "too soon": [
      ({ index, term }, commit, there) =>
        there !== null && there !== term ? "lost" : commit >= index ? "committed" : "unknown",
      /Raft says unknown: another entry is there, and not known to be committed/,
    ],
    "a lower term there decides nothing": [
      ({ index, term }, commit, there) => {
        if (commit < index) return "unknown";
        return there === term ? "committed" : Number(there) > term ? "lost" : "unknown";
      },
      /an entry of term 1 at index 5\. Your rule says unknown; Raft says lost/,
    ],
    "only the index itself": [
      ({ index, term }, commit, there) => commit !== index ? "unknown" : there === term ? "committed" : "lost",
      /everything up to a commit index is committed/,
    ],
    "one index too far": [
      ({ index, term }, commit, there) => commit <= index ? "unknown" : there === term ? "committed" : "lost",
      /Your rule says unknown; Raft says committed/,
    ],
    "missing is lost": [
      ({ index, term }, commit, there) =>
        there === null ? "lost" : commit < index ? "unknown" : there === term ? "committed" : "lost",
      /our entry may still be on its way to this node, or lost with its leader/,
    ],
    "one receipt by heart": [
      (_receipt, commit, there) => commit < 5 ? "unknown" : there === 2 ? "committed" : "lost",
      /The receipt says index 3, term 4/,
    ],
    "another word": [untyped(() => "done"), /answers done; an answer is "committed", "lost" or "unknown"/],
  },
});
