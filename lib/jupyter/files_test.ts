import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { compare, firstDifference } from "./compare.ts";
import { findNotebooks, isSolution, resolvesFrom, ROOT } from "./files.ts";
import { GOOD, goodBut, notebookOf } from "./notebook_cases.ts";
import { NotebookError, parseNotebook, serialise } from "./notebook_file.ts";
import { collect, type Output } from "./outputs.ts";
import { decode, encode } from "./wire.ts";

Deno.test("what was written is read again, and written the same", () => {
  const text = serialise(notebookOf(GOOD));
  strictEqual(serialise(parseNotebook(text)), text);
  ok(text.startsWith('{\n "cells": [\n  {\n   "cell_type": "markdown",\n   "id": "cell-1",'));
});

Deno.test("timings and trust are not written", () => {
  const cell = { cell_type: "markdown", metadata: { execution: { a: 1 }, trusted: true, tags: ["kept"] }, source: "" };
  const text = serialise(parseNotebook(JSON.stringify({ nbformat: 4, cells: [cell] })));
  ok(!/execution|trusted/.test(text) && text.includes("kept"), text);
});

Deno.test("what is no notebook is refused with the place and what is wrong there", () => {
  for (
    const text of ["", "[]", '{"nbformat": 3, "cells": []}', '{"nbformat": 4, "cells": [{"cell_type": "heading"}]}']
  ) {
    throws(() => parseNotebook(text), NotebookError);
  }
});

Deno.test("pieces of a stream are one output, and what is only for this run is left out", () => {
  const outputs: Output[] = [];
  const hear = (type: string, content: Record<string, unknown>) => collect(outputs, { type, parent: "", content });
  hear("stream", { name: "stdout", text: "a" });
  hear("stream", { name: "stdout", text: "b\nc" });
  hear("status", { execution_state: "busy" });
  hear("display_data", { data: { "text/html": "<p>" }, metadata: { isolated: true }, transient: { display_id: "1" } });
  deepStrictEqual(outputs, [
    { output_type: "stream", name: "stdout", text: ["ab\n", "c"] },
    { output_type: "display_data", data: { "text/html": ["<p>"] }, metadata: {} },
  ]);
});

Deno.test("outputs that differ by a character are shown at that character", () => {
  const ran = (text: string) =>
    notebookOf(goodBut(4, { code: "1;", outputs: [{ output_type: "stream", name: "stdout", text }] }));
  deepStrictEqual(compare(ran("same"), ran("same"), "deno"), []);
  const [{ cell, rule, detail }] = compare(ran("term 1\n"), ran("term 2\n"), "deno");
  deepStrictEqual([cell, rule], [4, "outputs on deno"]);
  deepStrictEqual(detail.split("\n").slice(1), ["  kept  stdout: term 1\\n", "  came  stdout: term 2\\n"]);
  const [missing] = compare(ran("x"), notebookOf(goodBut(4, { code: "1;" })), "deno");
  ok(missing.detail.includes("kept  stdout: x\n  came  "), missing.detail);
  ok(firstDifference("x".repeat(100), "x".repeat(99)).includes("…"));
});

Deno.test("a message is read only if it is signed with the key", () => {
  const frames = ["identity", ...encode("7", "status", "key", { a: 1 })];
  deepStrictEqual(decode(frames, "key"), { type: "status", parent: undefined, content: { a: 1 } });
  strictEqual(decode(frames, "another"), null);
  strictEqual(decode(["a", "b"], "key"), null);
});

Deno.test("links are looked up from the notebook's folder", () => {
  const resolves = resolvesFrom(`${ROOT}/lib/x.ipynb`);
  deepStrictEqual([resolves("mod.ts"), resolves("../PLAN.md#plan"), resolves("gone.ts")], [true, true, false]);
  deepStrictEqual([isSolution("a/solutions/x.ipynb"), isSolution("a/x.ipynb")], [true, false]);
  deepStrictEqual(findNotebooks(["gone"]), { found: [], unknown: ["gone"] });
});
