/**
 * The invariants that all nodes together decide.
 *
 * @module
 */
import { assert, type Index, majority, type Storage, StorageError, type Term } from "../raft/mod.ts";
import { endOf, type History, type LogCopy, type Memory, termIn, type View } from "./history.ts";

/** 3 (paper §5.3), by induction: an entry of one index and term is the same everywhere, and so is the term before it. */
export function logMatching({ raft }: View, now: LogCopy, history: History): void {
  if (now.terms.length === 0) return;
  const entries = raft.log.slice(now.firstIndex, endOf(now), Infinity);
  for (const [i, { index, term, data }] of entries.entries()) {
    const place = `${index} of term ${term}`;
    const previous = i > 0 ? entries[i - 1].term : raft.log.term(index - 1);
    const content = `${data.join(",")} after ${previous}`;
    const known = history.entries.get(place);
    if (known === undefined && previous !== undefined) history.entries.set(place, content);
    const same = known === undefined || previous === undefined || known === content;
    assert(same, "Log Matching: equal term at an index means equal prefixes");
  }
}

/** 4 (paper §5.4.3). Compared with smaller terms only: a leader of a lower term may still be elected late. */
export function leaderCompleteness({ raft }: View, now: LogCopy, before: Memory | undefined, history: History): void {
  const isNew = raft.role.kind === "leader" && (before?.role !== "leader" || before.term !== raft.term);
  if (!isNew) return;
  for (const [index, { term, committedIn }] of history.committed) {
    if (committedIn >= raft.term || index < now.firstIndex) continue;
    assert(
      termIn(now, index) === term,
      "Leader Completeness: a leader holds every entry committed in a smaller term",
    );
  }
}

/** 12: unless a newer leader has been at work on the peer, which only an outdated leader does not know. */
export function matchTellsTheTruth({ id, raft }: View, peers: readonly View[]): void {
  if (raft.role.kind !== "leader") return;
  for (const { id: peer, matchIndex } of raft.role.tracker.values()) {
    const view = peers.find((other) => other.id === peer);
    if (peer === id || view === undefined || view.raft.term > raft.term) continue;
    const [own, stored] = [raft.log.term(matchIndex), storedTerm(view.storage, matchIndex)];
    assert(
      own === undefined || stored === "compacted" || stored === own,
      "Match tells the truth: the peer's durable log equals the leader's up to match",
    );
  }
}

/** 14 (paper §5.4.2): what a leader has just committed. */
export function commitsByQuorum({ raft }: View, before: Memory | undefined, peers: readonly View[]): void {
  const index = raft.log.committed;
  const { role } = raft;
  if (role.kind !== "leader" || before?.role !== "leader" || before.term !== raft.term || index <= before.commit) {
    return;
  }
  const term = raft.log.term(index);
  assert(term === raft.term, "A leader commits only an entry of its current term by counting");
  const holders = peers.filter(({ storage }) => {
    const stored = storedTerm(storage, index);
    return stored === "compacted" || stored === term;
  });
  assert(holders.length >= majority(peers.length), "A leader commits only what a quorum holds durably");
}

/** 16 (paper §5.4): what is committed is the same in all logs, and stays where it is. A crash takes what was not stored. */
export function committedStays(
  { raft, running }: View,
  now: LogCopy,
  before: Memory | undefined,
  history: History,
): void {
  for (let index = now.firstIndex; index <= raft.log.committed; index++) {
    const known = history.committed.get(index);
    const same = known === undefined || termIn(now, index) === known.term;
    assert(same, "A committed entry is the same on every node");
  }
  if (before === undefined) return;
  const restarted = running && !before.running;
  const last = Math.min(restarted ? before.persisted : endOf(before.log) - 1, history.lastCommitted);
  for (let index = now.firstIndex; index <= last; index++) {
    const known = history.committed.get(index);
    const held = known !== undefined && termIn(before.log, index) === known.term;
    assert(!held || termIn(now, index) === known.term, "No committed entry is ever truncated");
  }
}

function storedTerm(storage: Storage, index: Index): Term | "compacted" | "missing" {
  try {
    return storage.term(index);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return error.kind === "Compacted" ? "compacted" : "missing";
  }
}
