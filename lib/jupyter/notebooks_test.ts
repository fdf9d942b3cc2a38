import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { task } from "../cli/main_cases.ts";
import { fileOf, GOOD, goodBut, PRINTED } from "./notebook_cases.ts";
import { codeCells, parseNotebook } from "./notebook_file.ts";
import { WORKSHOP } from "./project.ts";

const node = await new Deno.Command("node", { args: ["--version"] }).output().catch(() => null);
const KERNELS = node?.success ? ["tslab", "deno"] : ["deno"];

/** Run the task on notebooks; once more where the package `zeromq` has taken the process with it, which it rarely does. */
async function run(...args: string[]) {
  const result = await task("notebooks", ...args);
  return result.status === SEGMENTATION_FAULT ? await task("notebooks", ...args) : result;
}

const SEGMENTATION_FAULT = 139;

/** Prints on both streams in turns. */
const COMPLAINS = `console.log("before");
console.group();
console.warn("indented");
console.assert(true);
console.assert(false, "%d is no 2", 1);
console.groupEnd();
console.log("after");`;

/** Run `act` with notebooks of these texts in a folder of their own. */
async function withNotebooks(texts: Record<string, string>, act: (...files: string[]) => Promise<void>): Promise<void> {
  const folder = join(WORKSHOP, `test-${Deno.pid}`);
  mkdirSync(folder, { recursive: true });
  const files = Object.keys(texts).map((name) => join(folder, `${name}.ipynb`));
  Object.values(texts).forEach((text, i) => writeFileSync(files[i], text));
  await act(...files).finally(() => rmSync(folder, { recursive: true }));
}

Deno.test("notebooks keeps the outputs of a run, and --check finds the same on every kernel, but for what was changed", async () => {
  await withNotebooks({ good: fileOf(GOOD) }, async (file) => {
    const kept = await run(file);
    deepStrictEqual([kept.status, kept.stdout], [0, `1 notebook run, outputs kept (${KERNELS[0]})\n`], kept.stderr);
    match(kept.stderr, /good\.ipynb on \w+: 6 cells\n/);
    const text = readFileSync(file, "utf8");
    ok(/alt=\\"[^"]*\. In words\\"/.test(text), text);
    const [, { cell: { outputs } }] = codeCells(parseNotebook(text, file));
    deepStrictEqual(outputs.flatMap((output) => output.output_type === "stream" ? output.text : []), PRINTED);
    const changed = text.replace("a { x: 1 }", "a { x: 2 }");
    writeFileSync(file, changed);
    const { status, stdout } = await run("--check", file);
    deepStrictEqual([status, readFileSync(file, "utf8")], [1, changed]);
    const found = stdout.match(/good\.ipynb, cell 4: outputs on \w+: .*\n.*kept.*x: 2.*\n.*came.*x: 1.*\n/g) ?? [];
    strictEqual(found.length, KERNELS.length);
    ok(stdout.endsWith("1 of 1 notebook failed\n") && stdout.split("\n").length === 3 * KERNELS.length + 2, stdout);
  });
});

Deno.test("on every kernel a cell that throws, never ends, or ends the kernel fails its notebook, and says so", async () => {
  const broken = {
    throws: fileOf(goodBut(4, { code: `${COMPLAINS}\nthrow new Error("oops");` })),
    endless: fileOf(goodBut(4, { code: "for (;;);" })),
    exits: fileOf(goodBut(4, { code: 'import process from "node:process";\nprocess.exit(3);' })),
  };
  await withNotebooks(broken, async (...files) => {
    const { status, stdout } = await run("--check", "--bound", "5", ...files);
    strictEqual(status, 1);
    for (const kernel of KERNELS) {
      const place = `\\.ipynb, cell 4: run on ${kernel}: `;
      const why = 'Error: oops|(?=[^]*oops)the kernel answered "error"';
      const before = "before\n  indented\n  Assertion failed: 1 is no 2\nafter\n";
      match(stdout, RegExp(`throws${place}(${why})\nthe cell's output: ${before}`));
      match(stdout, RegExp(`endless${place}still running after 5 seconds`));
      match(stdout, RegExp(`exits${place}the kernel ended by itself \\(status 3\\)`));
    }
    match(stdout, /\n3 of 3 notebooks failed\n$/);
  });
});

Deno.test("a label upon another in a figure is named with the figure's title", async () => {
  const code = `const twice = SVG.replace("</svg>", '<text x="9" y="12">node 2</text></svg>');
await show({ title: "", alt: "In words", caption: "To read", svg: async () => twice });`;
  await withNotebooks({ crowded: fileOf(goodBut(6, { code })) }, async (file) => {
    const { status, stdout } = await run("--check", "--kernel", "deno", file);
    strictEqual(status, 1);
    match(stdout, /crowded\.ipynb: figure: node 1: "node 1" meets "node 2"\n/);
  });
});

Deno.test("code that cannot be parsed, or has a wrong type, is named with its cell, and then nothing is run", async () => {
  for (const [code, says] of [["const x = ;", "Expression expected"], ['const x: number = "a";', "TS2322"]]) {
    await withNotebooks({ good: fileOf(GOOD), wrong: fileOf(goodBut(4, { code })) }, async (...files) => {
      const { status, stdout, stderr } = await run("--kernel", "deno", ...files);
      deepStrictEqual([status, / cells/.test(stderr)], [1, false]);
      match(stdout, RegExp(`wrong\\.ipynb, cell 4: types: [^]*${says}[^]*1 of 2 notebooks failed\n$`));
    });
  }
});
