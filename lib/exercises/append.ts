/**
 * The reader writes the receiver of Append (paper §5.3; Figure 2, AppendEntries RPC, receiver 2 to 4).
 *
 * @module
 */
import type { Index, Term } from "../raft/mod.ts";
import { entriesOf, firstDifferenceOf, grown, isCount, range, seededCases, server, termsOf } from "./cases.ts";

/** What an Append says of the leader's log. */
export interface AppendView {
  /** The index of the entry before `entries`; 0 is the place before the first one. */
  readonly prevLogIndex: Index;
  /** Its term; 0 at index 0. */
  readonly prevLogTerm: Term;
  /** The terms of the entries that follow it; may be none. */
  readonly entries: Term[];
}

/** A follower's log, term by term (`log[i - 1]` is at index i), after an Append; `null` if it is refused. */
export type ReceiveAppend = (log: Term[], append: AppendView) => Term[] | null;

type Case = readonly [log: Term[], append: AppendView];

/**
 * Compare a receiver of Append with the library's.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkAppend, exercise } from "hello-raft";
 *
 * exercise("the receiver", (log, { entries }) => [...log, ...entries], checkAppend); // not yet, and why
 * ```
 */
export function checkAppend(attempt: ReceiveAppend): string | null {
  return firstDifferenceOf<Case, Term[] | null>(([log, append]) => attempt(log, append), {
    cases: cases(),
    right: ([log, append]) => logAfter(log, append),
    kind: "a list of terms, or null",
    isAnswer: (said) => said === null || (Array.isArray(said) && said.every(isCount)),
    told: ([log, { prevLogIndex, prevLogTerm, entries }]) =>
      `The follower's log is ${termsOf(log)}. An Append has prevLogIndex ${prevLogIndex}, prevLogTerm ${prevLogTerm} ` +
      `and ${entries.length === 0 ? "no entries" : `entries of terms ${termsOf(entries)}`}.`,
    does: (log) => log === null ? "refuses it" : `answers ${termsOf(log)}`,
    why,
  });
}

function why([log, { prevLogIndex, prevLogTerm, entries }]: Case, said: Term[] | null, right: Term[] | null): string {
  if (right === null) {
    const found = log[prevLogIndex - 1];
    const there = found === undefined ? "the log has no entry" : `the log's entry of term ${found} stands`;
    return `${there} at index ${prevLogIndex}, and the leader's is of term ${prevLogTerm}`;
  }
  if (said === null) {
    return prevLogIndex === 0
      ? "the place before the first entry is in every log"
      : "the entry before its own is there";
  }
  const conflict = entries.findIndex((term, i) => term !== (log[prevLogIndex + i] ?? term));
  if (conflict < 0 && said.length < right.length && right.length === log.length) {
    return "nothing in it conflicts with the log, so nothing is removed: an Append may be late, and shorter than the log";
  }
  if (conflict < 0) return "what the log has already stays, and what it lacks is appended";
  const index = prevLogIndex + conflict + 1;
  return `the log's entry at index ${index} conflicts with the leader's: it and all that follow it are removed`;
}

/** Two logs that Raft allows (Log Matching): where index and term are equal, everything before is. */
function mayCoexist(one: readonly Term[], other: readonly Term[]): boolean {
  const common = one.findIndex((term, i) => term !== other[i]);
  return common < 0 || one.every((term, i) => i < common || term !== other[i]);
}

/** Every Append that the leader of one log may send to the follower with another. */
const cases = () =>
  seededCases(3, 250, (random): Case[] => {
    const shared = grown([], 3, random);
    const [log, other] = [grown(shared, 4, random), grown(shared, 4, random)];
    const leader = mayCoexist(log, other) ? other : shared;
    return range(0, leader.length).flatMap((prevLogIndex) =>
      range(prevLogIndex, leader.length).map((end): Case => [
        log,
        { prevLogIndex, prevLogTerm: leader[prevLogIndex - 1] ?? 0, entries: leader.slice(prevLogIndex, end) },
      ])
    );
  });

/** The terms in the log of a follower of the library after an Append; `null` if it refuses it. */
export function logAfter(log: readonly Term[], { prevLogIndex, prevLogTerm, entries }: AppendView): Term[] | null {
  const term = Math.max(1, log.at(-1) ?? 0, prevLogTerm, ...entries);
  const { node, node: { raft } } = server({ log, term });
  const sent = entriesOf(entries, prevLogIndex + 1);
  node.step({ type: "Append", from: 2, to: 1, term, prevLogIndex, prevLogTerm, entries: sent, leaderCommit: 0 });
  const isRefused = raft.messages.some((message) => message.type === "AppendResponse" && !message.success);
  return isRefused ? null : range(1, raft.log.lastIndex()).map((index) => raft.log.term(index) ?? 0);
}
