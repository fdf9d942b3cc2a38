/**
 * What a directory says the log is: a prefix of everything that was written to it, or a refusal.
 *
 * Only reads; `wal.ts` then makes the directory so that it can be written to. How is a torn tail told from damage? A frame is
 * written only after the one before it is on the disk. So a crash can spoil the last frame and no other: in part written, its
 * sectors in any order. Where reading stops,
 *
 * - and all that follows can be that one frame, it may never have been durable: a **torn tail**, to be dropped;
 * - and more follows than can belong to it, it had been durable, for others were written behind it: **damage**.
 *
 * How long that frame is, its head tells, at either of its ends. If both are lost, what follows must be nothing: zeros, and less
 * than a head. `isOneTornFrame` decides; what whole frames stand further on is looked up only to tell a person.
 *
 * That is so in the last segment; in all others any bad frame is damage, for the next segment was begun only when they were
 * complete. A segment gets its name when its header and first frame are on the disk, so if these are bad it is damage too, in
 * the last one as well. `damageAt` alone decides.
 *
 * What this cannot see: the last frame, durable once and damaged afterwards; a last segment that is cut, or zeros from some
 * place to its end; a last segment that is lost as a whole; an older copy of the directory. Without a second disk to ask,
 * nothing tells these from a crash, or from the past (Alagappan et al., "Protocol-Aware Recovery for Consensus-Based
 * Storage", FAST 2018). In all segments but the last, the header of the next one tells.
 *
 * Every header says whose the log is, and every frame's checksum begins with the header's: no file and no frame of another
 * node or of another cluster passes.
 *
 * Each frame says how the log differs from the one before it, so the log is a fold of the frames. It may begin with any
 * checkpoint: entries that this takes for granted, because they stood in segments that are gone by now, are remembered as
 * absent until a later checkpoint discards them.
 *
 * @module
 */
import { firstMisplaced } from "../raft/storage.ts";
import { MemStorage } from "../raft/mem_storage.ts";
import type { Entry, HardState, Index } from "../raft/types.ts";
import { type Files, WalError } from "./files.ts";
import { decodeContent, decodeHeader, goesTo, isOneTornFrame, NOBODY, rawFrameAt, viewOf } from "./frame.ts";
import type { BadFrame, Checkpoint, FrameContent, Owner, Position, RawFrame, SegmentHeader } from "./frame.ts";
import { type LogFiles, readSnapshot, requireOwn, segmentName, snapshotName } from "./names.ts";

/** A segment that is there. */
export interface Segment {
  readonly header: SegmentHeader;
  /** The highest index of any entry in it, or in one before it. */
  lastIndex: Index;
}

/** What was found in a directory. */
export interface Recovered {
  /** The log, in memory. */
  readonly memory: MemStorage;
  /** On what it stands, as the last checkpoint says. */
  readonly checkpoint: Checkpoint;
  /** The segments that it is made of, the last one last. */
  readonly segments: readonly Segment[];
  /** Where the next frame goes in the last one. */
  readonly end: Position;
  /** Whether a torn tail is there. */
  readonly torn: boolean;
  /** Names of files that the log has no need of. */
  readonly obsolete: readonly string[];
}

/** A log as some of its frames say it is. */
export interface FoldedLog {
  hardState: HardState;
  checkpoint: Checkpoint;
  /** The index of the first entry that is there; if it is not just behind the checkpoint, what is between them is absent. */
  first: Index;
  readonly entries: Entry[];
}

/** What the segments that were read so far come to. */
interface Reading {
  readonly directory: string;
  readonly files: Files;
  /** Who asks for the log, or whom it belongs to, as far as that is known. */
  owner: Partial<Owner>;
  log: FoldedLog | null;
  end: Position;
  torn: boolean;
  readonly segments: Segment[];
}

/**
 * Read a log; `null` if the directory has none yet.
 *
 * @param owner Who asks for it, as far as that is told.
 * @throws {WalError} `Damaged`, `OtherVersion`, or `ForeignFile` if it is another's.
 */
export function recover(directory: string, files: Files, names: LogFiles, owner: Partial<Owner>): Recovered | null {
  const numbers = lastRun(names.segments);
  const pathOf = (segment: number) => `${directory}/${segmentName(segment)}`;
  const begin: Position = { offset: 0, frame: 1, checksum: 0 };
  const reading: Reading = { directory, files, owner, log: null, end: begin, torn: false, segments: [] };
  const obsolete = names.segments.slice(0, names.segments.length - numbers.length);
  for (const number of obsolete) readHeader(reading, number, files.read(pathOf(number)));
  const last = numbers.at(-1);
  for (const number of numbers) readSegment(reading, number, number === last);
  for (const name of names.unfinished) requireUnfinished(reading, name);
  const { log, end } = reading;
  if (log === null) {
    if (names.snapshots.length === 0) return null;
    throw damaged(pathOf(1), end, "there is a snapshot, but no segment");
  }
  const { checkpoint: { before, confState, snapshot }, first } = log;
  if (first !== before.index + 1) {
    const why = `the entries ${before.index + 1} to ${first - 1} stood in earlier segments, which are missing`;
    throw damaged(pathOf(numbers[0]), { offset: 0, frame: end.frame }, why);
  }
  const memory = MemStorage.newWithEntries(snapshot?.confState ?? confState, before, log.entries);
  if (snapshot !== null) {
    const data = readSnapshot(directory, files, snapshot, reading.owner);
    const file = `${directory}/${snapshotName(snapshot.number)}`;
    if (typeof data === "string") throw damaged(file, { offset: 0, frame: snapshot.number }, data);
    // It may reach further than the log is compacted: the entries it stands for have been kept.
    memory.createSnapshot(snapshot.index, data);
  }
  memory.setConfState(confState);
  memory.setHardState(log.hardState);
  const gone = obsolete.map(segmentName);
  const unnamed = names.snapshots.filter((number) => number !== snapshot?.number).map(snapshotName);
  return { ...reading, memory, checkpoint: log.checkpoint, obsolete: [...names.unfinished, ...gone, ...unnamed] };
}

/** The header of segment `number`, which must belong to whoever asks, and to whom those before it belong. */
function readHeader(reading: Reading, number: number, bytes: Uint8Array): SegmentHeader {
  const file = `${reading.directory}/${segmentName(number)}`;
  const header = decodeHeader(file, bytes, number);
  if (typeof header === "string") throw damaged(file, { offset: 0, frame: reading.end.frame }, header);
  requireOwn(file, header.owner, reading.owner);
  if (header.owner.node !== NOBODY.node) reading.owner = header.owner;
  return header;
}

/** Fails if a file that is named as an unfinished segment has more than the one frame that such a one may have. */
function requireUnfinished({ directory, files, owner }: Reading, name: string): void {
  const [, digits] = /^(\d+)\.log\.tmp$/.exec(name) ?? [];
  if (digits === undefined) return;
  const [file, bytes] = [`${directory}/${name}`, files.read(`${directory}/${name}`)];
  const header = decodeHeader(file, bytes, Number(digits));
  if (typeof header === "string") return;
  requireOwn(file, header.owner, owner);
  const [, second] = framesOf(file, bytes, header);
  if (second === undefined) return;
  throw damaged(file, { ...second, frame: second.number }, "an unfinished segment has one frame at most");
}

/** Let `reading` go on with segment `number`, behind which there is another one unless it `isLast`. */
function readSegment(reading: Reading, number: number, isLast: boolean): void {
  const file = `${reading.directory}/${segmentName(number)}`;
  const bytes = reading.files.read(file);
  const header = readHeader(reading, number, bytes);
  const previous = reading.segments.at(-1);
  const { frame, checksum } = reading.end;
  if (previous !== undefined && (header.first.frame !== frame || header.before !== checksum)) {
    const why = `the frame is missing: segment ${number} goes on behind frame ${header.first.frame - 1}`;
    throw damaged(file.replace(segmentName(number), segmentName(previous.header.number)), reading.end, why);
  }
  const segment = { header, lastIndex: previous?.lastIndex ?? 0 };
  reading.segments.push(segment);
  reading.end = header.first;
  let broken: BrokenFrame | null = null;
  try {
    for (const frame of framesOf(file, bytes, header)) {
      if (!frame.valid) {
        broken = frame;
        break;
      }
      reading.log = fold(reading.log, frame);
      reading.end = { offset: frame.offset + frame.bytes, frame: frame.number + 1, checksum: frame.checksum };
      segment.lastIndex = Math.max(segment.lastIndex, frame.from + frame.entries.length - 1);
    }
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw damaged(file, reading.end, `the frame is whole, but not of this log: ${error.message}`);
  }
  const damage = damageAt(reading.end, broken, header.first, isLast);
  if (damage !== null) throw damaged(file, reading.end, damage);
  reading.torn = broken !== null;
}

/** Why a segment whose whole frames end here has lost something that was durable; `null` if `broken` is at most a torn tail. */
function damageAt(end: Position, broken: BrokenFrame | null, first: Position, isLast: boolean): string | null {
  if (broken?.mayBeTorn === false) return broken.why;
  if (end.frame === first.frame) return "no whole frame is here; but the file got its name when one was on the disk";
  return broken === null || isLast ? null : "this is no frame; but there is a later segment";
}

/** The numbers at the end that have no gap: what is before a gap was being removed when the machine crashed. */
function lastRun(numbers: readonly number[]): readonly number[] {
  const gap = numbers.findLastIndex((number, i) => i > 0 && number !== numbers[i - 1] + 1);
  return numbers.slice(Math.max(0, gap));
}

/**
 * The log that `log`, or nothing, comes to with one more frame. It is changed in place.
 *
 * @throws {RangeError} if the frame takes entries for granted that are not there.
 */
export function fold(log: FoldedLog | null, { hardState, from, entries, checkpoint }: FrameContent): FoldedLog {
  if (log === null) {
    if (checkpoint === null) throw new RangeError("a log begins with a checkpoint");
    return { hardState, checkpoint, first: from, entries: [...entries] };
  }
  log.checkpoint = checkpoint ?? log.checkpoint;
  const { before } = log.checkpoint;
  const discarded = Math.max(0, before.index + 1 - log.first);
  log.entries.splice(0, discarded);
  log.first += discarded;
  const end = log.first + log.entries.length;
  // What is absent may be written anew.
  if (from <= before.index || from > end) {
    throw new RangeError(`its entries begin at index ${from}, the log has those from ${log.first} to ${end - 1}`);
  }
  const misplaced = firstMisplaced(from - 1, log.entries[from - 1 - log.first]?.term ?? 0, entries);
  if (misplaced !== undefined) throw new RangeError(`the term falls at index ${misplaced.index}`);
  log.first = Math.min(log.first, from);
  if (from < end) log.entries.length = from - log.first;
  for (const entry of entries) log.entries.push(entry);
  log.hardState = hardState;
  return log;
}

/** Something durable was lost. `why` says what was found, and how that is known to be no torn write. */
function damaged(file: string, { offset, frame }: Pick<Position, "offset" | "frame">, why: string): WalError {
  const message = `Cannot open the log: ${file}, offset ${offset}, frame ${frame}: ${why}. ` +
    "This node lost data that it may have acknowledged; it must not vote: " +
    "remove it from the cluster, or restore the damaged file";
  return new WalError("Damaged", message);
}

/** A place in a segment where a frame is, or should be. */
export interface FramePlace {
  /** Path of the segment. */
  readonly file: string;
  /** Where the frame begins, in bytes. */
  readonly offset: number;
  /** How long it is; what is no frame reaches to the next one, or to the end. */
  readonly bytes: number;
  /** Its number: 1, 2, 3, … through all segments; 0 if the header does not tell. */
  readonly number: number;
}

/** A frame whose checksum matches, and which goes where it is. */
export interface ValidFrame extends FramePlace, FrameContent {
  /** Its checksum matches, and it follows on the frame before it. */
  readonly valid: true;
  /** Whether it also says on what the log stands, or only changes the log's end. */
  readonly type: "write" | "checkpoint";
  /** CRC-32 of the frame. */
  readonly checksum: number;
}

/** Bytes that are no frame. */
export interface BrokenFrame extends FramePlace {
  /** A frame should be here, and is not. */
  readonly valid: false;
  /** What is wrong. */
  readonly why: string;
  /** Whether they may never have been durable, as far as this segment tells: all of them can be one frame, the last. */
  readonly mayBeTorn: boolean;
}

/** What stands at a place in a segment. */
export type LogFrame = ValidFrame | BrokenFrame;

/**
 * The frames of a segment, and what stands in their places; without a header, for the reason given, none of it is a frame.
 *
 * @throws {RangeError} if a frame says nothing, though its checksum matches: another program wrote it.
 */
export function* framesOf(file: string, bytes: Uint8Array, header: SegmentHeader | string): Generator<LogFrame> {
  if (typeof header === "string") {
    yield { valid: false, file, offset: 0, bytes: bytes.length, number: 0, why: header, mayBeTorn: false };
    return;
  }
  const view = viewOf(bytes);
  let position = header.first;
  while (position.offset < bytes.length) {
    const { offset, frame: number } = position;
    const found = nextFrame(view, position, header);
    if ("checksum" in found) {
      const { length: bytes, checksum } = found;
      const content = decodeContent(view, offset, offset + bytes);
      const type = content.checkpoint === null ? "write" : "checkpoint";
      yield { valid: true, file, offset, bytes, number, type, checksum, ...content };
      position = { offset: offset + bytes, frame: number + 1, checksum };
      continue;
    }
    const mayBeTorn = isOneTornFrame(view, position, header);
    const next = mayBeTorn ? null : frameBehind(view, position, header);
    const left = `${bytes.length - offset} bytes follow, which are not one frame that a crash has torn`;
    const more = mayBeTorn
      ? ""
      : `; but ${next === null ? left : `frame ${next.frame} is whole, at offset ${next.offset}`}`;
    position = next ?? { ...position, offset: bytes.length };
    yield {
      valid: false,
      file,
      offset,
      bytes: position.offset - offset,
      number,
      why: `${found.why}${more}`,
      mayBeTorn,
    };
  }
}

/** The frame that goes at `position`, or why it is not there. */
function nextFrame(view: DataView, position: Position, header: SegmentHeader): RawFrame | BadFrame {
  const found = rawFrameAt(view, position.offset, header);
  if (!("checksum" in found) || goesTo(found, position)) return found;
  const isOther = found.number !== position.frame;
  const what = isOther
    ? `frame ${found.number} stands here, not ${position.frame}`
    : "it does not follow on the frame before";
  return { head: found, why: what };
}

/**
 * The place of the first whole frame behind `position` that has a higher number; `null` if there is none. What the
 * frame follows on is not there to be compared: it is in its place by its checksum. No byte is checksummed twice.
 */
function frameBehind(view: DataView, position: Position, header: SegmentHeader): Position | null {
  for (let offset = position.offset + 1; offset < view.byteLength;) {
    const found = rawFrameAt(view, offset, header, position.frame + 1);
    if ("checksum" in found) return { offset, frame: found.number, checksum: found.previous };
    const length = found.head?.length ?? Infinity;
    offset += length <= view.byteLength - offset ? length : 1;
  }
  return null;
}
