/**
 * What the processes that are killed write: always the same for the same seed, so that whoever kills them knows it.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import {
  type Entry,
  type Index,
  newConfState,
  type RandomInt,
  type Storage,
  type Term,
  type WritableStorage,
} from "../raft/mod.ts";

/** The cluster of the log. */
export const CONF_STATE = newConfState({ voters: [1, 2, 3] });
/** Small, so that files are begun and removed all the time. */
export const SEGMENT_BYTES = 64 * 1024;
/** Now and then an entry is so large that its process can be killed within the write. */
const LARGE_BYTES = 3 * 1024 * 1024;

/** What a step writes. Those that stand here more than once are more frequent. */
const STEPS: readonly ((storage: WritableStorage, random: RandomInt) => void)[] = [
  ...Array(6).fill(append),
  ...Array(2).fill(appendMany),
  ...Array(3).fill(beginTerm),
  ...Array(3).fill(giveVote),
  ...Array(2).fill(compact),
  changeConfiguration,
  takeSnapshot,
];

/**
 * Write one step of all that a node writes, without a sync. In a term only one vote is given, and no committed entry is
 * overwritten; so a second vote, or another entry, can only come from something that the log forgot.
 */
export function writeStep(storage: WritableStorage, random: RandomInt): void {
  STEPS[random(0, STEPS.length)](storage, random);
}

/** A vote, if none is given in this term yet. */
export function giveVote(storage: WritableStorage, random: RandomInt): void {
  const { hardState } = storage.initialState();
  const vote = random(1, 4);
  if (hardState.term > 0 && hardState.vote === null) storage.setHardState({ ...hardState, vote });
}

/** A later term, with or without a vote, and perhaps other entries in place of those that are not committed. */
function beginTerm(storage: WritableStorage, random: RandomInt): void {
  const { term, commit } = storage.initialState().hardState;
  storage.setHardState({ term: term + 1, vote: random(0, 2) === 0 ? null : random(1, 4), commit });
  storage.append(entriesFrom(random(commit + 1, storage.lastIndex() + 2), random(0, 4), term + 1));
}

function append(storage: WritableStorage, random: RandomInt): void {
  const { term, commit } = storage.initialState().hardState;
  if (term === 0) return beginTerm(storage, random);
  storage.append(entriesFrom(storage.lastIndex() + 1, random(1, 4), term));
  storage.setCommit(random(commit, storage.lastIndex() + 1));
}

function appendMany(storage: WritableStorage, random: RandomInt): void {
  const { term } = storage.initialState().hardState;
  if (term > 0) storage.append(entriesFrom(storage.lastIndex() + 1, random(20, 40), term));
}

function compact(storage: WritableStorage, random: RandomInt): void {
  const { commit } = storage.initialState().hardState;
  const first = storage.firstIndex();
  const size = random(0, 10_000);
  if (commit < first) return;
  storage.createSnapshot(commit, dataOf(storage.term(commit), commit, size));
  storage.compact(random(first, commit + 2));
}

function changeConfiguration(storage: WritableStorage, random: RandomInt): void {
  const learners = [random(4, 9)];
  storage.setConfState(
    newConfState({ voters: [1, 2, random(3, 9)], learners, votersOutgoing: [1, 2, 3], autoLeave: true }),
  );
}

/** The leader's snapshot in place of the whole log. */
function takeSnapshot(storage: WritableStorage, random: RandomInt): void {
  const { term } = storage.initialState().hardState;
  const index = storage.lastIndex() + random(1, 4);
  const data = dataOf(term, index, random(0, 10_000));
  if (term > 0) {
    storage.applySnapshot({ metadata: { index, term, confState: newConfState({ voters: [1, 2, 3 + term] }) }, data });
  }
}

/** The entry of a term at an index is always the same. */
function entriesFrom(from: Index, count: number, term: Term): Entry[] {
  return Array.from({ length: count }, (_, i) => {
    const hash = crc32(`${term}@${from + i}`);
    return {
      type: "command",
      term,
      index: from + i,
      data: dataOf(term, from + i, hash % 61 === 0 ? LARGE_BYTES : hash % 200),
    };
  });
}

/** Whether the last entry is a large one. */
export function endsLarge(storage: Storage): boolean {
  const last = storage.lastIndex();
  return last >= storage.firstIndex() && storage.entries(last, last + 1, Infinity)[0].data.length === LARGE_BYTES;
}

function dataOf(term: Term, index: Index, size: number): Uint8Array {
  return new Uint8Array(size).fill((31 * term + index) % 256);
}

/** Everything that a storage holds, as a text: of data only the checksums. */
export function digestOf(storage: Storage): string {
  const { hardState: { term, vote, commit }, confState } = storage.initialState();
  const first = storage.firstIndex();
  const entries = storage.entries(first, storage.lastIndex() + 1, Infinity);
  const log = entries.map(({ term, index, data }) => `${term}@${index}:${data.length}:${crc32(data)}`).join(" ");
  const hard = `term ${term} vote ${vote} commit ${commit} configuration ${JSON.stringify(confState)}`;
  return `${hard}; from ${first} behind term ${storage.term(first - 1)}; ${log}; ${snapshotText(storage)}`;
}

function snapshotText(storage: Storage): string {
  try {
    const { metadata: { index, term }, data } = storage.snapshot();
    return `snapshot ${term}@${index}:${crc32(data)}`;
  } catch {
    return "no snapshot";
  }
}
