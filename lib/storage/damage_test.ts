/** Cuts, flipped bits and strange tails: what a log on disk may look like, and what becomes of it. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { MemoryFiles } from "./memory_files.ts";
import { entry } from "../raft/paper_cases.ts";
import { contentOf, logOnFiles, ONE_SEGMENT, open, PLACE, recovered, statesAfter, withFile } from "./crash_cases.ts";
import { readLog } from "./read_log.ts";
import type { LogFrame, ValidFrame } from "./recover.ts";

const BATCHES = 60;
const FIRST = "0000000001.log";
/** A log of entries in one segment; its content, its frames, and what it comes to after each of them. */
const files = logOnFiles(BATCHES, "entries", ONE_SEGMENT);
const log = contentOf(files, FIRST);
const { frames } = readLog(PLACE, files);
const states = statesAfter(BATCHES, "entries");

const endOf = (frame: LogFrame) => frame.offset + frame.bytes;
/** Its segment has this content instead. */
const withLog = (content: Uint8Array) => withFile(files, FIRST, content);
/** Why the log refuses to open. */
const refusal = (files: MemoryFiles) => readLog(PLACE, files).problem ?? "";

Deno.test("a log cut at any byte has all frames before the cut, and is cut there before it is written to again", () => {
  const ends = frames.map(endOf);
  strictEqual(ends.length, BATCHES + 1);
  for (let length = 0; length <= log.length; length++) {
    const cut = withLog(log.slice(0, length));
    const whole = ends.findLastIndex((end) => end <= length);
    strictEqual(recovered(cut), whole < 0 ? "Damaged" : states[whole], `cut at ${length}`);
    strictEqual(contentOf(cut, FIRST).length, whole < 0 ? length : ends[whole], `cut at ${length}`);
  }
});

for (const [kind, segmentBytes] of [["entries", 1e6], ["entries", 900], ["all", 700]] as const) {
  const batches = 40;
  const log = logOnFiles(batches, kind, segmentBytes);
  const names = log.list(PLACE) ?? [];
  Deno.test(`any flipped bit in ${names.length} files is refused, but in the last frame: it may never have been durable`, () => {
    const before = statesAfter(batches - 1, kind)[batches - 1];
    const last = readLog(PLACE, log).frames.slice(-1)[0];
    ok(last.offset > 100, "the last segment has more than one frame");
    let dropped = 0;
    for (const name of names) {
      const content = contentOf(log, name);
      for (let bit = 0; bit < 8 * content.length; bit++) {
        const flipped = content.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        const isLast = `${PLACE}/${name}` === last.file && bit >> 3 >= last.offset;
        const damaged = withFile(log, name, flipped);
        strictEqual(recovered(damaged, segmentBytes), isLast ? before : "Damaged", `${name}, bit ${bit}`);
        if (isLast) dropped++;
        else strictEqual(contentOf(damaged, name)[bit >> 3], flipped[bit >> 3], "nothing was changed");
      }
    }
    strictEqual(dropped, 8 * last.bytes);
  });
}

Deno.test("a refusal names file, offset and frame, and says what it means", () => {
  const flipped = log.slice();
  flipped[frames[20].offset + 30] ^= 1;
  const message = refusal(withLog(flipped));
  ok(message.startsWith(`Cannot open the log: node1/${FIRST}, offset ${frames[20].offset}, frame 21: `), message);
  match(
    message,
    /checksum does not match; but frame 22 is whole, at offset \d+\. This node lost data .* must not vote: /,
  );
});

Deno.test("zeros behind the end are dropped, however many, and so is part of a frame's head before them", () => {
  for (const zeros of [1, 3, 4, 27, 28, 29, 511, 512, 4096, 100_000]) {
    for (const ofHead of [0, 5, 27]) {
      const behind = [...log.subarray(frames[7].offset, frames[7].offset + ofHead), ...new Uint8Array(zeros)];
      const tail = withLog(new Uint8Array([...log, ...behind]));
      strictEqual(recovered(tail), states[BATCHES], `${ofHead} bytes and ${zeros} zeros`);
      deepStrictEqual(contentOf(tail, FIRST), log);
    }
  }
});

Deno.test("frames that stand behind the end a second time are refused: no crash has written them", () => {
  for (const { offset } of frames) {
    strictEqual(recovered(withLog(new Uint8Array([...log, ...log.slice(offset)]))), "Damaged");
  }
});

Deno.test("a byte that is inserted or removed anywhere is refused, but in the last frame, if that can have been torn so", () => {
  const last = frames[BATCHES].offset;
  for (let at = 0; at < log.length; at += at < last ? 11 : 1) {
    const inserted = recovered(withLog(new Uint8Array([...log.slice(0, at), 7, ...log.slice(at)])));
    strictEqual(inserted, "Damaged", `inserted at ${at}`);
    const removed = recovered(withLog(new Uint8Array([...log.slice(0, at), ...log.slice(at + 1)])));
    const isCut = at >= log.length - 24;
    ok(removed === "Damaged" || (at >= last && isCut && removed === states[BATCHES - 1]), `removed at ${at}`);
  }
});

Deno.test("zeros in the place of any two frames, or of any bytes within the log, are refused", () => {
  for (let i = 1; i < BATCHES - 1; i++) {
    const [from, end] = [frames[i].offset, endOf(frames[i + 1])];
    for (const shift of [0, 1, 28, 40]) {
      const holed = log.slice().fill(0, from + shift, end);
      strictEqual(recovered(withLog(holed)), "Damaged", `zeros from ${from + shift}`);
      const toEnd = recovered(withLog(holed.fill(0, end)));
      strictEqual(toEnd, shift < 28 ? states[i - 1] : "Damaged", `zeros from ${from + shift} to the end`);
    }
  }
});

Deno.test("a tail longer than the frame that begins there says it is, is refused, and one as long or shorter dropped", () => {
  const { offset, bytes } = frames[BATCHES];
  const spoilt = log.slice().fill(9, offset + 30, offset + 40);
  strictEqual(recovered(withLog(spoilt)), states[BATCHES - 1]);
  strictEqual(recovered(withLog(new Uint8Array([...spoilt, 0]))), "Damaged");
  for (let cut = 1; cut < bytes; cut++) {
    strictEqual(recovered(withLog(spoilt.slice(0, -cut))), states[BATCHES - 1], `${cut}`);
  }
});

Deno.test("a frame whose sectors were written in any order, with zeros in between, is dropped", () => {
  for (let from = frames[BATCHES].offset; from < log.length; from += 8) {
    const holed = log.slice().fill(0, from, from + 8);
    if (holed.every((byte, i) => byte === log[i])) continue;
    strictEqual(recovered(withLog(holed)), states[BATCHES - 1], `zeros at ${from}`);
  }
});

Deno.test("old bytes of another segment, in the very place where they stood in it, are refused: files only grow", () => {
  const files = logOnFiles(BATCHES, "entries", 1000);
  const [last, ...others] = (files.list(PLACE) ?? []).reverse();
  const log = contentOf(files, last);
  const longer = others.map((name) => contentOf(files, name)).filter(({ length }) => length > log.length);
  ok(longer.length > 0);
  for (const old of longer) {
    const tail = withFile(files, last, new Uint8Array([...log, ...old.slice(log.length)]));
    strictEqual(recovered(tail, 1000), "Damaged");
  }
});

Deno.test("a frame of another past, in the very place where it stood in it, is refused", () => {
  const [ours, gone] = ["ours", "gone"].map((text) => {
    const past = files.copy();
    const storage = open(past);
    const next = storage.lastIndex() + 1;
    for (const data of [text, `behind ${text}`]) {
      storage.append([entry(99, next, data)]);
      storage.sync();
    }
    storage.close();
    return { content: contentOf(past, FIRST), end: endOf(readLog(PLACE, past).frames[BATCHES + 1]) };
  });
  strictEqual(ours.end, gone.end);
  const kept = ours.content.slice(0, ours.end);
  strictEqual(recovered(withLog(new Uint8Array([...kept, ...gone.content.slice(gone.end)]))), "Damaged");
});

Deno.test("anything behind the end of a segment that another one follows is refused", () => {
  const files = logOnFiles(BATCHES, "entries", 700);
  const tail = withFile(files, FIRST, new Uint8Array([...contentOf(files, FIRST), 0]));
  match(
    refusal(tail),
    /^Cannot open the log: node1\/0000000001\.log, offset \d+, frame \d+: .*there is a later segment/,
  );
});

/** One entry, for which all segments are kept, and then votes and nothing else; `votes(term)` says for whom. */
function logOfVotes(votes: (term: number) => number = () => 1): MemoryFiles {
  const files = logOnFiles(0, "entries", ONE_SEGMENT);
  const storage = open(files, 600);
  storage.append([entry(1, 1, "x")]);
  for (let term = 1; term <= 12; term++) {
    storage.setHardState({ term, vote: votes(term), commit: 0 });
    storage.sync();
  }
  storage.close();
  return files;
}

/** The last frame of one of its segments, which is a mere vote. */
function lastVote(files: MemoryFiles, name: string): ValidFrame {
  const last = readLog(PLACE, files).frames.findLast(({ file }) => file === `${PLACE}/${name}`);
  if (!last?.valid) throw new Error("the log is whole");
  deepStrictEqual(last.entries, []);
  return last;
}

Deno.test("a segment cut by exactly its last frame, a mere vote, is refused: the next segment goes on behind it", () => {
  const files = logOfVotes();
  const names = (files.list(PLACE) ?? []).slice(0, -1);
  ok(names.length > 1, `${names}`);
  for (const [i, name] of names.entries()) {
    const { offset, number } = lastVote(files, name);
    const message = refusal(withFile(files, name, contentOf(files, name).slice(0, offset)));
    const missing = `offset ${offset}, frame ${number}: the frame is missing: segment ${i + 2} goes on behind frame`;
    ok(message.startsWith(`Cannot open the log: ${PLACE}/${name}, ${missing} ${number}`), message);
  }
});

Deno.test("a segment that ends with another vote of the same number is refused: the next one follows on a checksum", () => {
  const ours = logOfVotes();
  const { offset, hardState } = lastVote(ours, FIRST);
  const gone = logOfVotes((term) => term === hardState.term ? 2 : 1);
  const [one, other] = [contentOf(ours, FIRST), contentOf(gone, FIRST)];
  deepStrictEqual([other.length, other.slice(0, offset)], [one.length, one.slice(0, offset)]);
  match(refusal(withFile(ours, FIRST, other)), /segment 2 goes on behind frame \d+/);
  strictEqual(refusal(ours) + refusal(gone), "");
});

Deno.test("a missing segment is refused, if entries are missing with it, and a missing snapshot is", () => {
  for (const files of [logOnFiles(BATCHES, "entries", 700), logOnFiles(40, "all", 700)]) {
    const names = files.list(PLACE) ?? [];
    const needed = names.some((name) => name.endsWith(".snapshot")) ? /snapshot$/ : /log$/;
    for (const name of names.slice(0, -1).filter((name) => needed.test(name))) {
      const copy = files.copy();
      copy.remove(`${PLACE}/${name}`);
      strictEqual(recovered(copy), "Damaged", name);
    }
  }
});

Deno.test("a snapshot that no frame names is removed, and so is what was never finished", () => {
  const files = logOnFiles(40, "all", 700);
  const more = withFile(files, "0000000999.snapshot", new Uint8Array(9));
  more.put(`${PLACE}/0000000998.log.tmp`, new Uint8Array(9));
  strictEqual(recovered(more), statesAfter(40, "all")[40]);
  deepStrictEqual(more.list(PLACE), files.list(PLACE));
});
