/**
 * The library's words in the crate's: how states, `Ready`s and messages stand in a recorded run.
 *
 * In the crate nobody is 0, and a message has the fields of all messages, 0 where they mean nothing. Where a recorded run
 * leaves a field out, the field is `undefined` here.
 *
 * @module
 */
import { promotable } from "../raft/state.ts";
import type { Entry, HardState, Leader, LightReady, Message, RawNode, Ready, Snapshot } from "../raft/mod.ts";

/** A value as it stands in a recorded run. */
export type Wire = Readonly<Record<string, unknown>>;

const text = new TextDecoder();

function wireEntries(entries: readonly Entry[]): Wire[] {
  return entries.map(({ term, index, data }) => ({ data: text.decode(data), index, term, type: "normal" }));
}

function wireSnapshot({ metadata: { index, term, confState } }: Snapshot): Wire {
  return { index, term, confState };
}

function wireHardState({ term, vote, commit }: HardState): Wire {
  return { term, vote: vote ?? 0, commit };
}

const NO_FIELDS: Wire = {
  commit: 0,
  commitTerm: 0,
  context: "",
  entries: [],
  index: 0,
  logTerm: 0,
  reject: false,
  rejectHint: 0,
};

/** A message, with the id it was given. */
export function wireMessage(message: Message, id?: number): Wire {
  const { from, to, type } = message;
  const term = message.type === "Propose" ? 0 : message.term;
  return { ...NO_FIELDS, ...ownFields(message), id, type: `Msg${type}`, from, to, term };
}

function ownFields(m: Message): Wire {
  switch (m.type) {
    case "RequestVote":
      return { index: m.lastLogIndex, logTerm: m.lastLogTerm, commit: m.commit, commitTerm: m.commitTerm };
    case "RequestVoteResponse":
      return m.voteGranted ? {} : { reject: true, commit: m.commit, commitTerm: m.commitTerm };
    case "Append":
      return { index: m.prevLogIndex, logTerm: m.prevLogTerm, commit: m.leaderCommit, entries: wireEntries(m.entries) };
    case "AppendResponse":
      if (m.success) return { commit: m.commit, index: m.matchIndex };
      return { commit: m.commit, index: m.prevLogIndex, reject: true, rejectHint: m.hint.index, logTerm: m.hint.term };
    case "Heartbeat":
      return { commit: m.leaderCommit };
    case "HeartbeatResponse":
      return { commit: m.commit };
    case "Snapshot":
      return { snapshot: wireSnapshot(m.snapshot) };
    case "Propose":
      return { entries: wireEntries(m.proposals.map((data) => ({ type: "command", term: 0, index: 0, data }))) };
  }
}

/** A `Ready`, without its messages. */
export function wireReady({ ss, hs, snapshot, entries, committedEntries, mustSync }: Ready): Wire {
  return {
    ss: ss === null ? undefined : { leader: ss.leaderId ?? 0, role: ss.raftState },
    hs: hs === null ? undefined : wireHardState(hs),
    snapshot: snapshot === null ? undefined : wireSnapshot(snapshot),
    entries: wireEntries(entries),
    committedEntries: wireEntries(committedEntries),
    mustSync,
  };
}

/** A `LightReady`, without its messages. */
export function wireLight({ commitIndex, committedEntries }: LightReady): Wire {
  return { commitIndex: commitIndex ?? undefined, committedEntries: wireEntries(committedEntries) };
}

/** The state of a node. */
export function wireState(node: RawNode): Wire {
  const { raft } = node;
  const { hs, ss, applied, firstIndex, lastIndex, persisted } = node.status();
  return {
    ...wireHardState(hs),
    role: ss.raftState,
    leader: ss.leaderId ?? 0,
    applied,
    firstIndex,
    lastIndex,
    persisted,
    lastTerm: raft.log.lastTerm(),
    confState: raft.confState,
    electionElapsed: raft.electionElapsed,
    hasReady: node.hasReady(),
    promotable: promotable(raft),
    ...(raft.role.kind === "leader" ? wireLeader(raft.role) : {}),
  };
}

function wireLeader({ tracker, heartbeatElapsed }: Leader): Wire {
  const progress = Array.from(tracker.values(), (pr): Wire => ({
    id: pr.id,
    match: pr.matchIndex,
    next: pr.nextIndex,
    state: pr.state.kind,
    paused: pr.isPaused(),
    pendingSnapshot: pr.state.kind === "snapshot" ? pr.state.pendingSnapshot : 0,
    recentActive: pr.recentActive,
    inflightFull: pr.inflightFull(),
  }));
  return { heartbeatElapsed, leadTransferee: 0, progress };
}
