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
import { decodeConfChange } from "../raft/mod.ts";

/** A value as it stands in a recorded run. */
export type Wire = Readonly<Record<string, unknown>>;

const text = new TextDecoder();

function wireEntries(entries: readonly Entry[]): Wire[] {
  return entries.map(({ type, term, index, data }) =>
    type === "configuration"
      ? { confChange: decodeConfChange(data), index, term, type: "confChange" }
      : { data: text.decode(data), index, term, type: "normal" }
  );
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
  const term = "term" in message ? message.term : 0;
  return { ...NO_FIELDS, id, type: `Msg${type}`, from, to, term, ...ownFields(message) };
}

function ownFields(m: Message): Wire {
  switch (m.type) {
    case "RequestVote":
    case "RequestPreVote": {
      const { lastLogIndex: index, lastLogTerm: logTerm, commit, commitTerm } = m;
      return { index, logTerm, commit, commitTerm, context: "transfer" in m ? "CampaignTransfer" : "" };
    }
    case "RequestVoteResponse":
    case "RequestPreVoteResponse":
      return m.voteGranted ? {} : { reject: true, commit: m.commit, commitTerm: m.commitTerm };
    case "Append":
      return { index: m.prevLogIndex, logTerm: m.prevLogTerm, commit: m.leaderCommit, entries: wireEntries(m.entries) };
    case "AppendResponse":
      if (m.success) return { commit: m.commit, index: m.matchIndex };
      return { commit: m.commit, index: m.prevLogIndex, reject: true, rejectHint: m.hint.index, logTerm: m.hint.term };
    case "Heartbeat":
      return { commit: m.leaderCommit, context: text.decode(m.read?.context) };
    case "HeartbeatResponse":
      return { commit: m.commit, context: text.decode(m.read?.context) };
    case "Snapshot":
      return { snapshot: wireSnapshot(m.snapshot) };
    case "Propose": {
      const type = m.entryType ?? "command";
      return { entries: wireEntries(m.proposals.map((data) => ({ type, term: 0, index: 0, data }))) };
    }
    case "TimeoutNow":
      return {};
    case "TransferLeader":
      return { from: m.transferee };
    case "ReadIndex":
      return { entries: [wireRead(m.context)] };
    case "ReadIndexResp":
      return { index: m.index, entries: [wireRead(m.context)] };
  }
}

/** The crate carries the context of a read as an entry. */
function wireRead(context: Uint8Array): Wire {
  return { data: text.decode(context), index: 0, term: 0, type: "normal" };
}

/** A `Ready`, without its messages. */
export function wireReady({ ss, hs, readStates, snapshot, entries, committedEntries, mustSync }: Ready): Wire {
  const reads = readStates.map(({ context, index }) => ({ context: text.decode(context), index }));
  return {
    readStates: reads.length === 0 ? undefined : reads,
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

function wireLeader({ tracker, heartbeatElapsed, leadTransferee }: Leader): Wire {
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
  return { heartbeatElapsed, leadTransferee: leadTransferee ?? 0, progress };
}
