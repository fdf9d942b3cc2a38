import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { completeScenarioOptions, type Scenario } from "../scenario/scenario.ts";
import { playOut } from "../scenario/play_out.ts";
import { Trace } from "../trace/trace.ts";
import { verdictLines } from "./demo/text.ts";
import { tell } from "./story/story.ts";
import { visible as sentence, word } from "../trace/text.ts";
import { type Paint, plain, table, wrap } from "./terminal.ts";

Deno.test("what fits is one line, whatever blanks it has; what does not is wrapped, with a hanging indent", () => {
  deepStrictEqual(wrap("- ", "a  b", 6), ["- a  b"]);
  deepStrictEqual(wrap("- ", "one two three", 9), ["- one two", "  three"]);
  deepStrictEqual(wrap("", "one two three", 9, 4), ["one two", "    three"]);
  deepStrictEqual(wrap("- ", "abcdefghijkl mn", 8), ["- abcdef", "  ghijkl", "  mn"]);
});

Deno.test("no wrapped line is wider than it may be, and no word is lost", () => {
  const text = "nodes 1, 2 and 3 learn that index 12345678901234567890 is committed";
  for (let columns = 12; columns < 90; columns++) {
    const lines = wrap("tick 1  ", text, columns);
    ok(lines.every(({ length }) => length <= columns), `${columns}`);
    strictEqual(lines.join("").replaceAll(" ", ""), `tick1${text.replaceAll(" ", "")}`, `${columns}`);
  }
});

Deno.test("a sentence from elsewhere says nothing to the terminal", () => {
  strictEqual(sentence("a\x1b[31m\nb\u2028\u200ec"), "a\\u001b[31m\\nb\\u2028\\u200ec");
  strictEqual(sentence("é and 😀"), "é and 😀");
});

Deno.test("a word is quoted if it could be mistaken", () => {
  deepStrictEqual(["x", "", "a b", "\n"].map(word), ["x", '""', '"a b"', '"\\n"']);
});

Deno.test("a table that is too wide ends in dots", () => {
  deepStrictEqual(table([["a", "long"], ["1", "0123456789"]], plain, 8), ["a  long", "1  0123…"]);
});

Deno.test("headings stand out, and so does whether all is as expected", () => {
  const scenario: Scenario = {
    name: "styled",
    steps: [
      { do: "run", ticks: 1, title: "A part" },
      { do: "expect", that: { is: "leaders", count: 0 } },
      { do: "expect", that: { is: "leaders", count: 1 } },
    ],
  };
  const trace = new Trace();
  playOut(scenario, completeScenarioOptions(scenario, {}), trace.record);
  const paint: Paint = (style, text) => style === "plain" ? text : `<${style}>${text}</>`;
  const story = tell(trace.rows, "events", paint, { key: "x", judged: true, columns: 80 });
  strictEqual(story[0], "<strong>A part</>");
  ok(/^<faint>tick +1<\/> {2}<good>as expected: .*<\/>$/.test(story[1]), story[1]);
  ok(/^<faint>tick +1<\/> {2}<bad>not as expected: .*<\/>$/.test(story[2]), story[2]);
  strictEqual(story[3], "          <bad>found: none does</>");
  ok(/^<bad>Not as expected: .*<\/>$/.test(verdictLines(trace, paint)[0]));
});
