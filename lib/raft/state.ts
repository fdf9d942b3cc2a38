/**
 * The variables of one Raft peer (paper Figure 2); crate item `raft::Raft`.
 *
 * Plain data, over which the rules are functions. A role carries the variables that only it has, so a follower has no
 * votes to count and a candidate no followers to track. Roles and terms change in `roles.ts` alone.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { isWhole } from "./check_message.ts";
import type { Config } from "./config.ts";
import { isVoter } from "./configuration.ts";
import { RaftLog } from "./log.ts";
import type { Message, ReadRound } from "./message.ts";
import type { Progress, ProgressTracker } from "./progress.ts";
import { drawInt, type RandomState } from "./random.ts";
import type { Storage } from "./storage.ts";
import type { ConfState, HardState, Index, NodeId, ReadState, SoftState, Term, Ticks } from "./types.ts";

/** Answers leaders and candidates, and sends no requests of its own (§5.2). */
export interface Follower {
  /** Which role it is. */
  readonly kind: "follower";
  /** The leader of the term; `null` is nobody known. */
  readonly leaderId: NodeId | null;
}

/** Asks whether it could win an election (thesis §9.6). */
export interface PreCandidate {
  /** Which role it is. */
  readonly kind: "preCandidate";
  /** The answers so far, its own among them. */
  readonly votes: Map<NodeId, boolean>;
}

/** Asks for votes (§5.2). */
export interface Candidate {
  /** Which role it is. */
  readonly kind: "candidate";
  /** The answers so far, its own among them. */
  readonly votes: Map<NodeId, boolean>;
}

/** A read that waits for the answers to heartbeats (thesis §6.4). */
export interface PendingRead extends ReadRound {
  /** The node that wants to read. */
  readonly from: NodeId;
  /** The leader's commit index when it was asked. */
  readonly index: Index;
  /** Whose answers have come, the leader's own among them. */
  readonly acks: Map<NodeId, true>;
}

/** Appends, replicates and commits (§5.3). */
export interface Leader {
  /** Which role it is. */
  readonly kind: "leader";
  /** What the leader knows of every node. */
  tracker: ProgressTracker;
  /** Ticks since the leader's last heartbeats. */
  heartbeatElapsed: Ticks;
  /** Bytes of data the leader has appended and not yet handed over as committed. */
  uncommittedSize: number;
  /** The leader's last index when it was elected: older entries do not count for `uncommittedSize`. */
  readonly electedAt: Index;
  /** No change of the configuration is proposed before this index is applied: there may be one in the log up to it. */
  pendingConfIndex: Index;
  /** The node that is to lead in this one's place; `null` is nobody. */
  leadTransferee: NodeId | null;
  /** Whether a node was told to campaign in this term: from then on there is no lease. */
  timeoutNowSent: boolean;
  /** Its ticks since it was elected, from 1. */
  ticks: Ticks;
  /** The reads that wait for answers to heartbeats, the oldest first. */
  pendingReads: readonly PendingRead[];
  /** The rounds of heartbeats that reads have begun. */
  readRounds: number;
}

/** What a peer is at the moment, with the variables of that role. */
export type Role = Follower | PreCandidate | Candidate | Leader;

/** One Raft peer. */
export interface Raft {
  /** Its parameters. */
  readonly config: Config;
  /** Its identity. */
  readonly id: NodeId;
  /** Its log. */
  readonly log: RaftLog;
  /** Who belongs to the cluster. */
  confState: ConfState;
  /** The latest term it has seen. */
  term: Term;
  /** Whom it voted for in `term`. */
  vote: NodeId | null;
  /** What it is at the moment. */
  role: Role;
  /** The election timer: ticks since the peer last heard from a leader, granted a vote or began an election. */
  electionElapsed: Ticks;
  /** The election timer runs out here; drawn anew whenever a role begins. */
  randomizedElectionTimeout: Ticks;
  /** Where the sequence of random numbers stands. */
  random: RandomState;
  /** As in its parameters; may be changed later. */
  fixedTimeout: Ticks | null;
  /** Ticks in which it votes for nobody, for what it may have promised before it was started again. */
  boundFor: Ticks;
  /** Messages that have not been handed over yet. */
  messages: Message[];
  /** Reads that may be answered, and have not been handed over yet. */
  readStates: ReadState[];
}

/**
 * A peer as it is after a start: a follower with what its storage holds.
 *
 * @throws {InvariantViolation} if the storage contradicts itself: it names a commit index beyond its entries.
 */
export function newRaft(config: Config, storage: Storage): Raft {
  const { hardState, confState } = storage.initialState();
  const log = new RaftLog(storage);
  const { term, vote, commit: found } = hardState;
  const areWhole = isWhole(term, 0) && isWhole(found, 0) && (vote === null || isWhole(vote, 1));
  assert(areWhole, "a stored hard state holds whole numbers", undefined, JSON.stringify(hardState));
  const last = log.lastIndex();
  assert(found <= last, "a stored commit index is within the stored log", last, found);
  log.committed = Math.max(log.committed, found);
  log.appliedTo(config.applied);
  const { random, fixedTimeout } = config;
  const raft: Raft = {
    config,
    id: config.id,
    log,
    confState,
    term,
    vote,
    role: { kind: "follower", leaderId: null },
    electionElapsed: 0,
    randomizedElectionTimeout: 0,
    random,
    fixedTimeout,
    boundFor: config.checkQuorum && !config.crateFlaws && term > 0 ? config.electionTick : 0,
    messages: [],
    readStates: [],
  };
  drawTimeout(raft);
  return raft;
}

/** §5.2: draw a new election timeout, so that nodes seldom time out together. */
export function drawTimeout(raft: Raft): void {
  if (raft.fixedTimeout !== null) {
    raft.randomizedElectionTimeout = raft.fixedTimeout;
    return;
  }
  const { value, state } = drawInt(raft.random, raft.config.minElectionTick, raft.config.maxElectionTick);
  raft.randomizedElectionTimeout = value;
  raft.random = state;
}

/** The leader of the current term, as far as the peer knows. */
export function leaderId(raft: Raft): NodeId | null {
  switch (raft.role.kind) {
    case "follower":
      return raft.role.leaderId;
    case "preCandidate":
    case "candidate":
      return null;
    case "leader":
      return raft.id;
  }
}

/** Role and leader. */
export function softState(raft: Raft): SoftState {
  return { leaderId: leaderId(raft), raftState: raft.role.kind };
}

/** What must survive a crash. */
export function hardState(raft: Raft): HardState {
  return { term: raft.term, vote: raft.vote, commit: raft.log.committed };
}

/** Whether the peer may campaign: only voters may, of either half of a joint configuration. */
export function promotable(raft: Raft): boolean {
  return isVoter(raft.confState, raft.id);
}

/** What a leader knows of one node, at a glance. */
export interface ProgressStatus {
  /** The node. */
  readonly id: NodeId;
  /** How the leader sends to it. */
  readonly state: Progress["state"]["kind"];
  /** The highest index known to be durable there. */
  readonly matchIndex: Index;
  /** The index of the next entry to send. */
  readonly nextIndex: Index;
  /** Whether nothing may be sent now. */
  readonly paused: boolean;
}

/** A node at a glance; crate item `raft::Status`. Copies, so that nothing shown can change afterwards. */
export interface Status {
  /** The node. */
  readonly id: NodeId;
  /** Term, vote and commit index. */
  readonly hs: HardState;
  /** Role and leader. */
  readonly ss: SoftState;
  /** The last index the application has applied. */
  readonly applied: Index;
  /** The index of the first entry that is not compacted. */
  readonly firstIndex: Index;
  /** The index of the last entry. */
  readonly lastIndex: Index;
  /** The highest index known to be durable here. */
  readonly persisted: Index;
  /** What a leader knows of all nodes; empty on anyone else. */
  readonly progress: readonly ProgressStatus[];
}

/** `raft` at a glance. */
export function statusOf(raft: Raft): Status {
  const { role, log } = raft;
  return {
    id: raft.id,
    hs: hardState(raft),
    ss: softState(raft),
    applied: log.applied,
    firstIndex: log.firstIndex(),
    lastIndex: log.lastIndex(),
    persisted: log.persisted,
    progress: role.kind === "leader" ? Array.from(role.tracker.values(), progressStatus) : [],
  };
}

function progressStatus(progress: Progress): ProgressStatus {
  const { id, state, matchIndex, nextIndex } = progress;
  return { id, state: state.kind, matchIndex, nextIndex, paused: progress.isPaused() };
}
