/**
 * Fuzz runs of the log on disk: a log that a seed decides, whose machine may stop, and then damage of every kind to its files.
 *
 * Opened again it is refused by name, and left as it is; or it holds what was synced: all of it, or all but the last frame,
 * which may never have been durable. It may end before that only where nothing but zeros, or less than the head of a frame, is
 * left of the last segment: no log can tell that from one that never went on.
 *
 * @module
 */
import { assert, type Entry, InvariantViolation, type RandomInt, randomInts, type Storage } from "../raft/mod.ts";
import { FileStorage } from "../storage/file_storage.ts";
import { WalError } from "../storage/files.ts";
import { MemoryFiles } from "../storage/memory_files.ts";
import { readLog } from "../storage/read_log.ts";
import type { LogFrame } from "../storage/recover.ts";

/** How often a damaged log was refused, whole, without its last frame, or cut short. */
export type LogCoverage = Record<"refused" | "whole" | "withoutLast" | "cutShort", number>;

/** Less than this can be left of a frame that was hardly begun: its head. */
const HEAD = 28;
/** More operations than these, and one for every file, no start has to do. */
const MOST_OPERATIONS = 12;

function open(files: MemoryFiles, node = 1, segmentBytes?: number): FileStorage {
  return FileStorage.open("log", { voters: [1, 2, 3] }, { files, segmentBytes, owner: { cluster: "fuzz", node } });
}

/** Everything that a storage holds. */
function textOf(storage: Storage): string {
  const first = storage.firstIndex();
  const entries = storage.entries(first, storage.lastIndex() + 1, Infinity).map(({ term, data }) => `${term} ${data}`);
  const snapshot = first === 1 ? "" : `${storage.snapshot().metadata.index} ${storage.snapshot().data}`;
  return `${JSON.stringify(storage.initialState())} ${first} ${storage.term(first - 1)} ${
    entries.join("|")
  } ${snapshot}`;
}

/** Write the log of `seed` until the machine stops, and tell before each sync what it will hold. */
function write(files: MemoryFiles, node: number, seed: number, tell: (state: string) => unknown): void {
  const random = randomInts(seed);
  const storage = open(files, node, [400, 900, 2 ** 20][random(0, 3)]);
  const bytes = (most: number) => Uint8Array.from({ length: random(0, most) }, () => random(0, 3) * random(0, 128));
  tell(textOf(storage));
  for (let rounds = random(3, 16); rounds > 0; rounds--) {
    const { hardState: { term: before, commit: known }, confState } = storage.initialState();
    const [term, from] = [before + random(rounds % 2, 2), random(0, 4) === 0 ? known + 1 : storage.lastIndex() + 1];
    const entry = (_: unknown, i: number): Entry => ({ type: "command", term, index: from + i, data: bytes(90) });
    storage.append(Array.from({ length: random(0, 4) }, entry));
    const commit = random(known, storage.lastIndex() + 1);
    storage.setHardState({ term, vote: random(0, 4) || null, commit });
    if (random(0, 5) === 0) storage.setConfState({ ...confState, learners: [9 + rounds] });
    const isNews = random(0, 4) === 0 && commit >= storage.firstIndex();
    if (isNews) storage.createSnapshot(commit, bytes(60));
    if (isNews) storage.compact(commit + random(0, 2));
    tell(textOf(storage));
    storage.sync();
  }
}

/** Bytes with something done to them: cut, flipped, inserted, removed, overwritten, zeroed; blocks repeated or swapped. */
function damaged(bytes: Uint8Array, random: RandomInt): Uint8Array {
  const size = [1, random(1, 30), random(1, 300), 512][random(0, 4)];
  const [at, from] = [random(0, bytes.length + 1), random(0, bytes.length + 1)];
  const [before, block, behind] = [bytes.subarray(0, at), bytes.subarray(at, at + size), bytes.subarray(at + size)];
  const [other, noise] = [bytes.subarray(from, from + size), Uint8Array.from(block, () => random(0, 256))];
  const flipped = block.map((byte, i) => i === 0 ? byte ^ (1 << random(0, 8)) : byte);
  const [zeros, toEnd] = [block.map(() => 0), new Uint8Array(bytes.length - at)];
  const moved = [[behind, block], [other, bytes.subarray(at + other.length)], [other, block, behind]];
  const changed = [[flipped, behind], [noise, behind], [noise, block, behind], [zeros, behind], [toEnd]];
  const tails = [[], [behind], ...changed, ...moved];
  return Uint8Array.from([before, ...tails[random(0, tails.length)]].flatMap((part) => [...part]));
}

/** Damage a file, or rename it, remove it, or put another node's in its place; and say which one it was. */
function spoil(files: MemoryFiles, stranger: MemoryFiles, random: RandomInt): string {
  const [names, foreign, kind] = [files.list("log") ?? [], stranger.list("log") ?? [], random(0, 30)];
  const last = names.findLast((name) => name.endsWith(".log")) ?? "";
  const path = `log/${random(0, 2) === 0 ? last : names[random(0, names.length)]}`;
  const bytes = files.read(path);
  if (kind < 2) files.remove(path);
  if (kind === 1) files.put(`${path.replace(/\d(?=\.)/, `${random(0, 10)}`)}${["", ".tmp"][random(0, 2)]}`, bytes);
  if (kind === 2) files.put(path, stranger.read(`log/${foreign[random(0, foreign.length)]}`));
  if (kind > 2) files.put(path, damaged(bytes, random));
  return path;
}

/** The number of the last frame that must be there, with this file spoilt: or else the log is to be refused. */
function leastKept(frames: readonly LogFrame[], files: MemoryFiles, copy: MemoryFiles, path: string): number {
  const last = frames[frames.length - 1];
  if (path !== last.file) return last.number;
  const isThere = copy.list("log")?.includes(path.slice("log/".length));
  const [bytes, left] = [files.read(path), isThere ? copy.read(path) : new Uint8Array()];
  const changed = left.findIndex((byte, i) => byte !== bytes[i]);
  const kept = changed < 0 ? left.length : changed;
  if (left.findLastIndex((byte) => byte !== 0) >= kept + HEAD) return last.number - 1;
  return frames.findLast(({ file, offset, bytes }) => file !== path || offset + bytes <= kept)?.number ?? 1;
}

/** What `act` gives; `null` if the log is refused. */
function unlessRefused<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof WalError) return null;
    throw error;
  }
}

/** What the log in `files` holds; `null` if it is refused, and left as it is. */
function opened(files: MemoryFiles): string | null {
  const [before, most] = [files.operations.length, MOST_OPERATIONS + (files.list("log")?.length ?? 0)];
  const storage = unlessRefused(() => open(files));
  const done = files.operations.length - before;
  assert(done <= (storage === null ? 0 : most), "a start does what there is to do, and a refusal nothing", most, done);
  const text = storage && textOf(storage);
  storage?.close();
  return text;
}

/**
 * Write the log of `seed`, perhaps until its machine stops, and damage it so many times, each time as it was.
 *
 * @throws {InvariantViolation} unless it is then refused, whole, without its last frame, or cut short where nothing is left.
 */
export function fuzzLog(seed: number, damages = 1000): LogCoverage {
  const [files, stranger, random] = [new MemoryFiles(), new MemoryFiles(), randomInts(~seed)];
  const states = [""];
  write(stranger, 2, seed, () => {});
  files.stopAt(random(0, 2 * stranger.operations.length));
  unlessRefused(() => write(files, 1, seed, (state) => states.push(state)));
  files.crash(random(0, 3) === 0 ? "none" : random(0, 200));
  const whole = opened(files) ?? "";
  if (states.length === 1) states.push(whole);
  const { frames } = readLog("log", files);
  const count = frames.length === 0 ? 0 : frames[frames.length - 1].number;
  const isKept = count >= states.length - 2 && whole === states[count];
  if (!isKept) {
    throw new InvariantViolation("a crash leaves all that was synced", { seed, count, synced: states.length - 2 });
  }
  const seen = { refused: 0, whole: 0, withoutLast: 0, cutShort: 0 };
  for (let damage = 0; damage < damages; damage++) {
    const copy = files.copy();
    const path = spoil(copy, stranger, random);
    const [least, state] = [leastKept(frames, files, copy, path), opened(copy)];
    const found = state === null ? count : states.lastIndexOf(state, count);
    const place = { seed, damage, path, found, least, count };
    if (found < least) throw new InvariantViolation("a damaged log is refused, or has all but one frame", place);
    seen[state === null ? "refused" : found === count ? "whole" : found === count - 1 ? "withoutLast" : "cutShort"]++;
  }
  return seen;
}
