import { checkAppend, type ReceiveAppend } from "./append.ts";
import { testChecker, untyped } from "./exercise_cases.ts";
import { receiveAppend } from "./rules_cases.ts";

/** Whether the entry before the Append's own is there. */
const fits: (...given: Parameters<ReceiveAppend>) => boolean = (log, { prevLogIndex, prevLogTerm }) =>
  prevLogIndex === 0 || log[prevLogIndex - 1] === prevLogTerm;

testChecker<ReceiveAppend>("the receiver", {
  check: checkAppend,
  right: {
    "up to the first entry that differs": receiveAppend,
    "entry by entry, in place": (log, append) => {
      if (!fits(log, append)) return null;
      append.entries.forEach((term, i) => {
        const at = append.prevLogIndex + i;
        if (log[at] !== term) log.splice(at, Infinity, term);
      });
      return log;
    },
    "by whether there is a conflict": (log, { prevLogIndex, prevLogTerm, entries }) => {
      if (prevLogIndex > log.length || (log[prevLogIndex - 1] ?? 0) !== prevLogTerm) return null;
      const there = log.slice(prevLogIndex, prevLogIndex + entries.length);
      const conflicts = there.some((term, i) => term !== entries[i]);
      const kept = conflicts ? [] : log.slice(prevLogIndex + entries.length);
      return [...log.slice(0, prevLogIndex), ...entries, ...kept];
    },
    "by the last new entry: if it is there, all before it is": (log, append) => {
      if (!fits(log, append)) return null;
      const { prevLogIndex, entries } = append;
      const isThere = log.length >= prevLogIndex + entries.length &&
        (entries.length === 0 || log[prevLogIndex + entries.length - 1] === entries.at(-1));
      return isThere ? log : log.slice(0, prevLogIndex).concat(entries);
    },
    "with a loop": (log, append) => {
      if (!fits(log, append)) return null;
      let i = 0;
      while (i < append.entries.length && log[append.prevLogIndex + i] === append.entries[i]) i++;
      if (i === append.entries.length) return log;
      log.length = append.prevLogIndex + i;
      log.push(...append.entries.slice(i));
      return log;
    },
  },
  wrong: {
    "remove everything after prevLogIndex": [
      (log, append) => fits(log, append) ? [...log.slice(0, append.prevLogIndex), ...append.entries] : null,
      /no entries\. Your rule answers \[\] \(empty\); Raft answers \[1\]: .* an Append may be late, and shorter than the log/,
    ],
    "keep all that is there": [
      (log, append) => fits(log, append) ? [...log, ...append.entries.slice(log.length - append.prevLogIndex)] : null,
      /the log's entry at index 1 conflicts with the leader's: it and all that follow it are removed/,
    ],
    "replace entries, and keep what follows a conflict": [
      (log, append) => {
        if (!fits(log, append)) return null;
        append.entries.forEach((term, i) => log[append.prevLogIndex + i] = term);
        return log;
      },
      /conflicts with the leader's: it and all that follow it are removed/,
    ],
    "no check": [
      (log, append) => receiveAppend(log, { ...append, prevLogIndex: 0 }),
      /Raft refuses it: the log has no entry at index 1/,
    ],
    "only whether there is an entry": [
      (log, append) =>
        log.length < append.prevLogIndex
          ? null
          : receiveAppend(log, { ...append, prevLogTerm: log[append.prevLogIndex - 1] ?? 0 }),
      /Raft refuses it: the log's entry of term 2 stands at index 1, and the leader's is of term 1/,
    ],
    "index 0 is looked up": [
      (log, append) => log[append.prevLogIndex - 1] === append.prevLogTerm ? receiveAppend(log, append) : null,
      /the place before the first entry is in every log/,
    ],
    "indices begin at 0": [
      (log, append) => log[append.prevLogIndex] === append.prevLogTerm ? receiveAppend(log, append) : null,
      /Your rule/,
    ],
    "always at the end": [(log, { entries }) => [...log, ...entries], /Your rule/],
    "a refused Append removes": [
      (log, append) => fits(log, append) ? receiveAppend(log, append) : [],
      /Raft refuses it/,
    ],
    "always no": [() => null, /Your rule refuses it/],
    "no answer": [
      untyped((log: number[]) => void log.push(1)),
      /answers undefined; an answer is a list of terms, or null/,
    ],
  },
});
