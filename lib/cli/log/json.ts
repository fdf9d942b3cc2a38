/**
 * A log as JSON lines, one a frame.
 *
 * @module
 */
import { basename } from "node:path";
import type { Entry } from "../../raft/mod.ts";
import type { ValidFrame } from "../../storage/read_log.ts";
import { checksumText } from "./frames.ts";
import { contentOf } from "./entries.ts";
import type { Inspection, SeenFrame } from "./inspect.ts";

/** The lines of a log. */
export function jsonLines({ directory, files }: Inspection): string[] {
  return files.flatMap(({ content }) => content.kind === "segment" ? content.frames : [])
    .map((seen) => JSON.stringify({ directory, ...recordOf(seen) }));
}

function recordOf({ frame, verdict }: SeenFrame): object {
  const { number, offset, bytes } = frame;
  const place = { file: basename(frame.file), number, verdict, offset, bytes };
  if (!frame.valid) return { ...place, why: frame.why };
  const { type, hardState, from, entries, base, checksum } = frame;
  return {
    ...place,
    type,
    ...hardState,
    from,
    entries: entries.map(entryOf),
    base: base === null ? null : baseOf(base),
    checksum: checksumText(checksum),
  };
}

function baseOf({ before, confState: { voters }, snapshot }: NonNullable<ValidFrame["base"]>): object {
  return { before, voters, snapshot: snapshot && { ...snapshot, checksum: checksumText(snapshot.checksum) } };
}

/** The bytes of what is no command are written in hexadecimal. */
function entryOf({ index, term, data }: Entry): object {
  const content = contentOf(data);
  if (content.kind !== "Other") return { index, term, ...content };
  return { index, term, kind: content.kind, bytes: Array.from(data, hex).join("") };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
