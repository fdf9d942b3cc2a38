/**
 * The frames of a segment as a table, with what each of them says below its row.
 *
 * @module
 */
import { snapshotName } from "../../storage/names.ts";
import type { ValidFrame } from "../../storage/read_log.ts";
import type { Style } from "../../trace/story.ts";
import { visible } from "../../trace/text.ts";
import { COLUMNS, type Paint, shortened, wrap } from "../terminal.ts";
import { bytesText, entryLines } from "./entries.ts";
import type { SeenFrame } from "./inspect.ts";

/** Whether many entries of a frame are listed or summed up. */
export type Detail = "every entry" | "summaries";

const HEADING = ["frame", "valid", "offset", "bytes", "type", "term", "vote", "commit", "checksum", "entries"];
/** Columns of words; all others are of numbers, and end where their heading ends. */
const WORDS = new Set(["valid", "type", "checksum", "entries"]);
const INDENT = " ".repeat(7);
const STYLES: Readonly<Record<SeenFrame["verdict"], Style>> = { ok: "plain", torn: "strong", bad: "bad" };

/** A checksum as eight hexadecimal digits. */
export function checksumText(checksum: number): string {
  return checksum.toString(16).padStart(8, "0");
}

/** The table. */
export function frameLines(frames: readonly SeenFrame[], detail: Detail, paint: Paint): string[] {
  if (frames.length === 0) return [];
  const rows = frames.map(rowOf);
  const widths = HEADING.map((name, i) => rows.reduce((width, row) => Math.max(width, row[i].length), name.length));
  const line = (row: readonly string[]) => {
    const cells = row.map((cell, i) => WORDS.has(HEADING[i]) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]));
    return shortened(cells.join("  ").trimEnd(), COLUMNS);
  };
  return [
    paint("strong", line(HEADING)),
    ...frames.flatMap((frame, i) => [
      paint(STYLES[frame.verdict], line(rows[i])),
      ...detailsOf(frame, detail).map((text) => paint("faint", text)),
    ]),
  ];
}

function rowOf({ frame, verdict }: SeenFrame): string[] {
  const { number, offset, bytes } = frame;
  const place = [number === 0 ? "-" : `${number}`, verdict, `${offset}`, `${bytes}`];
  if (!frame.valid) return [...place, "-", "-", "-", "-", "-", "-"];
  const { type, hardState: { term, vote, commit }, checksum, from, entries } = frame;
  const last = from + entries.length - 1;
  const indices = entries.length === 0 ? "none" : entries.length === 1 ? `${from}` : `${from} to ${last}`;
  return [...place, type, `${term}`, vote === null ? "-" : `${vote}`, `${commit}`, checksumText(checksum), indices];
}

function detailsOf(seen: SeenFrame, detail: Detail): string[] {
  const { frame, removesTo } = seen;
  if (!frame.valid) {
    return [`${visible(frame.why)}.`, ...fateOf(seen)].flatMap((text) => wrap(INDENT, text));
  }
  return [
    ...(frame.base === null ? [] : wrap(INDENT, baseText(frame.base))),
    ...(removesTo === null ? [] : [`${INDENT}removes ${rangeText(frame.from, removesTo)} of earlier frames`]),
    ...entryLines(frame.entries, detail).map((text) => shortened(INDENT + text, COLUMNS)),
  ];
}

/** What becomes of bytes that are no frame. Of a file that is left over, its heading says it. */
function fateOf({ frame, verdict, isLeftover }: SeenFrame): string[] {
  if (verdict === "torn") {
    return [
      `A torn tail: the next start drops ${bytesText(frame.bytes)}. Nobody was told that this frame was durable.`,
    ];
  }
  return isLeftover ? [] : ["A node refuses to start, and drops nothing: see the end of this report."];
}

function rangeText(from: number, to: number): string {
  return from === to ? `entry ${from}` : `entries ${from} to ${to}`;
}

function baseText({ before, confState, snapshot }: NonNullable<ValidFrame["base"]>): string {
  const log = before.index === 0
    ? "the log from its beginning"
    : `the log behind index ${before.index}, term ${before.term}`;
  const file = snapshot === null
    ? "no snapshot"
    : `snapshot up to index ${snapshot.index}, term ${snapshot.term}, in ${snapshotName(snapshot.number)}`;
  return `base: ${log}; voters ${confState.voters.join(", ")}; ${file}`;
}
