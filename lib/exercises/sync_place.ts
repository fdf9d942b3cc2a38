/**
 * "Put the sync in its place" (notebook 04): bullets 1, 4, 5 and 6 of the ready loop, for a disk that forgets.
 *
 * The machine is stopped before every operation on its files, and started again: what was promised must be there, and half
 * of a Ready must not.
 *
 * @module
 */
import { messageOf } from "./cases.ts";
import { Codec } from "../command.ts";
import { type Entry, type Index, type Message, RawNode, type Ready, seededRandom } from "../raft/mod.ts";
import { FileStorage } from "../storage/file_storage.ts";
import { MemoryFiles } from "../storage/memory_files.ts";

/** The part of a turn that the reader writes: store what `ready` holds on `disk`, and send. */
export type SyncPlace = (ready: Ready, disk: FileStorage, send: (messages: readonly Message[]) => void) => void;

/** A machine, and what its node has to do. */
export interface ReadyMachine {
  /** Its files. */
  readonly files: MemoryFiles;
  /** The log in them. */
  readonly disk: FileStorage;
  /** What the node has to do. */
  readonly ready: Ready;
}

/**
 * Whether a loop has its sync in the right place.
 *
 * @returns What a crash does to it, or what it leaves out; `null` if nothing is wrong.
 *
 * @example
 * ```ts
 * import { checkSyncPlace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(checkSyncPlace((ready, _disk, send) => send(ready.persistedMessages)) ?? "", /hard state is not stored/);
 * ```
 */
export function checkSyncPlace(loop: SyncPlace): string | null {
  for (const [who, machine] of MACHINES) {
    const problem = problemWithoutCrash(loop, machine()) ?? problemInCrashes(loop, machine);
    if (problem !== null) return `${who}: ${problem}.`;
  }
  return null;
}

/** Who has something to do, the simplest first. */
const MACHINES: readonly (readonly [who: string, machine: () => ReadyMachine])[] = [
  ["A candidate", candidate],
  ["A follower that is sent entries of a new term", lateFollower],
  ["A follower that is sent an entry of its own term", followerInTerm],
  ["A follower that hears of a commit", followerThatHears],
  ["A leader that has a new entry", leader],
];

/** The loop runs to its end, and only then the power fails. */
function problemWithoutCrash(loop: SyncPlace, { files, disk, ready }: ReadyMachine): string | null {
  const sent: Message[] = [];
  try {
    loop(ready, disk, (messages) => sent.push(...messages));
  } catch (error) {
    if (ready.hs === null && messageOf(error).includes("null")) {
      return "it stops: this Ready has no hard state (hs is null)";
    }
    return `it stops with an error: ${messageOf(error)}`;
  }
  const all = [...ready.messages, ...ready.persistedMessages];
  const unsent = all.find((message) => !isAmong(message, sent));
  if (unsent !== undefined) return `its ${unsent.type} was never sent`;
  if (sent.length > all.length) return "a message was sent twice";
  const { term, commit } = disk.initialState().hardState;
  if (ready.hs !== null && (term !== ready.hs.term || commit !== ready.hs.commit)) {
    return "its hard state is not stored";
  }
  files.crash("none");
  const lost = ready.mustSync ? missing(ready, open(files)) : null;
  const [promise] = ready.persistedMessages;
  const what = promise ? `its ${promise.type} was sent` : "`advance` tells the node that all is on the disk";
  return lost && `${what}, and after a crash ${lost}`;
}

/** The power fails before each operation on the files. */
function problemInCrashes(loop: SyncPlace, machine: () => ReadyMachine): string | null {
  for (let stop = 0; stop < MOST_OPERATIONS; stop++) {
    const { files, disk, ready } = machine();
    const sent: Message[] = [];
    files.stopAt(files.operations.length + stop);
    try {
      loop(ready, disk, (messages) => sent.push(...messages));
    } catch {
      // The machine has stopped.
    }
    files.crash("none");
    const reopened = open(files);
    const half = broken(reopened);
    if (half !== null) return `after a crash ${half}`;
    const promise = sent.find((message) => isAmong(message, ready.persistedMessages));
    const lost = promise && missing(ready, reopened);
    if (lost) return `its ${promise.type} was sent, and after a crash ${lost}`;
  }
  return null;
}

/** Whether this message, or a copy of it, is among others. */
function isAmong(message: Message, others: readonly Message[]): boolean {
  return others.some((other) => JSON.stringify(other) === JSON.stringify(message));
}

/** More than any loop takes that a person would write: a sync is two. */
const MOST_OPERATIONS = 12;

/** What half of a Ready leaves behind. */
function broken(disk: FileStorage): string | null {
  const { term, commit } = disk.initialState().hardState;
  if (commit > disk.lastIndex()) return "the commit index is beyond the log, and the node does not start";
  return disk.term(disk.lastIndex()) > term ? "there are entries of a term that the node has not heard of" : null;
}

/** What must be on the disk once anything was promised; the commit index need not. */
function missing({ hs, entries }: Ready, disk: FileStorage): string | null {
  const { term, vote } = disk.initialState().hardState;
  if (hs !== null && (hs.term !== term || hs.vote !== vote)) return "its term and vote are not there";
  const isThere = ({ index, term }: Entry) => index <= disk.lastIndex() && disk.term(index) === term;
  return entries.every(isThere) ? null : "its entries are not there";
}

/** A candidate: a new term and its own vote, and the requests wait. */
function candidate(): ReadyMachine {
  const { files, disk, node } = server(1);
  node.campaign();
  return { files, disk, ready: node.ready() };
}

/**
 * A follower that was away: a new term, two entries, and the news that both are committed; the acknowledgement waits.
 *
 * @example
 * ```ts
 * import { lateFollower } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { hs, entries } = lateFollower().ready;
 * deepStrictEqual(hs, { term: 1, vote: null, commit: 2 });
 * deepStrictEqual(entries.map(({ index }) => index), [1, 2]);
 * ```
 */
export function lateFollower(): ReadyMachine {
  return follower([append(0, [entry(1, null), entry(2, "a")], 2)]);
}

/** A follower in the leader's term: no hard state, one entry. */
function followerInTerm(): ReadyMachine {
  return follower([append(0, [entry(1, null)], 0), append(1, [entry(2, "a")], 0)]);
}

/** A follower that holds the entry: a commit index and nothing else; that need not be synced. */
function followerThatHears(): ReadyMachine {
  return follower([append(0, [entry(1, null)], 0), append(1, [], 1)]);
}

/** A leader: an entry, and Appends that need not wait. */
function leader(): ReadyMachine {
  const { files, disk, node } = server(1);
  node.campaign();
  turn(node, disk);
  node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 1, voteGranted: true });
  turn(node, disk);
  node.step({ type: "AppendResponse", from: 2, to: 1, term: 1, success: true, matchIndex: 1, commit: 0 });
  turn(node, disk);
  node.propose(Codec.encode({ kind: "Put", key: "x", value: "a" }));
  return { files, disk, ready: node.ready() };
}

/** Node 3, which has stored all but the last of these messages from its leader. */
function follower(messages: readonly Message[]): ReadyMachine {
  const { files, disk, node } = server(3);
  messages.forEach((message, i) => {
    node.step(message);
    if (i < messages.length - 1) turn(node, disk);
  });
  return { files, disk, ready: node.ready() };
}

function server(id: number): { files: MemoryFiles; disk: FileStorage; node: RawNode } {
  const files = new MemoryFiles();
  const disk = open(files);
  return { files, disk, node: new RawNode({ id, random: seededRandom(1) }, disk) };
}

function open(files: MemoryFiles): FileStorage {
  return FileStorage.open("log", { voters: [1, 2, 3] }, { files });
}

/** A whole turn, nothing sent. */
function turn(node: RawNode, disk: FileStorage): void {
  const ready = node.ready();
  disk.append(ready.entries);
  if (ready.hs !== null) disk.setHardState(ready.hs);
  disk.sync();
  const { commitIndex } = node.advance(ready);
  if (commitIndex !== null) disk.setCommit(commitIndex);
  node.advanceApply();
}

/** From the leader of term 1: entries behind `prevLogIndex`, which is of term 1 too if there is one. */
function append(prevLogIndex: Index, entries: readonly Entry[], leaderCommit: Index): Message {
  const prevLogTerm = Math.min(prevLogIndex, 1);
  return { type: "Append", from: 1, to: 3, term: 1, prevLogIndex, prevLogTerm, entries, leaderCommit };
}

function entry(index: Index, value: string | null): Entry {
  if (value === null) return { type: "empty", term: 1, index, data: new Uint8Array() };
  return { type: "command", term: 1, index, data: Codec.encode({ kind: "Put", key: "x", value }) };
}
