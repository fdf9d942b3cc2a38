/** Cuts, flipped bits and strange tails: what a log on disk may look like, and what becomes of it. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { MemoryFiles } from "./memory_files.ts";
import type { Entry } from "../raft/mod.ts";
import { entry } from "../raft/paper_cases.ts";
import { contentOf, logOnFiles, open, PLACE, recovered, statesAfter, withFile } from "./crash_cases.ts";
import { readLog } from "./read_log.ts";
import type { LogFrame } from "./recover.ts";
import { WalError } from "./files.ts";

const FIRST = "0000000001.log";

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function entriesOf(frame: LogFrame): readonly Entry[] {
  return frame.valid ? frame.entries : [];
}

function endOf(frame: LogFrame): number {
  return frame.offset + frame.bytes;
}

/** The message with which the log refuses to open. */
function refusal(files: MemoryFiles): string {
  try {
    open(files);
  } catch (error) {
    if (error instanceof WalError) return error.message;
  }
  return "";
}

Deno.test("a log cut at any byte has all frames before the cut, and is cut there before it is written to again", () => {
  const batches = 300;
  const files = logOnFiles(batches, "entries", 2 ** 30);
  const states = statesAfter(batches, "entries");
  const log = contentOf(files, FIRST);
  const ends = readLog(PLACE, files).frames.map(endOf);
  strictEqual(ends.length, batches + 1);
  for (let length = 0; length <= log.length; length++) {
    const cut = withFile(files, FIRST, log.slice(0, length));
    const whole = ends.findLastIndex((end) => end <= length);
    strictEqual(recovered(cut), whole < 0 ? "Damaged" : states[whole], `cut at ${length}`);
    strictEqual(contentOf(cut, FIRST).length, whole < 0 ? length : ends[whole], `cut at ${length}`);
  }
});

const BATCHES = 40;
for (const [kind, segmentBytes] of [["entries", 1e6], ["entries", 900], ["all", 600]] as const) {
  const log = logOnFiles(BATCHES, kind, segmentBytes);
  const names = log.list(PLACE) ?? [];
  const states = statesAfter(BATCHES, kind);

  Deno.test(`any flipped bit in ${names.length} files is refused, but in the last frame: it may never have been durable`, () => {
    const last = readLog(PLACE, log).frames[readLog(PLACE, log).frames.length - 1];
    ok(last.offset > 100, "the last segment has more than one frame");
    let dropped = 0;
    for (const name of names) {
      const content = contentOf(log, name);
      for (let bit = 0; bit < 8 * content.length; bit++) {
        const flipped = content.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        const isLast = `${PLACE}/${name}` === last.file && bit >> 3 >= last.offset;
        const damaged = withFile(log, name, flipped);
        strictEqual(recovered(damaged, segmentBytes), isLast ? states[BATCHES - 1] : "Damaged", `${name}, bit ${bit}`);
        if (isLast) dropped++;
        else strictEqual(contentOf(damaged, name)[bit >> 3], flipped[bit >> 3], "nothing was changed");
      }
    }
    strictEqual(dropped, 8 * last.bytes);
  });
}

Deno.test("a refusal names file, offset and frame, and says what it means", () => {
  const files = logOnFiles(40, "entries", 2 ** 30);
  const frame = readLog(PLACE, files).frames[20];
  const content = contentOf(files, FIRST);
  content[frame.offset + 30] ^= 1;
  const message = refusal(withFile(files, FIRST, content));
  ok(message.startsWith(`Cannot open the log: node1/0000000001.log, offset ${frame.offset}, frame 21: `), message);
  match(
    message,
    /checksum does not match; but frame 22 is whole, at offset \d+\. This node lost data .* must not vote: /,
  );
});

Deno.test("zeros behind the end are dropped, however many", () => {
  const files = logOnFiles(30, "entries", 2 ** 30);
  const log = contentOf(files, FIRST);
  for (const zeros of [1, 3, 4, 23, 24, 25, 511, 512, 4096, 100_000]) {
    const tail = withFile(files, FIRST, joined(log, new Uint8Array(zeros)));
    strictEqual(recovered(tail), statesAfter(30, "entries")[30], `${zeros} zeros`);
    deepStrictEqual(contentOf(tail, FIRST), log);
  }
});

Deno.test("a frame whose sectors were written in any order, with zeros in between, is dropped", () => {
  const files = logOnFiles(30, "entries", 2 ** 30);
  const log = contentOf(files, FIRST);
  const last = readLog(PLACE, files).frames[30];
  for (let from = last.offset; from < log.length; from += 8) {
    const holed = log.slice().fill(0, from, from + 8);
    if (holed.every((byte, i) => byte === log[i])) continue;
    strictEqual(recovered(withFile(files, FIRST, holed)), statesAfter(30, "entries")[29], `zeros at ${from}`);
  }
});

Deno.test("frames that stand behind the end a second time are dropped", () => {
  const files = logOnFiles(30, "entries", 2 ** 30);
  const log = contentOf(files, FIRST);
  for (const { offset } of readLog(PLACE, files).frames) {
    const tail = withFile(files, FIRST, joined(log, log.slice(offset)));
    strictEqual(recovered(tail), statesAfter(30, "entries")[30], `a copy of what is behind ${offset}`);
  }
});

Deno.test("old bytes of another segment, in the very place where they stood in it, are dropped", () => {
  const files = logOnFiles(60, "entries", 1000);
  const names = files.list(PLACE) ?? [];
  const last = names[names.length - 1];
  const log = contentOf(files, last);
  let tried = 0;
  for (const name of names.slice(0, -1)) {
    const old = contentOf(files, name);
    if (old.length <= log.length) continue;
    tried++;
    const tail = withFile(files, last, joined(log, old.slice(log.length)));
    strictEqual(recovered(tail, 1000), statesAfter(60, "entries")[60], name);
  }
  ok(tried > 0);
});

Deno.test("a frame of another past, in the very place where it stood in it, is dropped", () => {
  const pasts = ["ours", "gone"].map((text) => {
    const files = logOnFiles(10, "entries", 1e6);
    const storage = open(files);
    const next = storage.lastIndex() + 1;
    for (const data of [text, `behind ${text}`]) {
      storage.append([entry(9, next, data)]);
      storage.sync();
    }
    storage.close();
    return contentOf(files, FIRST);
  });
  const files = logOnFiles(10, "entries", 1e6);
  const [ours, gone] = pasts.map((log) => readLog(PLACE, withFile(files, FIRST, log)).frames);
  const frame = ours[11];
  deepStrictEqual([frame.offset, endOf(frame)], [gone[11].offset, endOf(gone[11])]);
  const kept = withFile(files, FIRST, pasts[0].slice(0, endOf(frame)));
  const expected = recovered(kept);
  strictEqual(
    recovered(withFile(files, FIRST, joined(pasts[0].slice(0, endOf(frame)), pasts[1].slice(endOf(frame))))),
    expected,
  );
});

Deno.test("anything behind the end of a segment that another one follows is refused", () => {
  const files = logOnFiles(60, "entries", 700);
  const tail = withFile(files, FIRST, joined(contentOf(files, FIRST), new Uint8Array(9)));
  match(
    refusal(tail),
    /^Cannot open the log: node1\/0000000001\.log, offset \d+, frame \d+: .*there is a later segment/,
  );
});

/** One entry, for which all segments are kept, and then votes and nothing else; `votes(term)` says for whom. */
function logOfVotes(votes: (term: number) => number): MemoryFiles {
  const files = new MemoryFiles();
  const storage = open(files, 420);
  storage.append([entry(1, 1, "x")]);
  for (let term = 1; term <= 12; term++) {
    storage.setHardState({ term, vote: votes(term), commit: 0 });
    storage.sync();
  }
  storage.close();
  return files;
}

Deno.test("a segment cut by exactly its last frame, a mere vote, is refused: the next segment goes on behind it", () => {
  const files = logOfVotes(() => 1);
  const { frames } = readLog(PLACE, files);
  const names = (files.list(PLACE) ?? []).slice(0, -1);
  ok(names.length > 1, `${names}`);
  for (const [i, name] of names.entries()) {
    const last = frames.findLastIndex(({ file }) => file === `${PLACE}/${name}`);
    const { offset, number } = frames[last];
    deepStrictEqual(entriesOf(frames[last]), []);
    const cut = withFile(files, name, contentOf(files, name).slice(0, offset));
    const missing = `${PLACE}/${name}, offset ${offset}, frame ${number}: the frame is missing: ` +
      `segment ${i + 2} goes on behind frame ${number}`;
    ok(refusal(cut).startsWith(`Cannot open the log: ${missing}`), refusal(cut));
  }
});

Deno.test("a segment that ends with another vote of the same number is refused: the next one follows on a checksum", () => {
  const ours = logOfVotes(() => 1);
  const { frames } = readLog(PLACE, ours);
  const last = frames.findLast(({ file }) => file === `${PLACE}/${FIRST}`);
  const term = last?.valid ? last.hardState.term : 0;
  const gone = logOfVotes((of) => of === term ? 2 : 1);
  deepStrictEqual(contentOf(gone, FIRST).slice(0, last?.offset), contentOf(ours, FIRST).slice(0, last?.offset));
  const mixed = withFile(ours, FIRST, contentOf(gone, FIRST));
  strictEqual(contentOf(mixed, FIRST).length, contentOf(ours, FIRST).length);
  match(refusal(mixed), /segment 2 goes on behind frame \d+/);
  strictEqual(refusal(ours) + refusal(gone), "");
});

Deno.test("a missing segment is refused, if entries are missing with it", () => {
  const files = logOnFiles(60, "entries", 700);
  for (const name of (files.list(PLACE) ?? []).slice(0, -1)) {
    const copy = files.copy();
    copy.remove(`${PLACE}/${name}`);
    strictEqual(recovered(copy), "Damaged", name);
  }
});

Deno.test("a missing snapshot is refused, and one that no frame names is removed", () => {
  const files = logOnFiles(40, "all", 700);
  const snapshot = (files.list(PLACE) ?? []).find((name) => name.endsWith(".snapshot")) ?? "";
  const without = files.copy();
  without.remove(`${PLACE}/${snapshot}`);
  strictEqual(recovered(without), "Damaged");
  const more = withFile(
    withFile(files, "0000000999.snapshot", new Uint8Array(9)),
    "0000000998.log.tmp",
    new Uint8Array(9),
  );
  strictEqual(recovered(more), statesAfter(40, "all")[40]);
  deepStrictEqual(more.list(PLACE), files.list(PLACE));
});
