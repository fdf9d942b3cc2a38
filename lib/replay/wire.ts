/**
 * The library's words in the crate's: how states, `Ready`s and messages stand in a recorded run.
 *
 * In the crate nobody is 0, and a message has the fields of all messages, 0 where they mean nothing.
 *
 * @module
 */
import { promotable } from "../raft/state.ts";
import type { Entry, HardState, LightReady, Message, RawNode, Ready, Snapshot } from "../raft/mod.ts";

/** A value as it stands in a recorded run. */
export type Wire = Readonly<Record<string, unknown>>;

const text = new TextDecoder();

function wireEntry({ term, index, data }: Entry): Wire {
  return { data: text.decode(data), index, term, type: "normal" };
}

function wireSnapshot({ metadata: { index, term, confState } }: Snapshot): Wire {
  return { index, term, confState };
}

function wireHardState({ term, vote, commit }: HardState): Wire {
  return { term, vote: vote ?? 0, commit };
}

/** A message, with the id it was given. */
export function wireMessage(message: Message, id?: number): Wire {
  const { from, to, type } = message;
  return { ...NO_FIELDS, ...ownFields(message), from, to, type: `Msg${type}`, ...(id === undefined ? {} : { id }) };
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
  term: 0,
};

function ownFields(message: Message): Wire {
  switch (message.type) {
    case "RequestVote": {
      const { term, lastLogIndex: index, lastLogTerm: logTerm, commit, commitTerm } = message;
      return { term, index, logTerm, commit, commitTerm };
    }
    case "RequestVoteResponse":
      if (message.voteGranted) return { term: message.term };
      return { term: message.term, reject: true, commit: message.commit, commitTerm: message.commitTerm };
    case "Append": {
      const { term, prevLogIndex: index, prevLogTerm: logTerm, leaderCommit: commit, entries } = message;
      return { term, index, logTerm, commit, entries: entries.map(wireEntry) };
    }
    case "AppendResponse": {
      const { term, commit } = message;
      if (message.success) return { term, commit, index: message.matchIndex };
      const { prevLogIndex: index, hint } = message;
      return { term, commit, index, reject: true, rejectHint: hint.index, logTerm: hint.term };
    }
    case "Heartbeat":
      return { term: message.term, commit: message.leaderCommit };
    case "HeartbeatResponse":
      return { term: message.term, commit: message.commit };
    case "Snapshot":
      return { term: message.term, snapshot: wireSnapshot(message.snapshot) };
    case "Propose":
      return { entries: message.proposals.map((data) => wireEntry({ type: "command", term: 0, index: 0, data })) };
  }
}

/** A `Ready`, without its messages. */
export function wireReady(ready: Ready): Wire {
  return {
    ...(ready.ss === null ? {} : { ss: { leader: ready.ss.leaderId ?? 0, role: ready.ss.raftState } }),
    ...(ready.hs === null ? {} : { hs: wireHardState(ready.hs) }),
    ...(ready.snapshot === null ? {} : { snapshot: wireSnapshot(ready.snapshot) }),
    entries: ready.entries.map(wireEntry),
    committedEntries: ready.committedEntries.map(wireEntry),
    mustSync: ready.mustSync,
  };
}

/** A `LightReady`, without its messages. */
export function wireLight(light: LightReady): Wire {
  return {
    ...(light.commitIndex === null ? {} : { commitIndex: light.commitIndex }),
    committedEntries: light.committedEntries.map(wireEntry),
  };
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

function wireLeader(leader: Extract<RawNode["raft"]["role"], { kind: "leader" }>): Wire {
  const progress = Array.from(leader.tracker.values(), (pr): Wire => ({
    id: pr.id,
    match: pr.matchIndex,
    next: pr.nextIndex,
    state: pr.state.kind,
    paused: pr.isPaused(),
    pendingSnapshot: pr.state.kind === "snapshot" ? pr.state.pendingSnapshot : 0,
    recentActive: pr.recentActive,
    inflightFull: pr.inflightFull(),
  }));
  return { heartbeatElapsed: leader.heartbeatElapsed, leadTransferee: 0, progress };
}
