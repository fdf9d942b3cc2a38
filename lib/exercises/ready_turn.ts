/**
 * Servers in the moments before a Ready, and one turn of the ready loop: what the exercises of the loop are tried on.
 *
 * @module
 */
import { type Message, newConfState, type NodeId, type Term } from "../raft/mod.ts";
import { entriesOf, type Server, server } from "./cases.ts";

/** One turn of the ready loop, as in `lib/node.ts`, without a store: what was sent. */
export function turn({ node, disk }: Server): readonly Message[] {
  const ready = node.ready();
  if (ready.snapshot !== null) disk.applySnapshot(ready.snapshot);
  disk.append(ready.entries);
  if (ready.hs !== null) disk.setHardState(ready.hs);
  const light = node.advance(ready);
  if (light.commitIndex !== null) disk.setCommit(light.commitIndex);
  node.advanceApply();
  return [...ready.messages, ...ready.persistedMessages, ...light.messages];
}

/** A server that is about to be asked for a Ready. */
export interface Moment {
  /** Who it is, and what has happened. */
  readonly who: string;
  /** It, made anew. */
  readonly make: () => Server;
}

/** Node 2 of three, with these entries, which hears `messages` one turn after the other, but for the last. */
function hearing(term: Term, vote: NodeId | null, log: readonly Term[], ...messages: readonly Message[]): Server {
  const made = server({ id: 2, term, vote, log });
  for (const message of messages) {
    while (made.node.hasReady()) turn(made);
    made.node.step(message);
  }
  return made;
}

const to2 = { from: 1, to: 2 } as const;

function append(term: Term, prev: readonly Term[], entries: readonly Term[], leaderCommit: number): Message {
  const [prevLogIndex, prevLogTerm] = [prev.length, prev.at(-1) ?? 0];
  const sent = entriesOf(entries, prevLogIndex + 1);
  return { type: "Append", ...to2, term, prevLogIndex, prevLogTerm, entries: sent, leaderCommit };
}

const asks = (term: Term, from: NodeId, lastLogTerm = 0): Message => {
  const [lastLogIndex, commit, commitTerm] = [lastLogTerm === 0 ? 0 : 1, 0, 0];
  return { type: "RequestVote", from, to: 2, term, lastLogIndex, lastLogTerm, commit, commitTerm };
};
const heartbeat = (term: Term, leaderCommit: number): Message => ({ type: "Heartbeat", ...to2, term, leaderCommit });

/** Node 1 of three, elected in term 1: its empty entry is still to be stored. */
function elected(): Server {
  const leader = server();
  leader.node.campaign();
  turn(leader);
  leader.node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 1, voteGranted: true });
  return leader;
}

function leaderThatHears(...matches: readonly number[]): Server {
  const leader = elected();
  turn(leader);
  const heard = { type: "AppendResponse", from: 2, to: 1, term: 1, success: true, commit: 0 } as const;
  for (const matchIndex of matches) leader.node.step({ ...heard, matchIndex });
  return leader;
}

function candidate(): Server {
  const made = server();
  made.node.campaign();
  return made;
}

function candidateAgain(): Server {
  const made = candidate();
  turn(made);
  made.node.campaign();
  return made;
}

function snapshotArrives(): Server {
  const metadata = { index: 3, term: 1, confState: newConfState({ voters: [1, 2, 3] }) };
  const snapshot = { metadata, data: new Uint8Array([1]) };
  return hearing(1, 1, [], heartbeat(1, 0), { type: "Snapshot", ...to2, term: 1, snapshot });
}

const startsAgain = () => server({ id: 2, term: 1, vote: 1, log: [1, 1], commit: 2 });

/** Moments in which there is something to store and to send. */
export const MOMENTS: readonly Moment[] = [
  { who: "a candidate", make: candidate },
  { who: "a candidate that tries again", make: candidateAgain },
  { who: "a voter that gives its vote", make: () => hearing(0, null, [], asks(1, 1)) },
  { who: "a voter that gives its vote in a term that is on its disk", make: () => hearing(1, null, [], asks(1, 3)) },
  { who: "a node that refuses its vote, in a new term", make: () => hearing(1, 1, [1], asks(2, 3)) },
  { who: "a follower that hears of a new term from its leader", make: () => hearing(1, null, [], heartbeat(2, 0)) },
  { who: "a follower with a new entry, in a new term", make: () => hearing(0, null, [], append(1, [], [1], 0)) },
  {
    who: "a follower with a new entry, in a term that is on its disk",
    make: () => hearing(1, 1, [], append(1, [], [1], 0)),
  },
  {
    who: "a follower with a new entry that also hears a commit index",
    make: () => hearing(1, 1, [1], append(1, [1], [1], 1)),
  },
  {
    who: "a follower with a new entry that is committed already",
    make: () => hearing(1, 1, [1], append(1, [1], [1], 2)),
  },
  { who: "a follower whose entry is replaced", make: () => hearing(2, 1, [1, 1], append(2, [1], [2], 0)) },
  { who: "a new leader with its empty entry", make: elected },
  { who: "a leader that commits an entry", make: () => leaderThatHears(1) },
  { who: "a follower that hears a commit index", make: () => hearing(1, 1, [1], append(1, [1], [], 1)) },
  { who: "a follower that hears a heartbeat", make: () => hearing(1, 1, [1], heartbeat(1, 0), heartbeat(1, 0)) },
  { who: "a follower that gets an Append twice", make: () => hearing(1, 1, [1], append(1, [], [1], 0)) },
  { who: "a voter that is asked again by the node that has its vote", make: () => hearing(1, 1, [], asks(1, 1)) },
  { who: "a voter that has given its vote to another node", make: () => hearing(1, 3, [], asks(1, 1)) },
];

/** Moments that the loop exercise leaves out: a snapshot arrives, or there is only something to apply. */
export const MORE_MOMENTS: readonly Moment[] = [
  { who: "a follower that gets a snapshot", make: snapshotArrives },
  { who: "a node that starts again, and applies what was committed", make: startsAgain },
];
