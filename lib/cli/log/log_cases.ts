/** Logs for the tests of `log`: on real files, or in memory. */
import { Codec } from "../../command.ts";
import { FileStorage } from "../../storage/file_storage.ts";
import type { Files } from "../../storage/files.ts";
import { nodeFiles } from "../../storage/node_files.ts";
import type { Entry, Index, Term } from "../../raft/mod.ts";
import { KvStore } from "../../state_machine.ts";

const command = (term: Term, index: Index, data: Uint8Array): Entry => ({ type: "command", term, index, data });
const put = (term: Term, index: Index, value: string) =>
  command(term, index, Codec.encode({ kind: "Put", key: "x", value }));
const empty = (term: Term, index: Index): Entry => ({ type: "empty", term, index, data: new Uint8Array() });

/** A log of four frames in one segment: an election, a term with a Put, and another leader, who replaces the Put. */
export function writeSmallLog(directory: string, files: Files = nodeFiles): void {
  const storage = FileStorage.open(directory, { voters: [1, 2, 3] }, { files });
  storage.setHardState({ term: 1, vote: 1, commit: 0 });
  storage.sync();
  storage.append([empty(1, 1), put(1, 2, "1")]);
  storage.sync();
  storage.setHardState({ term: 2, vote: null, commit: 1 });
  storage.append([empty(2, 2), command(2, 3, Uint8Array.of(104, 105, 27)), command(2, 4, Uint8Array.of(255))]);
  storage.sync();
  storage.close();
}

/** A log with a client's request, in its snapshot too, in a joint configuration, and with an empty entry in place of a change. */
export function writeClientLog(directory: string): void {
  const joint = { voters: [1, 4], votersOutgoing: [1, 2, 3], learnersNext: [3] };
  const storage = FileStorage.open(directory, joint, { files: nodeFiles });
  const by = { client: 7, request: 1 };
  const store = new KvStore();
  storage.setHardState({ term: 1, vote: 1, commit: 2 });
  storage.append([
    empty(1, 1),
    command(1, 2, Codec.encode({ kind: "Put", key: "x", value: "1", by })),
    empty(1, 3),
    empty(2, 4),
  ]);
  storage.sync();
  store.apply({ kind: "Put", key: "x", value: "1", by });
  storage.createSnapshot(2, store.snapshot());
  storage.sync();
  storage.close();
}

/** A log of two segments, with a snapshot and a frame of 256 entries; it is open. */
export function largeLog(directory: string, files: Files = nodeFiles): FileStorage {
  const storage = FileStorage.open(directory, { voters: [1, 2, 3] }, { files, segmentBytes: 8000 });
  storage.setHardState({ term: 1, vote: 1, commit: 2 });
  storage.append([empty(1, 1), put(1, 2, "1")]);
  storage.sync();
  storage.createSnapshot(2, new KvStore([["x", "1"]]).snapshot());
  storage.compact(2);
  storage.sync();
  storage.append(Array.from({ length: 256 }, (_, i) => put(1, 3 + i, `${i}`)));
  storage.sync();
  storage.setCommit(100);
  storage.sync();
  return storage;
}
