import { deepStrictEqual, ok } from "node:assert/strict";
import { inWords, print } from "./print.ts";
import { printed } from "./printed_cases.ts";

Deno.test("a wide line is broken between words, and nothing is lost", () => {
  const text = "  a  " + "a word after another ".repeat(20).trim();
  const lines = printed(() => print(text));
  ok(lines.length > 1 && lines.every((line) => line.length <= 110));
  deepStrictEqual(lines.join(" ").replace(/\s+/g, " "), text.replace(/\s+/g, " "));
  ok(lines[0].startsWith("  a  a word"));
});

Deno.test("an empty line, and what is signs to a console, are printed as they are", () => {
  deepStrictEqual(printed(() => print("")), [""]);
  deepStrictEqual(printed(() => print("100 %s of %d")), ["100 %s of %d"]);
});

Deno.test("choices are listed in words", () => {
  deepStrictEqual([inWords([]), inWords(["a"]), inWords(["a", "b", "c"])], ["", '"a"', '"a", "b" or "c"']);
});
