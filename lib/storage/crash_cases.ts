/**
 * A node's writes, always the same, and what its storage holds after each of them; for the tests of crashes and kills.
 *
 * @module
 */
import { FileStorage } from "./file_storage.ts";
import { MemoryFiles } from "./memory_files.ts";
import { encodeConfChange } from "../raft/conf_change.ts";
import type { ConfChange, ConfState, Entry, Index, NodeId, Storage, Term, WritableStorage } from "../raft/mod.ts";
import { MemStorage, newConfState } from "../raft/mod.ts";
import { bytes, entry } from "../raft/paper_cases.ts";
import { confState } from "../raft/storage_cases.ts";
import { crc32 } from "./crc32.ts";
import { WalError, type WalErrorKind } from "./files.ts";

/** Where the log is. */
export const PLACE = "node1";
/** Large enough for all of a log. */
export const ONE_SEGMENT = 2 ** 30;

/** What a batch may contain beside hard state and entries. */
export type Kind = "entries" | "all";

/**
 * Write batch number `i` = 1, 2, …: a term or a vote, some entries, every now and then in place of others that are not
 * committed; and with `all` also snapshots, some of them the leader's, compaction, and changes of the configuration.
 */
export function writeBatch(storage: WritableStorage, i: number, kind: Kind): void {
  const { commit } = storage.initialState().hardState;
  const last = storage.lastIndex();
  const term = 1 + Math.floor(i / 4);
  const from = i % 5 === 4 ? Math.max(commit + 1, last - 1) : last + 1;
  const entries = Array.from({ length: i % 3 }, (_, k) => entry(term, from + k, `${i % 10}`.repeat((7 * i) % 23)));
  if (kind === "all" && i % 8 === 5) entries[0] = configurationEntry(term, from, i);
  storage.append(entries);
  if (kind === "all" && i % 7 === 3 && commit > 0) {
    // As a node does: what it has applied so far has led to this configuration.
    storage.setConfState(jointConfiguration(i));
    storage.createSnapshot(commit, bytes(`state ${i}`));
    storage.compact(commit - 1);
  }
  if (kind === "all" && i % 17 === 13) {
    const metadata = { index: storage.lastIndex() + 3, term, confState: jointConfiguration(i) };
    storage.applySnapshot({ metadata, data: bytes(`leader's state ${i}`) });
    storage.append([entry(term, metadata.index + 1, "behind")]);
  }
  if (kind === "all" && i % 6 === 4) storage.setConfState(jointConfiguration(i));
  const known = storage.initialState().hardState.commit;
  const vote = i % 4 === 0 ? null : 1 + (term % 3);
  storage.setHardState({ term, vote, commit: Math.max(known, storage.lastIndex() - 2) });
}

/** An entry that changes the configuration. */
function configurationEntry(term: Term, index: Index, node: NodeId): Entry {
  const change: ConfChange = { transition: "explicit", changes: [{ type: "addLearnerNode", node }] };
  return { type: "configuration", term, index, data: encodeConfChange(change) };
}

/** A joint configuration, with all that there may be in one. */
export function jointConfiguration(i: number): ConfState {
  const outgoing = { votersOutgoing: [1, 2, 3], learnersNext: [3], autoLeave: true };
  return newConfState({ voters: [1, 2, i], learners: [5], ...outgoing });
}

/** Everything a storage answers, as a text. */
export function textOf(storage: Storage): string {
  const { hardState: { term, vote, commit }, confState } = storage.initialState();
  const first = storage.firstIndex();
  const entries = storage.entries(first, storage.lastIndex() + 1, Infinity);
  const log = entries.map(({ type, term, index, data }) => `${type} ${term}@${index}:${data.length}:${crc32(data)}`)
    .join(" ");
  const behind = `${storage.term(first - 1)}@${first - 1}`;
  return `${term} ${vote} ${commit} ${JSON.stringify(confState)} ${behind}| ${log}${snapshotOf(storage)}`;
}

function snapshotOf(storage: Storage): string {
  try {
    const { metadata: { index, term, confState }, data } = storage.snapshot();
    return ` | ${term}@${index} ${JSON.stringify(confState)} ${new TextDecoder().decode(data)}`;
  } catch {
    return "";
  }
}

/** What a storage holds after 0, 1, … batches. */
export function statesAfter(batches: number, kind: Kind): string[] {
  const storage = MemStorage.newWithConfState(confState);
  return Array.from({ length: batches + 1 }, (_, i) => {
    if (i > 0) writeBatch(storage, i, kind);
    return textOf(storage);
  });
}

/** A log of so many batches, each of them synced. The directory is closed. */
export function logOnFiles(batches: number, kind: Kind, segmentBytes: number): MemoryFiles {
  const files = new MemoryFiles();
  const storage = open(files, segmentBytes);
  for (let i = 1; i <= batches; i++) {
    writeBatch(storage, i, kind);
    storage.sync();
  }
  storage.close();
  return files;
}

/** Write batches until something fails, and the program ends; how many syncs returned, or -1 if not even the log could be opened. */
export function writeUntilFailure(files: MemoryFiles, batches: number, segmentBytes: number): number {
  let acknowledged = -1;
  try {
    const storage = open(files, segmentBytes);
    for (acknowledged = 0; acknowledged < batches; acknowledged++) {
      writeBatch(storage, acknowledged + 1, "all");
      storage.sync();
    }
  } catch (error) {
    if (!(error instanceof WalError)) throw error;
  }
  files.kill();
  return acknowledged;
}

/** Open the log. */
export function open(files: MemoryFiles, segmentBytes: number = ONE_SEGMENT): FileStorage {
  return FileStorage.open(PLACE, confState, { files, segmentBytes });
}

/** What the log holds, as a text; or, if it refuses, why. The directory is closed again. */
export function recovered(files: MemoryFiles, segmentBytes: number = ONE_SEGMENT): string | WalErrorKind {
  try {
    const storage = open(files, segmentBytes);
    const text = textOf(storage);
    storage.close();
    return text;
  } catch (error) {
    if (error instanceof WalError) return error.kind;
    throw error;
  }
}

/** Files with one more, durable, in place of one of that name. */
export function withFile(files: MemoryFiles, name: string, content: Uint8Array): MemoryFiles {
  const copy = files.copy();
  copy.put(`${PLACE}/${name}`, content);
  return copy;
}

/** The content of a file of the log. */
export function contentOf(files: MemoryFiles, name: string): Uint8Array {
  return files.read(`${PLACE}/${name}`);
}
