/**
 * What a frame says, and its bytes.
 *
 * In bytes, little end first; a vote of 0 is nobody's, and part three is only in a base:
 *
 * ```text
 * 8 8 8    term, vote, commit index
 * 8 4      index of the first entry (or where it would be), number of entries
 * then for each entry:  8 term, 4 length, data
 * 8 8      index and term just before the log's first entry
 * 4        number of voters, then 8 for each
 * 4        1 if there is a snapshot, then 8 number, 8 index, 8 term, 8 size, 4 checksum; 0 if there is none
 * ```
 *
 * @module
 */
import { newConfState } from "../raft/configuration.ts";
import type { ConfState, Entry, HardState, Index, LogPosition } from "../raft/types.ts";
import { putU64, u64At } from "./bytes.ts";

/** A snapshot, by the file that holds its data. */
export interface SnapshotRef extends LogPosition {
  /** The number in the file's name. */
  readonly number: number;
  /** Bytes of data. */
  readonly size: number;
  /** CRC-32 of the data. */
  readonly checksum: number;
}

/** Entries by the places where they stand. */
export interface Places {
  /** The bytes of a segment. */
  readonly view: DataView;
  /** Where in them each entry begins. */
  readonly offsets: readonly number[];
}

/** A change of the hard state and of the log's end; to be written with its entries, or read, with the places of these. */
export interface WritePayload<Entries = readonly Entry[]> {
  /** The tag. */
  readonly type: "write";
  /** Term, vote and commit index, changed or not. */
  readonly hardState: HardState;
  /** Entries from this index on are no longer those of before. */
  readonly from: Index;
  /** They are these. */
  readonly entries: Entries;
}

/** As a write, and on what the log stands: what a compaction or a snapshot changes, and what begins a segment. */
export interface BasePayload<Entries = readonly Entry[]> extends Omit<WritePayload<Entries>, "type"> {
  /** The tag. */
  readonly type: "base";
  /** Index and term just before the first entry of the log. */
  readonly before: LogPosition;
  /** Who belongs to the cluster. */
  readonly confState: ConfState;
  /** The latest snapshot. */
  readonly snapshot: SnapshotRef | null;
}

/** What a frame says. */
export type Payload<Entries = readonly Entry[]> = WritePayload<Entries> | BasePayload<Entries>;

/** Bytes before the data of an entry: its term and its length. */
export const ENTRY_HEAD_SIZE = 12;

const ENTRIES_AT = 36;

/** How many bytes a payload has. */
export function payloadSize(payload: Payload): number {
  let size = ENTRIES_AT;
  for (const { data } of payload.entries) size += ENTRY_HEAD_SIZE + data.length;
  if (payload.type === "write") return size;
  return size + 24 + 8 * payload.confState.voters.length + (payload.snapshot === null ? 0 : 36);
}

/** Put the bytes of a payload at `offset`. */
export function putPayload(view: DataView, offset: number, payload: Payload): void {
  const { hardState, from, entries } = payload;
  putU64(view, offset, hardState.term);
  putU64(view, offset + 8, hardState.vote ?? 0);
  putU64(view, offset + 16, hardState.commit);
  putU64(view, offset + 24, from);
  view.setUint32(offset + 32, entries.length, true);
  const bytes = new Uint8Array(view.buffer);
  let at = offset + ENTRIES_AT;
  for (const { term, data } of entries) {
    putU64(view, at, term);
    view.setUint32(at + 8, data.length, true);
    bytes.set(data, at + ENTRY_HEAD_SIZE);
    at += ENTRY_HEAD_SIZE + data.length;
  }
  if (payload.type === "base") putBase(view, at, payload);
}

function putBase(view: DataView, offset: number, { before, confState, snapshot }: BasePayload): void {
  putU64(view, offset, before.index);
  putU64(view, offset + 8, before.term);
  view.setUint32(offset + 16, confState.voters.length, true);
  let at = offset + 20;
  for (const voter of confState.voters) {
    putU64(view, at, voter);
    at += 8;
  }
  view.setUint32(at, snapshot === null ? 0 : 1, true);
  if (snapshot === null) return;
  putU64(view, at + 4, snapshot.number);
  putU64(view, at + 12, snapshot.index);
  putU64(view, at + 20, snapshot.term);
  putU64(view, at + 28, snapshot.size);
  view.setUint32(at + 36, snapshot.checksum, true);
}

/**
 * What the payload of a frame says. Its entries stay in the same bytes; see `StoredEntries`.
 *
 * @param type The frame's type.
 * @param view The bytes of the segment.
 * @param offset Where the payload begins.
 * @param end Where it ends.
 * @throws {RangeError} if the bytes are no payload, though their checksum matches: another program wrote them.
 */
export function decodePayload(type: Payload["type"], view: DataView, offset: number, end: number): Payload<Places> {
  const vote = u64At(view, offset + 8);
  const hardState = {
    term: u64At(view, offset),
    vote: vote === 0 ? null : vote,
    commit: u64At(view, offset + 16),
  };
  const from = u64At(view, offset + 24);
  const count = view.getUint32(offset + 32, true);
  const offsets: number[] = [];
  let at = offset + ENTRIES_AT;
  for (let i = 0; i < count; i++) {
    u64At(view, at); // A term that is none is refused here, not when somebody asks for the entry.
    offsets.push(at);
    at += ENTRY_HEAD_SIZE + view.getUint32(at + 8, true);
  }
  const [base, behind] = type === "base" ? decodeBase(view, at) : [null, at];
  if (behind !== end) throw new RangeError(`the payload has ${end - offset} bytes, its content ${behind - offset}`);
  const entries = { view, offsets };
  return base === null
    ? { type: "write", hardState, from, entries }
    : { type: "base", hardState, from, entries, ...base };
}

type Base = Pick<BasePayload, "before" | "confState" | "snapshot">;

/** On what the log stands, and where the bytes that say so end. */
function decodeBase(view: DataView, offset: number): [Base, end: number] {
  const before = { index: u64At(view, offset), term: u64At(view, offset + 8) };
  const count = view.getUint32(offset + 16, true);
  const voters: number[] = [];
  let at = offset + 20;
  for (let i = 0; i < count; i++, at += 8) voters.push(u64At(view, at));
  const base = { before, confState: newConfState({ voters }) };
  if (view.getUint32(at, true) === 0) return [{ ...base, snapshot: null }, at + 4];
  const [number, index, term, size] = [4, 12, 20, 28].map((field) => u64At(view, at + field));
  const checksum = view.getUint32(at + 36, true);
  return [{ ...base, snapshot: { number, index, term, size, checksum } }, at + 40];
}
