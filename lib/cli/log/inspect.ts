/**
 * What the directory of a log has in it, file by file, and what a node that starts there would make of it.
 *
 * @module
 */
import { lstatSync } from "node:fs";
import type { Index } from "../../raft/mod.ts";
import { requireLogFiles, segmentName, snapshotName, sortNames } from "../../storage/names.ts";
import type { SnapshotRef } from "../../storage/payload.ts";
import { type LogFrame, readLog } from "../../storage/read_log.ts";
import { recover, type Recovered } from "../../storage/recover.ts";
import { readSnapshot } from "../../storage/snapshot_file.ts";
import { messageOf } from "../../storage/wal_error.ts";
import type { LogCopy } from "./places.ts";

/** A frame, with what its neighbours tell about it. */
export interface SeenFrame {
  /** The frame. */
  readonly frame: LogFrame;
  /** Whether it counts. A torn one does not: the next start drops it. A bad one is no frame either, but is not dropped. */
  readonly verdict: "ok" | "torn" | "bad";
  /** Whether a node that starts here removes the file that it stands in. */
  readonly isLeftover: boolean;
  /** The last of the indices whose earlier entries it removes, which begin at its `from`; `null` if it removes none. */
  readonly removesTo: Index | null;
}

/** A snapshot's file. */
export interface SeenSnapshot {
  /** What the last frame that names it says; `null` if none does. */
  readonly ref: SnapshotRef | null;
  /** Its data, or why it does not give them; `null` if nobody knows how they should be. */
  readonly data: Uint8Array | string | null;
}

/** A file in the directory. */
export interface SeenFile {
  /** Its name. */
  readonly name: string;
  /** Its size in bytes. */
  readonly size: number;
  /** What it is, and what it holds. */
  readonly content:
    | { readonly kind: "segment"; readonly number: number; readonly frames: readonly SeenFrame[] }
    | { readonly kind: "snapshot" } & SeenSnapshot
    | { readonly kind: "unfinished" | "lock" | "foreign" };
  /** Whether a node that starts here removes it. */
  readonly isLeftover: boolean;
}

/** A log, looked into. */
export interface Inspection {
  /** Its directory. */
  readonly directory: string;
  /** What is in there. */
  readonly files: readonly SeenFile[];
  /** What the log comes to; `null` if there is none yet, or it is damaged. */
  readonly recovered: Recovered | null;
  /** Why a node would refuse to start; `null` if it would start. */
  readonly refusal: string | null;
}

/** Look into a log. */
export function inspect(copy: LogCopy): Inspection {
  const { directory, names, files } = copy;
  const { frames } = readLog(directory, files);
  const { recovered, refusal } = attempt(copy);
  const seen = seenFrames(frames, directory, refusal === null ? recovered : null);
  const refs = new Map(frames.flatMap((frame) => {
    const ref = frame.valid ? frame.base?.snapshot ?? null : null;
    return ref === null ? [] : [[ref.number, ref] as const];
  }));
  const kinds = sortNames(names);
  const contentOf = (name: string): SeenFile["content"] => {
    if (kinds.foreign.includes(name)) return { kind: "foreign" };
    if (kinds.unfinished.includes(name)) return { kind: "unfinished" };
    const segment = kinds.segments.find((number) => segmentName(number) === name);
    if (segment !== undefined) {
      const own = seen.filter(({ frame }) => frame.file === `${directory}/${name}`);
      return { kind: "segment", number: segment, frames: own };
    }
    const snapshot = kinds.snapshots.find((number) => snapshotName(number) === name);
    if (snapshot === undefined) return { kind: "lock" };
    const ref = refs.get(snapshot) ?? null;
    return { kind: "snapshot", ref, data: ref === null ? null : readSnapshot(directory, files, ref) };
  };
  const seenFiles = names.flatMap((name): SeenFile[] => {
    const content = contentOf(name);
    const isKept = content.kind === "segment" || content.kind === "snapshot";
    const size = isKept ? files.read(`${directory}/${name}`).length : sizeOf(`${directory}/${name}`);
    const isLeftover = content.kind === "unfinished" || (recovered?.leftovers.includes(name) ?? false);
    return size === null ? [] : [{ name, size, content, isLeftover }];
  });
  return { directory, files: seenFiles, recovered, refusal };
}

/** Recover the log, and change nothing. A foreign file keeps a node from starting, but the log may be whole all the same. */
function attempt({ directory, names, files }: LogCopy): Pick<Inspection, "recovered" | "refusal"> {
  try {
    const recovered = recover(directory, files, sortNames(names));
    try {
      requireLogFiles(directory, names);
      return { recovered, refusal: null };
    } catch (error) {
      return { recovered, refusal: messageOf(error) };
    }
  } catch (error) {
    return { recovered: null, refusal: messageOf(error) };
  }
}

/** Torn is what a start cuts off, and nothing else. `started` is what it finds; `null` if it refuses, and cuts off nothing. */
function seenFrames(frames: readonly LogFrame[], directory: string, started: Recovered | null): SeenFrame[] {
  const torn = started?.torn ? `${directory}/${segmentName(started.header.number)}` : null;
  let last: Index | null = null;
  return frames.map((frame) => {
    const isLeftover = started?.leftovers.some((name) => frame.file === `${directory}/${name}`) ?? false;
    if (!frame.valid) {
      last = null;
      const isTorn = frame.file === torn && frame.offset === started?.end.offset;
      return { frame, verdict: isTorn ? "torn" : "bad", isLeftover, removesTo: null };
    }
    const removesTo = last !== null && frame.from <= last ? last : null;
    last = frame.from + frame.entries.length - 1;
    return { frame, verdict: "ok", isLeftover, removesTo };
  });
}

/** The size of a file; `null` if it is gone by now. */
function sizeOf(path: string): number | null {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? null;
}
