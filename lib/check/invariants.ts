/**
 * The invariants of Raft: what must hold after every step, whatever happened.
 *
 * Each function is an invariant, or two that belong together. They have numbers: 1 to 5 are the paper's (Figure 3), 6 to 16
 * what they rest on, 17 to 19 those of configurations and reads (`membership_invariants.ts`, `client_invariants.ts`). A
 * violation says which one broke, where, what was expected and what was found.
 *
 * @module
 */
import {
  type ConfState,
  InvariantViolation,
  type MessageType,
  type NodeId,
  type Place,
  type Storage,
  type Term,
  unreachable,
  voteResult,
} from "../raft/mod.ts";
import type { ApplyRow, MessageRow, ReadyRow } from "../trace/rows.ts";
import { isRejection } from "../trace/words.ts";
import { configurationIsFold, leaversDoNotCount, oneChangeAtOnce } from "./membership_invariants.ts";
import { type History, type Look, type Memory, storedTerm, termIn, type View } from "./history.ts";

const text = new TextDecoder();

/** `place` says where it was looked at, what was expected there, and what was found. */
function require(holds: boolean, invariant: string, place: Place): void {
  if (!holds) throw new InvariantViolation(invariant, place);
}

/** Whether it led this term at the last look already. */
function stillLeads({ view: { raft }, before }: Look): boolean {
  return raft.role.kind === "leader" && before?.role === "leader" && before.term === raft.term;
}

/** What must not be forgotten: what was known, or after a crash what was durable. */
function known({ running }: View, before: Memory) {
  return running && !before.running ? before.stored : before;
}

/**
 * Whether these nodes are a majority by the node's own configuration, of each half if that is joint. Whoever is no voter adds nothing.
 * Between two looks it may have been elected, or have committed, by the configuration before, and changed it.
 */
function isQuorum({ view: { raft }, before }: Look, ids: readonly NodeId[]): boolean {
  const has = (confState: ConfState) => voteResult(confState, new Map(ids.map((id) => [id, true]))) === "won";
  return has(raft.confState) || before !== undefined && has(before.confState);
}

/** 1 (paper §5.2). */
function electionSafety({ view: { id, raft: { term, role } }, history }: Look): void {
  if (role.kind !== "leader") return;
  const expected = history.leaderOf.get(term) ?? id;
  require(expected === id, "Election Safety: at most one leader a term", { node: id, term, expected, found: id });
}

/** 1, in cause: who has just been elected has the votes of a majority, given in its term (paper §5.2). */
function electedByMajority(look: Look): void {
  const { view: { id: node, raft: { term, role } }, nodes, history } = look;
  if (role.kind !== "leader" || stillLeads(look)) return;
  const voters = nodes.map(({ id }) => id).filter((id) => history.votes.get(`${term} ${id}`) === node || id === node);
  const invariant = "A leader was elected by a majority of its term";
  require(isQuorum(look, voters), invariant, { node, term, found: `votes of ${voters}` });
}

/** 2 (paper §5.3). */
function leaderAppendOnly(look: Look): void {
  const { view: { id: node, raft, running }, now, before } = look;
  if (!running || before === undefined || !stillLeads(look)) return;
  for (const { index, term: expected } of before.log) {
    const found = index < raft.log.firstIndex() ? expected : termIn(now, index);
    const invariant = "Leader Append-Only: a leader never overwrites or deletes entries in its log";
    require(found === expected, invariant, { node, index, expected, found });
  }
}

/** 3 (paper §5.3), by induction: an entry of one index and term is the same everywhere, and so is the term before it. */
function logMatching({ view: { id: node, raft }, now, before, history }: Look): void {
  const known = before?.log ?? [];
  const shift = (now.at(0)?.index ?? 0) - (known.at(0)?.index ?? 0);
  for (const [i, entry] of now.entries()) {
    // What was there at the last look, after what was there, has been compared.
    if (i > 0 && entry === known[i + shift] && now[i - 1] === known[i + shift - 1]) continue;
    const { index, term, data } = entry;
    const place = `${index} of term ${term}`;
    const previous = i > 0 ? now[i - 1].term : raft.log.term(index - 1);
    if (previous === undefined) continue;
    const found = `${data.length === 0 ? "an empty entry" : text.decode(data)}, after term ${previous}`;
    const expected = history.entries.get(place) ?? found;
    history.entries.set(place, expected);
    const invariant = "Log Matching: equal term at an index means equal prefixes";
    require(found === expected, invariant, { node, index, term, expected, found });
  }
}

/** 4 (paper §5.4.3). Compared with smaller terms only: a leader of a lower term may still be elected late. */
function leaderCompleteness(look: Look): void {
  const { view: { id: node, raft }, now, history } = look;
  if (raft.role.kind !== "leader" || stillLeads(look)) return;
  for (const [index, { term: expected, committedIn }] of history.committed) {
    if (committedIn >= raft.term || index < raft.log.firstIndex()) continue;
    const found = termIn(now, index);
    const invariant = "Leader Completeness: a leader holds every entry committed in a smaller term";
    require(found === expected, invariant, { node, index, term: raft.term, expected, found });
  }
}

/** 5 (paper §5.4.3). */
export function stateMachineSafety({ node, index, term, outcome }: ApplyRow, history: History): void {
  const found = `${term} ${JSON.stringify(outcome)}`;
  const expected = history.applied.get(index) ?? found;
  history.applied.set(index, expected);
  const invariant = "State Machine Safety: no two nodes apply different entries at an index";
  require(found === expected, invariant, { node, index, expected, found });
}

/** 6 (paper §5.1), 7 (paper §5.2). */
export function termAndVoteStay({ view, before }: Look): void {
  if (before === undefined) return;
  const { id: node, raft: { term: found, vote } } = view;
  const { term, vote: given } = known(view, before);
  require(found >= term, "A term never decreases, crashes included", { node, expected: term, found });
  const invariant = "A vote changes only from nobody to somebody within a term, crashes included";
  const stays = term !== found || given === null || vote === given;
  require(stays, invariant, { node, term, expected: given, found: vote });
}

/** 8. */
function commitNeverDecreases({ view, before }: Look): void {
  if (before === undefined) return;
  const { id: node, raft, storage } = view;
  const [expected, found] = [known(view, before).commit, raft.log.committed];
  require(found >= expected, "The commit index never decreases", { node, expected, found });
  const [stored, { commit }] = [before.stored.commit, storage.initialState().hardState];
  const invariant = "The durable commit index never decreases, crashes included";
  require(commit >= stored, invariant, { node, expected: stored, found: commit });
}

/** 9. A node that crashed in the middle of a turn may have stored a snapshot that it has not accounted for yet. */
function indicesInOrder({ view: { id: node, raft, storage, running } }: Look): void {
  if (!running) return;
  const [snapshot, { applied, committed }, last] = [storage.firstIndex() - 1, raft.log, raft.log.lastIndex()];
  require(snapshot <= applied, "The snapshot index is at most the applied index", { node, found: snapshot });
  require(applied <= committed, "The applied index is at most the commit index", { node, found: applied });
  require(committed <= last, "The commit index is at most the last index", { node, found: committed });
}

/** 10 (paper §5.3). */
function termsInOrder({ view: { id: node, raft }, now }: Look): void {
  for (const [i, { index, term }] of now.entries()) {
    require(i === 0 || now[i - 1].term <= term, "Terms in a log never decrease", { node, index });
  }
  require((now.at(-1)?.term ?? 0) <= raft.term, "The last term is at most the current term", { node, term: raft.term });
  const end = raft.log.firstIndex() + now.length;
  require(end === raft.log.lastIndex() + 1, "Log indices are contiguous", { node });
}

/** 11, 13 (paper Figure 2). */
function matchInOrder(look: Look): void {
  const { view: { id: node, raft, storage }, before } = look;
  if (raft.role.kind !== "leader") return;
  for (const { id: peer, matchIndex: found, nextIndex } of raft.role.tracker.values()) {
    require(found < nextIndex, "A leader's match is less than its next", { node, expected: nextIndex, found });
    const expected = stillLeads(look) ? before?.matchIndex.get(peer) ?? 0 : 0;
    require(found >= expected, "A match never decreases within a term", { node, expected, found });
    if (peer !== node) continue;
    const { persisted } = raft.log;
    const isDurable = found === persisted && found <= storage.lastIndex();
    require(isDurable, "A leader's own match is its durable index", { node, expected: persisted, found });
  }
}

/** 12: unless a newer leader has been at work on the peer, which only an outdated leader does not know. */
function matchTellsTheTruth({ view: { id, raft }, nodes }: Look): void {
  if (raft.role.kind !== "leader") return;
  for (const { id: node, matchIndex: index } of raft.role.tracker.values()) {
    const peer = nodes.find((other) => other.id === node);
    if (node === id || peer === undefined || peer.raft.term > raft.term) continue;
    const [expected, found] = [raft.log.term(index), storedTerm(peer.storage, index)];
    const isTrue = expected === undefined || found === "compacted" || found === expected;
    const invariant = "Match tells the truth: the peer's durable log equals the leader's up to match";
    require(isTrue, invariant, { node, index, expected, found });
  }
}

/** 13, of every node: a snapshot on its way to the disk stands for what is before it. */
function durableIsStored({ view: { id: node, raft, storage, running } }: Look): void {
  const { persisted: index, unstable } = raft.log;
  if (!running || index < (unstable.snapshot?.metadata.index ?? 0)) return;
  const [expected, found] = [raft.log.term(index), storedTerm(storage, index)];
  const isStored = found === "compacted" || found === expected;
  require(isStored, "What a node takes for durable is on its disk", { node, index, expected, found });
}

/** 14 (paper §5.4.2): what a leader has just committed. */
export function commitsByQuorum(look: Look): void {
  const { view: { id: node, raft }, before, nodes } = look;
  const index = raft.log.committed;
  if (!stillLeads(look) || before === undefined || index <= before.commit) return;
  const [expected, found] = [raft.term, raft.log.term(index)];
  const ownTerm = "A leader commits only an entry of its current term by counting";
  require(found === expected, ownTerm, { node, index, expected, found });
  const holders = nodes.filter(({ storage }) => ["compacted", expected].includes(storedTerm(storage, index)))
    .map(({ id }) => id);
  require(isQuorum(look, holders), "A leader commits only what a quorum holds durably", {
    node,
    index,
    found: `held by ${holders}`,
  });
}

const AT_ONCE: readonly MessageType[] = [
  "Append",
  "Heartbeat",
  "Snapshot",
  "TimeoutNow",
  "ReadIndexResp",
  "RequestPreVoteResponse",
];

/** 15: which messages need not wait for the disk (thesis §10.2.1); a refusal, or the acknowledgement of nothing, promises nothing. */
export function onlyLeadersDoNotWait({ node, messages, light }: ReadyRow): void {
  for (const message of [...messages, ...light.messages]) {
    const { type } = message;
    const ofNothing = message.type === "AppendResponse" && message.success && message.matchIndex === 0;
    const promisesNothing = AT_ONCE.includes(type) || isRejection(message) || ofNothing;
    require(promisesNothing, DURABLE_FIRST, { node, found: type });
  }
}

const DURABLE_FIRST = "A vote, a vote request or an acknowledgement leaves a node only after it is durable";

/** 15: what a message speaks of is in its sender's storage when it leaves. */
export function durableBeforeSent(row: MessageRow, storage: Storage): void {
  if (row.event !== "sent" || isRejection(row)) return;
  const { hardState: { term, vote } } = storage.initialState();
  const requireStored = (rowTerm: Term, isStored: boolean) => {
    const isDurable = term > rowTerm || (term === rowTerm && isStored);
    require(isDurable, DURABLE_FIRST, { node: row.from, term, found: row.type });
  };
  switch (row.type) {
    case "RequestVote":
      return requireStored(row.term, vote === row.from);
    case "RequestVoteResponse":
      return requireStored(row.term, vote === row.to);
    case "AppendResponse":
      return requireStored(row.term, storage.lastIndex() >= row.matchIndex);
    case "Append":
    case "Heartbeat":
    case "HeartbeatResponse":
    case "Snapshot":
    case "Propose":
    // A pre-vote binds nobody (thesis §9.6), and the rest promises nothing of a disk.
    case "RequestPreVote":
    case "RequestPreVoteResponse":
    case "TimeoutNow":
    case "TransferLeader":
    case "ReadIndex":
    case "ReadIndexResp":
      return;
    default:
      return unreachable(row);
  }
}

/** 16 (paper §5.4): what is committed is the same in all logs, and stays where it is. A crash takes what was not stored. */
function committedStays({ view: { id: node, raft, running }, now, before, history }: Look): void {
  const first = raft.log.firstIndex();
  for (let index = first; index <= raft.log.committed; index++) {
    const found = termIn(now, index);
    const expected = history.committed.has(index) ? history.committed.get(index)?.term : found;
    require(found === expected, "A committed entry is the same on every node", { node, index, expected, found });
  }
  if (before === undefined) return;
  const isBack = running && !before.running;
  const last = Math.min(isBack ? before.persisted : before.log.at(-1)?.index ?? 0, history.lastCommitted);
  for (let index = first; index <= last; index++) {
    const [expected, found] = [history.committed.get(index)?.term, termIn(now, index)];
    const held = expected !== undefined && termIn(before.log, index) === expected;
    require(!held || found === expected, "No committed entry is ever truncated", { node, index, expected, found });
  }
}

/** An invariant that a look at a node decides; it throws where it does not hold. */
export type Invariant = (look: Look) => void;

/** Those that a look at a node decides; 5 and 15 are decided by what happens. */
export const INVARIANTS: readonly Invariant[] = [
  electionSafety,
  electedByMajority,
  leaderAppendOnly,
  logMatching,
  leaderCompleteness,
  termAndVoteStay,
  commitNeverDecreases,
  indicesInOrder,
  termsInOrder,
  matchInOrder,
  matchTellsTheTruth,
  durableIsStored,
  commitsByQuorum,
  committedStays,
  oneChangeAtOnce,
  configurationIsFold,
  leaversDoNotCount,
];
