import { deepStrictEqual, fail, match, ok, strictEqual, throws } from "node:assert/strict";
import { play } from "../scenario/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Step } from "../scenario/schema.ts";
import { verdictLines } from "./demo/text.ts";
import { tell } from "./story.ts";
import { COLUMNS, type Paint, paintFor, plain, table, withProgress, wrap, write, writeLines } from "./terminal.ts";

function storyOf(steps: readonly Step[], more: Partial<Scenario> = {}): string[] {
  return [...tell(play({ name: "told", nodes: 3, ...more, steps }).trace.rows, plain, { key: "x", judged: true })];
}

const ELECT: readonly Step[] = [{ do: "campaign", nodes: 1 }, { do: "runUntil", until: { is: "agreed" } }];

Deno.test("what fits is one line, whatever blanks it has; what does not is wrapped, with a hanging indent", () => {
  const [half, long] = ["-".repeat(40), "+".repeat(COLUMNS)];
  deepStrictEqual(wrap("- ", `${half}  a`), [`- ${half}  a`]);
  deepStrictEqual(wrap("", `${half} ${half.slice(1)} b`), [`${half} ${half.slice(1)}`, "b"]);
  deepStrictEqual(wrap("- ", `a ${long} b c`), ["- a", `  ${long}`, "  b c"]);
  deepStrictEqual(wrap("", `a ${long}`, 4), ["a", `    ${long}`]);
});

Deno.test("a table that is too wide ends in dots, and its numbers are flush right", () => {
  const long = "0".repeat(90);
  const rows = [["a", "n", "long"], ["bc", "10", long]];
  deepStrictEqual(table(rows, plain, [1]), ["a    n  long", `bc  10  ${long.slice(0, 71)}…`]);
});

/** A stream that keeps what is written, a few bytes at a time. */
function stream(terminal: boolean) {
  const written: string[] = [];
  const writeSync = (bytes: Uint8Array) => {
    written.push(new TextDecoder().decode(bytes.subarray(0, 3)));
    return Math.min(bytes.length, 3);
  };
  return { isTerminal: () => terminal, writeSync, text: () => written.join("") };
}

Deno.test("colour is for terminals only, and only where NO_COLOR is not set", () => {
  strictEqual(paintFor(stream(false)), plain);
  const paint = paintFor(stream(true));
  strictEqual(paint("good", "elected"), Deno.noColor ? "elected" : "\x1b[32melected\x1b[39m");
  strictEqual(paint("plain", "text"), "text");
});

Deno.test("progress is one line of a terminal, gone in the end, also where the work fails; elsewhere it is not shown", () => {
  const [terminal, file] = [stream(true), stream(false)];
  for (const output of [terminal, file]) {
    strictEqual(withProgress(output, (say) => [1, 2].forEach((n) => say(`${n} of 2`))), undefined);
  }
  deepStrictEqual([terminal.text(), file.text()], ["\r1 of 2\x1b[K\r2 of 2\x1b[K\r\x1b[K", ""]);
  const broken = stream(true);
  throws(() => withProgress(broken, () => fail("broken")), /broken/);
  strictEqual(broken.text(), "\r\x1b[K");
});

Deno.test("lines are written piece by piece, a full pipe is waited for, and no more lines are made than are read", () => {
  const pieces: number[] = [];
  let isFull = false;
  const output = {
    isTerminal: () => false,
    writeSync: ({ length }: Uint8Array) => {
      if (pieces.length === 3) throw new Deno.errors.BrokenPipe();
      isFull = !isFull;
      if (isFull) throw new Deno.errors.WouldBlock();
      return pieces.push(length), length;
    },
  };
  let made = 0;
  writeLines(output, Array.from({ length: 1e6 }).values().map(() => `${made++}`.padStart(99)));
  ok(made < 5000 && pieces.every((length) => length < 1e5), `${made} lines in pieces of ${pieces}`);
  strictEqual(write(output, "more"), false);
});

Deno.test("headings stand out, and so does whether all is as expected", () => {
  const expect = (count: number): Step => ({ do: "expect", that: { is: "leaders", count } });
  const { trace } = play({ name: "styled", steps: [{ do: "run", ticks: 1, title: "A part" }, expect(0), expect(1)] });
  const paint: Paint = (style, text) => style === "plain" ? text : `<${style}>${text}</>`;
  const story = [...tell(trace.rows, paint, { key: "x", judged: true })];
  match(story[0], /^<faint>tick +0 {2}<\/>the election timeouts of /);
  strictEqual(story[2], "<strong>A part</>");
  match(story[3], /^<faint>tick +1 {2}<\/><good>as expected: .*<\/>$/);
  match(story[4], /^<faint>tick +1 {2}<\/><bad>not as expected: .*<\/>$/);
  strictEqual(story[5], "          <bad>found: none does</>");
  match(verdictLines(trace, paint)[0], /^<bad>Not as expected: .*<\/>$/);
});

Deno.test("before the first thing that is broken all nodes are shown, above its heading, and again at the end", () => {
  const story = storyOf([...ELECT, { do: "stop", nodes: 3, title: "Node 3 stops" }, { do: "run", ticks: 1 }]);
  deepStrictEqual(story.slice(story.indexOf("Node 3 stops") - 7), [
    "",
    "all nodes at tick 5, before anything is broken:",
    "node  role      term  commit  applied  x",
    "1     leader    1     1       1        -",
    "2     follower  1     1       1        -",
    "3     follower  1     1       1        -",
    "",
    "Node 3 stops",
    "tick   5  node 3 is stopped",
    "",
    "node  role      term  commit  applied  x",
    "1     leader    1     1       1        -",
    "2     follower  1     1       1        -",
    "3     stopped   1     1       1        -",
  ]);
});

Deno.test("there is one table if nothing is broken, or from the start; clocks that are paused then do not count", () => {
  const count = (steps: readonly Step[]) => storyOf(steps).filter((line) => line.startsWith("node  role")).length;
  const stop: Step = { do: "stop", nodes: 3 };
  strictEqual(count(ELECT), 1);
  strictEqual(count([{ do: "cut", from: 2, to: 3 }, ...ELECT, stop]), 1);
  strictEqual(count([{ do: "pauseClock", nodes: "all" }, ...ELECT, stop]), 2);
});

Deno.test("the tables show the logs if any was there from the start, or mended", () => {
  const story = storyOf(ELECT, { setting: { logs: [[1, 1, 2], [1, 1, 2], [1, 1, 1, 1]] } });
  ok(story.includes("3     follower  3     1 1 2 3        4       4        c"), story.join("\n"));
});

Deno.test("the table of the nodes stands above all that happens in the tick of the first loss", () => {
  const steps: Step[] = [{ do: "run", ticks: 1 }, { do: "dropNext", count: 1, type: "RequestVoteResponse", from: 3 }];
  const story = storyOf([...steps, { do: "campaign", nodes: 1 }, { do: "run", ticks: 1 }]);
  const at = story.findIndex((line) => line.includes("before anything is broken"));
  deepStrictEqual([story[at - 1], story[at + 5]], ["", ""]);
  deepStrictEqual(story.slice(at).filter((line) => line.startsWith("tick   2")), [
    "tick   2  nodes 2 and 3 vote for node 1 in term 1",
    "tick   2  the vote from node 3 to node 1 is lost",
  ]);
});

Deno.test("the table of the nodes stands above the heading of the part in which something is broken, whatever is done before that", () => {
  const story = storyOf([...ELECT, { do: "propose", title: "A write, and a crash" }, { do: "stop", nodes: 3 }]);
  const at = story.findIndex((line) => line.includes("before anything is broken"));
  const part = story.indexOf("A write, and a crash");
  strictEqual(part, at + 6, story.join("\n"));
  strictEqual(story.slice(part).filter((line) => /asked to Put|is stopped/.test(line)).length, 2);
});
