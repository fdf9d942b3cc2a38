import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { InvariantViolation } from "./mod.ts";
import { Inflights, Progress } from "./progress.ts";

/** A follower that is known to hold everything up to `matchIndex`. */
function probing(matchIndex: number, nextIndex: number): Progress {
  const progress = new Progress(2, nextIndex, 3);
  progress.matchIndex = matchIndex;
  return progress;
}

/** The same, with what is sent ahead up to `nextIndex - 1`. */
function replicating(matchIndex: number, nextIndex: number): Progress {
  const progress = probing(matchIndex, nextIndex);
  progress.becomeReplicate();
  if (nextIndex > matchIndex + 1) progress.sent(nextIndex - 1);
  return progress;
}

Deno.test("Progress opens its window by what has arrived, and takes the oldest of a full one for lost", () => {
  const progress = replicating(4, 5);
  const window = () => progress.state.kind === "replicate" && progress.state.inflights.toJSON();
  for (const last of [5, 8, 9]) progress.sent(last);
  throws(() => progress.sent(10), InvariantViolation);
  for (const what of ["it is full", "it is not full"]) {
    progress.freeFirstIfFull();
    deepStrictEqual(window(), [8, 9], what);
  }
});

Deno.test("Inflights are what was sent and has not arrived, in order, however many there were", () => {
  const inflights = new Inflights();
  for (let last = 1; last <= 3000; last++) {
    inflights.add(2 * last);
    inflights.freeTo(2 * last - 5);
    const expected = [2 * last - 4, 2 * last - 2, 2 * last].filter((index) => index > 0);
    deepStrictEqual([inflights.toJSON(), inflights.count], [expected, expected.length]);
  }
  inflights.freeTo(Infinity);
  strictEqual(inflights.count, 0);
});

Deno.test("Progress probes from after what is known to be there", () => {
  const afterReplicate = replicating(1, 5);
  afterReplicate.becomeProbe();
  deepStrictEqual([afterReplicate.state.kind, afterReplicate.nextIndex], ["probe", 2]);
  for (const [matchIndex, nextIndex] of [[1, 11], [12, 13]]) {
    const afterSnapshot = probing(matchIndex, 5);
    afterSnapshot.becomeSnapshot(10);
    afterSnapshot.resume();
    throws(() => afterSnapshot.sent(11), InvariantViolation, "nothing is sent while a snapshot is on its way");
    afterSnapshot.becomeProbe();
    deepStrictEqual([afterSnapshot.state, afterSnapshot.nextIndex], [{ kind: "probe", paused: false }, nextIndex]);
  }
});

Deno.test("Progress that probes steps back to the hint when its one probe is rejected", () => {
  const cases: [rejected: number, hint: number, isNews: boolean, nextIndex: number][] = [
    [9, 9, true, 9],
    [9, 5, true, 6],
    [9, 20, true, 9],
    [9, 0, true, 1],
    [8, 3, false, 10],
    [10, 3, false, 10],
  ];
  for (const [rejected, hint, isNews, nextIndex] of cases) {
    const progress = probing(0, 10);
    progress.pause();
    strictEqual(progress.stepBack(rejected, hint), isNews, `rejected ${rejected}, hint ${hint}`);
    deepStrictEqual([progress.nextIndex, progress.isPaused()], [nextIndex, !isNews]);
  }
  const first = probing(0, 1);
  deepStrictEqual([first.stepBack(0, 0), first.nextIndex], [true, 1], "there is nothing before the first entry");
});
