import { match, strictEqual } from "node:assert/strict";
import { checkChooseMessage, checkTakeSnapshot, type ChooseMessage, type TakeSnapshot } from "./snapshots.ts";

Deno.test("Append or Snapshot: it is decided by the entry, written in several ways", () => {
  const right: ChooseMessage[] = [
    ({ firstIndex }, nextIndex) => nextIndex < firstIndex ? "Snapshot" : "Append",
    ({ firstIndex }, nextIndex) => nextIndex >= firstIndex ? "Append" : "Snapshot",
    ({ firstIndex }, nextIndex) => nextIndex - 1 < firstIndex - 1 ? "Snapshot" : "Append",
    ({ firstIndex, lastIndex }, nextIndex) =>
      nextIndex > lastIndex || nextIndex - firstIndex >= 0 ? "Append" : "Snapshot",
    ({ firstIndex }, nextIndex) => {
      const compacted = firstIndex - 1;
      return compacted >= nextIndex ? "Snapshot" : "Append";
    },
  ];
  for (const rule of right) strictEqual(checkChooseMessage(rule), null, `${rule}`);
});

Deno.test("Append or Snapshot: one too many, one too few, always the same, and by the wrong end of the log", () => {
  const wrong: [rule: ChooseMessage, says: RegExp][] = [
    [
      ({ firstIndex }, nextIndex) => nextIndex <= firstIndex ? "Snapshot" : "Append",
      /nextIndex is 1. You send Snapshot/,
    ],
    [
      ({ firstIndex }, nextIndex) => nextIndex <= firstIndex && firstIndex > 1 ? "Snapshot" : "Append",
      /whose term the snapshot keeps/,
    ],
    [({ firstIndex }, nextIndex) => nextIndex < firstIndex - 1 ? "Snapshot" : "Append", /entry 1 is compacted/],
    [() => "append" as "Append", /You say append: the answer must be "Append" or "Snapshot"/],
    [() => "Append", /begins at index 2 and ends at 2; nextIndex is 1/],
    [() => "Snapshot", /You send Snapshot; it is Append/],
    [({ lastIndex }, nextIndex) => nextIndex > lastIndex ? "Append" : "Snapshot", /it is Append/],
    [({ firstIndex }) => firstIndex > 1 ? "Snapshot" : "Append", /entry 2, which the Append names, is in the log/],
  ];
  for (const [rule, says] of wrong) match(checkChooseMessage(rule) ?? "right", says, `${rule}`);
});

Deno.test("a snapshot arrives: an old one, one that agrees, one that does not, in several ways", () => {
  const right: TakeSnapshot[] = [
    ({ terms, commit }, { index, term }) => index <= commit ? "ignore" : terms[index - 1] === term ? "keep" : "replace",
    ({ terms, commit }, { index, term }) => {
      if (index < commit) return "ignore";
      return terms[index - 1] === term ? "keep" : "replace";
    },
    // The paper's rule: an old snapshot agrees, and takes back no commit index.
    ({ terms }, { index, term }) => terms.at(index - 1) === term && index <= terms.length ? "keep" : "replace",
    ({ terms, commit }, { index, term }) => {
      const holds = terms.some((its, i) => i + 1 === index && its === term);
      if (!holds) return "replace";
      return index > commit ? "keep" : "ignore";
    },
    // At the end of the log the snapshot stands for all of it.
    ({ terms, commit }, { index, term }) => {
      if (index <= commit) return "ignore";
      return terms[index - 1] === term && index < terms.length ? "keep" : "replace";
    },
  ];
  for (const rule of right) strictEqual(checkTakeSnapshot(rule), null, `${rule}`);
});

Deno.test("a snapshot arrives: what forgets, what trusts too much, and what goes by length or term alone", () => {
  const wrong: [rule: TakeSnapshot, says: RegExp][] = [
    [() => "ignore", /log is empty; .* goes on without what is committed/],
    [() => "keep", /log is empty; .* missing/],
    [() => "replace", /throws away entries behind the snapshot/],
    [({ commit }, { index }) => index <= commit ? "ignore" : "replace", /throws away entries/],
    [({ terms }, { index }) => index > terms.length ? "replace" : "keep", /are not the leader's/],
    [({ terms }, { index }) => index <= terms.length ? "ignore" : "replace", /does not learn|goes on without/],
    [({ terms }, { term }) => terms.includes(term) ? "keep" : "replace", /missing/],
    [({ terms }, { index, term }) => terms[index] === term ? "keep" : "replace", /throws away|missing/],
    [
      ({ commit, terms }, { index, term }) => index < commit || terms[index - 1] !== term ? "replace" : "keep",
      /takes back/,
    ],
  ];
  for (const [rule, says] of wrong) match(checkTakeSnapshot(rule) ?? "right", says, `${rule}`);
});
