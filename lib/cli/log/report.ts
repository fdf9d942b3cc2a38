/**
 * A log, looked into, as a text: file by file, frame by frame, and in the end what a node that starts there makes of it.
 *
 * @module
 */
import { Codec, CommandError } from "../../command.ts";
import type { Entry, Index, Storage, Term } from "../../raft/mod.ts";
import { KvStore, StateError } from "../../state_machine.ts";
import type { Files } from "../../storage/files.ts";
import { type Checkpoint, HEADER_SIZE } from "../../storage/frame.ts";
import { readSnapshot, segmentName, snapshotName, sortNames } from "../../storage/names.ts";
import type { LogReport } from "../../storage/read_log.ts";
import type { LogFrame } from "../../storage/recover.ts";
import { summariseEntry } from "../../trace/rows.ts";
import { count, list, visible, word } from "../../trace/text.ts";
import { changeText, commandText, configurationText, emptyText, requestText } from "../../trace/words.ts";
import type { NodeLog } from "./cluster_logs.ts";
import { type Paint, shortened, table, wrap } from "../terminal.ts";

/** A log that was read, and how it is to be shown. */
interface Look extends LogReport {
  readonly directory: string;
  readonly files: Files;
  readonly paint: Paint;
  /** The term of the entry before each, where it is known. */
  readonly before: ReadonlyMap<Entry, Term>;
}

const HEADING = ["frame", "valid", "offset", "bytes", "term", "vote", "commit", "checksum", "entries"];
/** The columns of numbers, which are flush right: from "frame" to "commit", but for "valid". */
const NUMBERS = [0, 2, 3, 4, 5, 6];
const INDENT = " ".repeat(7);
/** More bytes of what is no command are not shown. */
const MOST_BYTES = 12;

/** The columns, and what happens to a frame in a crash. */
export const COLUMNS_EXPLAINED = `A frame is what one sync made durable: hard state and entries, all or nothing.
  frame     its number, through all files of the log
  valid     ok: its checksum matches, and it follows on the frame before it;
            torn: no frame, and the next start drops it; bad: no frame either,
            but no start drops it
  offset    where it begins in the file; bytes: how long it is
  term, vote, commit    the hard state as of this frame
  checksum  CRC-32 of the frame, which also covers its place in the file
  entries   the indices it writes; from the first on it replaces what was there
Below a frame stand its entries. A checkpoint, as the first frame of a file is,
also says on what the log stands.

A frame is written only when the one before it is on the disk. So a crash can
spoil the last frame and no other: a torn tail, which the next start drops. If a
crash did it, nobody was told that this frame was durable; a file cut off in
another way looks the same. If more follows a bad frame than can belong to it,
it is damage: the node may have voted or acknowledged by it, and refuses to
start. A node that refuses to start changes nothing.

A new commit index alone is not written: it waits for the next frame, for it can
be learnt again. So a node may have known a greater one than its log holds.
`;

/** The report on a log, and whether a node starts on it. */
export function reportOf({ directory, files, report }: NodeLog, paint: Paint): { lines: string[]; starts: boolean } {
  const look: Look = { ...report, directory, files, paint, before: termsBefore(report.frames) };
  const { segments, snapshots, unfinished, locks, foreign } = sortNames(files.list(directory) ?? []);
  const starts = look.problem === null;
  const others = [
    ...unfinished.map((name) => [name, "a file that was not finished when a crash came, or is just being written"]),
    ...locks.map((name) => [name, `process ${/\d+/.exec(name)} has the log open, or was killed while it had`]),
    ...foreign.map((name) => [name, "it does not belong to a log, and a node starts on nothing but a log"]),
  ];
  const lines = [
    paint("strong", `The log in ${word(directory)}${whose(look)}`),
    ...segments.flatMap((number) => segmentLines(number, look)),
    ...snapshots.flatMap((number) => snapshotLines(number, look)),
    ...others.flatMap(([name, what]) => fileLines(name, what, look)),
    "",
    ...wrap("", verdictText(look, locks.length > 0)).map((line) => paint(starts ? "good" : "bad", line)),
  ];
  return { lines, starts };
}

function termsBefore(frames: readonly LogFrame[]): Map<Entry, Term> {
  const terms = new Map<Index, Term>();
  const before = new Map<Entry, Term>();
  for (const frame of frames) {
    if (!frame.valid) continue;
    if (frame.checkpoint !== null) terms.set(frame.checkpoint.before.index, frame.checkpoint.before.term);
    for (const entry of frame.entries) {
      const term = terms.get(entry.index - 1);
      if (term !== undefined) before.set(entry, term);
      terms.set(entry.index, entry.term);
    }
  }
  return before;
}

function whose({ owner }: Look): string {
  return owner === null || owner.node === 0 ? "" : `, of node ${owner.node} in cluster ${word(owner.cluster)}`;
}

function fileLines(name: string, what: string, { obsolete }: Look): string[] {
  const end = obsolete.includes(name) ? "; obsolete, and removed at the next start" : "";
  return ["", ...wrap("", `${visible(name)}: ${what}${end}`, 2)];
}

function segmentLines(number: number, look: Look): string[] {
  const path = `${look.directory}/${segmentName(number)}`;
  const own = look.frames.filter(({ file }) => file === path);
  const [first, last] = [own.at(0)?.number ?? 0, own.at(-1)?.number ?? 0];
  const frames = own.length === 0
    ? "no frame that can be read"
    : `${first === last ? "frame" : "frames"} ${rangeText(first, last)}`;
  const what = own.at(0)?.offset === 0
    ? "a segment by its name, but its header cannot be used"
    : `a header of ${HEADER_SIZE} bytes and ${frames}`;
  const size = count(look.files.read(path).length, "byte");
  const heading = fileLines(segmentName(number), `${size}, ${what}`, look);
  return own.length === 0 ? heading : [...heading, ...frameLines(own, look)];
}

/** The frames of a segment as a table, with what each of them says below its row. */
function frameLines(frames: readonly LogFrame[], look: Look): string[] {
  const before = look.frames.indexOf(frames[0]) - 1;
  const [heading, ...lines] = table([HEADING, ...frames.map((frame) => rowOf(frame, look))], look.paint, NUMBERS);
  return [
    heading,
    ...frames.flatMap((frame, i) => [
      look.paint(frame.valid ? "plain" : frame === look.torn ? "strong" : "bad", lines[i]),
      ...detailsOf(frame, look.frames[before + i], look).map((text) => look.paint("faint", text)),
    ]),
  ];
}

function rowOf(frame: LogFrame, look: Look): string[] {
  const { number, offset, bytes } = frame;
  const verdict = frame.valid ? "ok" : frame === look.torn ? "torn" : "bad";
  const place = [number === 0 ? "-" : `${number}`, verdict, `${offset}`, `${bytes}`];
  if (!frame.valid) return [...place, "-", "-", "-", "-", "-"];
  const { hardState: { term, vote, commit }, checksum, from, entries } = frame;
  const indices = entries.length === 0 ? "none" : rangeText(from, from + entries.length - 1);
  return [...place, `${term}`, `${vote ?? "-"}`, `${commit}`, checksum.toString(16).padStart(8, "0"), indices];
}

function detailsOf(frame: LogFrame, before: LogFrame | undefined, look: Look): string[] {
  if (!frame.valid) return wrap(INDENT, `${visible(frame.why)}.`);
  const last = before?.valid ? before.from + before.entries.length - 1 : 0;
  return [
    ...(frame.checkpoint === null ? [] : wrap(INDENT, checkpointText(frame.checkpoint))),
    ...(frame.from > last ? [] : [`${INDENT}replaces earlier entries: ${rangeText(frame.from, last)}`]),
    ...frame.entries.map((entry) =>
      shortened(`${INDENT}entry ${entry.index}, term ${entry.term}: ${entryText(entry, look.before.get(entry))}`)
    ),
  ];
}

function checkpointText({ before, confState, snapshot }: Checkpoint): string {
  const log = before.index === 0
    ? "the log begins"
    : `the log goes on behind index ${before.index}, term ${before.term}`;
  const file = snapshot === null
    ? "no snapshot"
    : `snapshot up to index ${snapshot.index}, term ${snapshot.term}, in ${snapshotName(snapshot.number)}`;
  return `checkpoint: ${log}; ${configurationText(confState)}; ${file}`;
}

function entryText(entry: Entry, before: Term | undefined): string {
  const { type, term, data } = entry;
  if (type === "empty") return emptyText(term, before);
  const { change } = summariseEntry(entry);
  if (change !== undefined) return `a change of the configuration: ${changeText(change)}`;
  try {
    const command = Codec.decode(data);
    return `${commandText(command)}${command.by === undefined ? "" : `, ${requestText(command.by)}`}`;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const first = Array.from(data.subarray(0, MOST_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    return `${count(data.length, "byte")}, no command: ${data.length > MOST_BYTES ? `${first} …` : first}`;
  }
}

function snapshotLines(number: number, look: Look): string[] {
  const name = snapshotName(number);
  const size = count(look.files.read(`${look.directory}/${name}`).length, "byte");
  const refs = look.frames.map((frame) => frame.valid ? frame.checkpoint?.snapshot : null);
  const ref = refs.find((each) => each?.number === number);
  if (ref == null) return fileLines(name, `${size}, a snapshot that no whole frame names`, look);
  const data = readSnapshot(look.directory, look.files, ref);
  const what = `${size}, snapshot up to index ${ref.index}, term ${ref.term}, first named by frame ${number}`;
  if (typeof data === "string") return fileLines(name, `${what}; bad: ${visible(data)}`, look);
  return [...fileLines(name, what, look), shortened(`  ${stateText(data)}`)];
}

/** The store that a snapshot holds. */
function stateText(data: Uint8Array): string {
  try {
    const store = KvStore.restore(data);
    const pairs = store.pairs().map(([key, value]) => `${word(key)} = ${word(value)}`);
    const sessions = store.sessions().map(requestText);
    const known = sessions.length === 0 ? [] : [`carried out last: ${list(sessions)}`];
    return [pairs.join(", ") || "an empty store", ...known].join("; ");
  } catch (error) {
    if (error instanceof StateError) return `${count(data.length, "byte")} that are no state of the store`;
    throw error;
  }
}

function verdictText({ problem, storage, torn }: Look, isLocked: boolean): string {
  if (problem !== null) return `A node refuses to start on this log. ${visible(problem)}`;
  if (storage === null) return "A node can start here: it begins a new log, for there is no finished one.";
  const writing = isLocked ? "; unless a node is just writing it, for there is a lock" : "";
  const dropped = torn === null ? "" : ` The torn tail of ${count(torn.bytes, "byte")} is dropped${writing}.`;
  return `A node can start on this log, with ${heldIn(storage)}.${dropped}`;
}

/** What a node starts with: `term 2, no vote, commit index 1, entries 1 to 4`. */
export function heldIn(storage: Storage): string {
  const { term, vote, commit } = storage.initialState().hardState;
  const [first, last] = [storage.firstIndex(), storage.lastIndex()];
  const voted = vote === null ? "no vote" : `its vote for node ${vote}`;
  const entries = last < first ? "no entries" : `entries ${rangeText(first, last)}`;
  return `term ${term}, ${voted}, commit index ${commit}, ${entries}`;
}

function rangeText(from: Index, to: Index): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}
