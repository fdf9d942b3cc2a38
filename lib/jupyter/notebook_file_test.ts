import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { GOOD, notebookOf } from "./notebook_cases.ts";
import { collect, type Output, parseNotebook, serialise } from "./notebook_file.ts";
import { difference } from "./notebooks.ts";
import { decode, encode } from "./wire.ts";

Deno.test("what was written is read again, and written the same: line by line, without what is only for one run", () => {
  const good = serialise(notebookOf(GOOD));
  strictEqual(serialise(parseNotebook(good, "x")), good);
  // JupyterLab would add what is missing, and mark the notebook as changed.
  strictEqual(JSON.parse(good).metadata.language_info.version, "3.7.2");
  ok(good.startsWith('{\n "cells": [\n  {\n   "cell_type": "markdown",\n   "id": "cell-1",'));
  const metadata = { execution: { a: 1 }, trusted: true, tags: ["kept"] };
  const output = { output_type: "display_data", data: { "text/html": "a\nb" }, metadata: { isolated: true } };
  const cell = { cell_type: "code", metadata, source: "", outputs: [output] };
  const text = serialise(parseNotebook(JSON.stringify({ nbformat: 4, cells: [cell] }), "x"));
  ok(!/execution"|trusted|isolated/.test(text) && text.includes("kept"), text);
  deepStrictEqual(JSON.parse(text).cells[0].outputs[0].data, { "text/html": ["a\n", "b"] });
});

Deno.test("what is no notebook is refused with the file's name", () => {
  for (const text of ["", "[]", '{"nbformat": 3, "cells": []}', '{"nbformat": 4, "cells": [{"cell_type": "a"}]}']) {
    throws(() => parseNotebook(text, "x.ipynb"), /^UsageError: x\.ipynb: no /);
  }
});

Deno.test("pieces of a stream are one output", () => {
  const outputs: Output[] = [];
  for (const [name, text] of [["stdout", "a"], ["stdout", "b\nc"], ["stderr", "d"]]) {
    collect(outputs, "stream", { name, text });
    collect(outputs, "status", { execution_state: "busy" });
  }
  const said = [["stdout", "ab\nc"], ["stderr", "d"]];
  deepStrictEqual(outputs, said.map(([name, text]) => ({ output_type: "stream", name, text })));
});

Deno.test("outputs that differ by a character are shown at that character", () => {
  const stream = (text: string): Output[] => [{ output_type: "stream", name: "stdout", text }];
  const said = (kept: Output[], came: Output[]) =>
    difference(kept, came)?.replace(/^output 1 is not what is kept\n/, "");
  strictEqual(said(stream("same"), stream("same")), undefined);
  strictEqual(said(stream("term 1\n"), stream("term 2\n")), "  kept  stdout: term 1\\n\n  came  stdout: term 2\\n");
  strictEqual(said(stream("x"), []), "  kept  stdout: x\n  came  ");
  strictEqual(said([], stream("x")), "  kept  \n  came  stdout: x");
  match(said(stream("x".repeat(100)), stream("x".repeat(99))) ?? "", /kept {2}…x+\n {2}came {2}…x+$/);
});

Deno.test("a message is read only if it is signed with the key", () => {
  const frames = ["identity", ...encode("7", "status", "key", { a: 1 })];
  deepStrictEqual(decode(frames, "key"), { type: "status", parent: undefined, content: { a: 1 } });
  deepStrictEqual([decode(frames, "another"), decode(["a", "b"], "key")], [null, null]);
});
