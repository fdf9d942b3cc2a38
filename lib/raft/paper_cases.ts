/**
 * Peers driven by hand, for the tests: a node, its storage, and a ready loop that stores before it sends.
 *
 * Nothing here ticks by itself. Messages go round in sorted order, so every test is one and the same run each time.
 *
 * @module
 */
import { throws } from "node:assert/strict";
import type { Append, AppendAccepted, AppendRejected, Heartbeat, HeartbeatResponse, Message } from "./mod.ts";
import type { Config, ConfigOptions, Entry, HardState, Index, LogPosition, NodeId, ProgressStatus } from "./mod.ts";
import type { Ready, RequestVote, RequestVoteResponse, Snapshot, SnapshotMessage, StateRole, Term } from "./mod.ts";
import type { ConfChange, ConfChangeSingle, ConfStateOptions, ReadState, Ticks } from "./mod.ts";
import {
  decodeConfChange,
  MemStorage,
  newConfState,
  RaftError,
  type RaftErrorKind,
  RawNode,
  seededRandom,
} from "./mod.ts";

/** A node with what an application adds to it. */
export interface Peer {
  readonly options: ConfigOptions;
  readonly storage: MemStorage;
  readonly node: RawNode;
  /** Every entry that was handed over to be applied, in order. */
  readonly applied: Entry[];
  /** Every read that may be answered, in order. */
  readonly reads: ReadState[];
}

/** How a peer starts. */
export interface Start {
  /** How many nodes the cluster has: 1, 2, … */
  readonly size?: number;
  /** The terms of the entries it has stored: `[1, 1, 4]` is 1@1, 2@1, 3@4. */
  readonly log?: readonly Term[];
  /** What it has stored beside the log. Its term is that of the last entry, if nothing else is said. */
  readonly hs?: Partial<HardState>;
  /** Who belongs to the cluster, if not the nodes 1, 2, … of that size. */
  readonly conf?: ConfStateOptions;
  /** Its parameters. Election timeouts are not randomised, if nothing else is said: always 10 ticks. */
  readonly config?: Partial<Config>;
}

/** The place before the first entry. */
export const START = { index: 0, term: 0 };

/** The data of a proposal. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A log by its terms, from index 1. */
export const logOf = (terms: readonly Term[]): Entry[] => terms.map((term, i) => entry(term, i + 1));
/** The nodes 1, 2, … of a cluster. */
export const voters = (size: number): NodeId[] => Array.from({ length: size }, (_, i) => i + 1);
/** What a peer is. */
export const role = ({ node }: Peer): StateRole => node.status().ss.raftState;
/** How far a peer has committed. */
export const commit = ({ node }: Peer): Index => node.status().hs.commit;
/** The terms of all entries a peer has, stored or not. */
export const terms = ({ node: { raft: { log } } }: Peer): Term[] =>
  (log.entries(log.firstIndex(), Infinity) ?? []).map(({ term }) => term);
/** What a leader knows of node `id`. */
export const progressOf = ({ node }: Peer, id: NodeId): ProgressStatus | undefined =>
  node.status().progress.find((progress) => progress.id === id);

/** An entry. */
export function entry(term: Term, index: Index, text = ""): Entry {
  return { type: text === "" ? "empty" : "command", term, index, data: bytes(text) };
}

/** A peer of its own. */
export function newPeer(id: NodeId, { size = 3, log = [], hs = {}, conf, config = {} }: Start = {}): Peer {
  const storage = MemStorage.newWithConfState(conf ?? { voters: voters(size) });
  storage.append(logOf(log));
  storage.setHardState({ term: log.at(-1) ?? 0, vote: null, commit: 0, ...hs });
  const options = { id, random: seededRandom(id), fixedTimeout: 10, electionTick: 10, heartbeatTick: 2, ...config };
  return { options, storage, node: new RawNode(options, storage), applied: [], reads: [] };
}

/** A whole cluster whose nodes start alike. */
export const newPeers = (size: number, start: Start = {}): Peer[] =>
  voters(size).map((id) => newPeer(id, { ...start, size }));

/** The peer after a crash: what was stored and applied is still there. */
export function restart(peer: Peer): Peer {
  const options = { ...peer.options, applied: peer.applied.at(-1)?.index ?? 0 };
  return { ...peer, options, node: new RawNode(options, peer.storage) };
}

/** The ready loop, until there is nothing left to do. Returns what the peer sends. */
export function drain(peer: Peer): Message[] {
  const { node, storage, reads } = peer;
  const sent: Message[] = [];
  while (node.hasReady()) {
    const ready = node.ready();
    sent.push(...ready.messages);
    reads.push(...ready.readStates);
    apply(peer, ready.committedEntries);
    store(peer, ready);
    sent.push(...ready.persistedMessages);
    const light = node.advance(ready);
    if (light.commitIndex !== null) storage.setCommit(light.commitIndex);
    sent.push(...light.messages);
    apply(peer, light.committedEntries);
    node.advanceApply();
  }
  return sent;
}

/** Apply `entries`: the state machine is their list. */
function apply({ node, storage, applied }: Peer, entries: readonly Entry[]): void {
  for (const entry of entries) {
    applied.push(entry);
    if (entry.type === "configuration") storage.setConfState(node.applyConfChange(decodeConfChange(entry.data)));
  }
}

/** Let time pass for `peer`, and see what it sends. */
export function ticks(peer: Peer, count: Ticks): Message[] {
  return Array.from({ length: count }, () => (peer.node.tick(), drain(peer))).flat();
}

/** Let time pass in the whole cluster; after every tick the peers talk until they are silent. */
export function run(peers: readonly Peer[], count: Ticks, passes?: (message: Message) => boolean): void {
  for (let tick = 0; tick < count; tick++) {
    for (const { node } of peers) node.tick();
    settle(peers, passes);
  }
}

/** Ask `peer` for a change, and let it know what it needs to. */
export function change({ node }: Peer, transition: ConfChange["transition"], ...changes: ConfChangeSingle[]): void {
  node.proposeConfChange({ transition, changes });
}

/** Let `peers` talk until they are silent. What is sent to anybody else is lost, and what `passes` holds back. */
export function settle(peers: readonly Peer[], passes: (message: Message) => boolean = () => true): void {
  const receivers = new Map(peers.map(({ options, node }) => [options.id, node]));
  for (let round = 0; round < 1000; round++) {
    const sent = peers.flatMap(drain).filter((message) => receivers.has(message.to) && passes(message));
    if (sent.length === 0) return;
    for (const message of sent.sort((a, b) => a.to - b.to || a.from - b.from)) {
      try {
        receivers.get(message.to)?.step(message);
      } catch (error) {
        // A node that is removed answers on.
        if (!(error instanceof RaftError && error.kind === "StepPeerNotFound")) throw error;
      }
    }
  }
  throw new Error("the peers are still talking after 1000 rounds");
}

/** Make a lone peer leader: the others grant their votes. Returns what it sends then. */
export function elect(peer: Peer): Message[] {
  peer.node.campaign();
  const asked = drain(peer);
  for (const { to } of asked) peer.node.step(voted(to, peer.node.raft.term));
  return [...asked.filter(({ type }) => type !== "RequestVote"), ...drain(peer)];
}

/**
 * A leader in term 1 of a cluster of three; the nodes in `heldBy` hold its first entry, the others have not answered
 * yet.
 */
export function newLeader({ heldBy = [2], ...start }: Start & { readonly heldBy?: readonly NodeId[] } = {}): Peer {
  const peer = newPeer(1, start);
  elect(peer);
  for (const from of heldBy) peer.node.step(accepted(from, 1, 1));
  drain(peer);
  return peer;
}

/** Propose entries of these data. */
export function propose({ node }: Peer, ...data: readonly string[]): void {
  for (const text of data) node.propose(bytes(text));
}

/** Store what `ready` asks for; nothing else. */
export function store({ storage }: Peer, { snapshot, entries, hs }: Ready): void {
  if (snapshot !== null) storage.applySnapshot(snapshot);
  storage.append(entries);
  if (hs !== null) storage.setHardState(hs);
}

/** Node `from` asks node 1 for its vote. */
export function requestVote(from: NodeId, term: Term, last = START, commit = 0, commitTerm = 0): RequestVote {
  const [lastLogIndex, lastLogTerm] = [last.index, last.term];
  return { type: "RequestVote", from, to: 1, term, lastLogIndex, lastLogTerm, commit, commitTerm };
}

/** Node `from` grants or refuses node 1 its vote; it has committed nothing. */
export function voted(from: NodeId, term: Term, voteGranted = true): RequestVoteResponse {
  const header = { type: "RequestVoteResponse", from, to: 1, term } as const;
  return voteGranted ? { ...header, voteGranted } : { ...header, voteGranted, commit: 0, commitTerm: 0 };
}

/** Node 2 sends `entries` to node 1. `before` is the entry just before them, and `commit` its commit index. */
export function append(term: Term, before: LogPosition, entries: Entry[], commit = 0): Append {
  const [prevLogIndex, prevLogTerm] = [before.index, before.term];
  return { type: "Append", from: 2, to: 1, term, prevLogIndex, prevLogTerm, entries, leaderCommit: commit };
}

/** Node `from` tells node 1 that its log agrees up to `matchIndex`. */
export const accepted = (from: NodeId, term: Term, matchIndex: Index): AppendAccepted => (
  { type: "AppendResponse", from, to: 1, term, success: true, matchIndex, commit: 0 }
);
/** Node 2 tells node 1 that its log has another entry at `prevLogIndex`, or none. */
export const rejected = (term: Term, prevLogIndex: Index, hint: LogPosition): AppendRejected => (
  { type: "AppendResponse", from: 2, to: 1, term, success: false, prevLogIndex, hint, commit: 0 }
);
/** Node 2 sends a heartbeat to node 1. */
export const heartbeat = (term: Term, leaderCommit: Index = 0): Heartbeat => (
  { type: "Heartbeat", from: 2, to: 1, term, leaderCommit }
);
/** Node `from` answers a heartbeat of node 1. */
export const alive = (from: NodeId, term: Term = 1): HeartbeatResponse => (
  { type: "HeartbeatResponse", from, to: 1, term, commit: 0 }
);
/** Node 2 sends its snapshot to node 1. */
export const install = (snapshot: Snapshot, term = 1): SnapshotMessage => (
  { type: "Snapshot", from: 2, to: 1, term, snapshot }
);

/** A snapshot, of a cluster of three if nothing else is said. */
export function snapshotAt(index: Index, term: Term, members: readonly NodeId[] = voters(3)): Snapshot {
  const confState = newConfState({ voters: members });
  return { metadata: { index, term, confState }, data: bytes(`the state at ${index}`) };
}

/** What kind of message goes to whom. */
export const sent = (messages: readonly Message[]): string[] => messages.map(({ type, to }) => `${type} to ${to}`);
/** Up to where each of these answers says that the logs agree; `false` in any other message. */
export const matches = (messages: readonly Message[]): (Index | false)[] =>
  messages.map((m) => m.type === "AppendResponse" && m.success && m.matchIndex);
/** The `Append`s to node 2 among `messages`: the index before, and the indices of the entries. */
export const appendsTo2 = (messages: readonly Message[]): [Index, Index[]][] =>
  messages.flatMap((m) =>
    m.type === "Append" && m.to === 2 ? [[m.prevLogIndex, m.entries.map(({ index }) => index)]] : []
  );

/** `call` fails with an error of this kind. */
export function fails(kind: RaftErrorKind, call: () => unknown): void {
  throws(call, { name: "RaftError", kind });
}
