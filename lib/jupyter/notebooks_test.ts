import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../jupyter/files.ts";
import { fileOf, GOOD, goodBut, type Piece } from "../jupyter/notebook_cases.ts";
import type { KernelName } from "../jupyter/kernel_specs.ts";
import { type Result, task } from "./main_cases.ts";

const KERNELS: KernelName[] = hasNode() ? ["tslab", "deno"] : ["deno"];

function hasNode(): boolean {
  try {
    return new Deno.Command("node", { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

/** Run `act` with a notebook of `pieces` in a folder of its own. */
async function withNotebook(pieces: readonly Piece[], act: (file: string) => Promise<void>): Promise<void> {
  mkdirSync(join(ROOT, ".jupyter"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".jupyter", "test-"));
  try {
    const file = join(folder, "good.ipynb");
    writeFileSync(file, fileOf(pieces));
    await act(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Run a notebook of `pieces` on `kernel`, with a small bound. */
async function run(pieces: readonly Piece[], kernel: KernelName): Promise<Result> {
  const results: Result[] = [];
  await withNotebook(pieces, async (file) => {
    results.push(await task("notebooks", "--kernel", kernel, "--bound", "5", file));
  });
  return results[0];
}

Deno.test("notebooks keeps the outputs of a run, and --check finds the same on every kernel", async () => {
  await withNotebook(GOOD, async (file) => {
    const kept = await task("notebooks", file);
    deepStrictEqual([kept.status, kept.stdout], [0, `1 notebook run, outputs kept (${KERNELS[0]})\n`], kept.stderr);
    match(kept.stderr, /good\.ipynb on \w+: 4 of 4 cells\n/);
    const text = readFileSync(file, "utf8");
    ok(/alt=\\"[^"]*\. In words\\"/.test(text) && text.includes('"a { x: 1 }\\n"'), text);
    const checked = await task("notebooks", "--check", file);
    deepStrictEqual(
      [checked.status, checked.stdout],
      [0, `1 notebook checked (${KERNELS.join(", ")})\n`],
      checked.stderr,
    );
    strictEqual(readFileSync(file, "utf8"), text);
    writeFileSync(file, text.replace("a { x: 1 }", "a { x: 2 }"));
    const { status, stdout } = await task("notebooks", "--check", "--kernel", "deno", file);
    strictEqual(status, 1);
    match(
      stdout,
      /good\.ipynb, cell 4: outputs on deno: .*\n.*kept.*x: 2.*\n.*came.*x: 1.*\n1 of 1 notebook failed\n$/,
    );
  });
});

for (const kernel of KERNELS) {
  Deno.test(`on ${kernel}, a cell that throws fails the run with its error and what it had printed`, async () => {
    const { status, stdout } = await run(
      goodBut(4, { code: 'console.log("before");\nthrow new Error("oops");' }),
      kernel,
    );
    strictEqual(status, 1);
    match(stdout, RegExp(`good\\.ipynb, cell 4: run on ${kernel}: [^]*oops`));
    match(stdout, /before/);
  });

  Deno.test(`on ${kernel}, a cell that never ends is ended at its bound`, async () => {
    const { status, stdout } = await run(goodBut(4, { code: "for (;;);" }), kernel);
    strictEqual(status, 1);
    match(stdout, RegExp(`good\\.ipynb, cell 4: run on ${kernel}: still running after 5 seconds`));
  });

  Deno.test(`on ${kernel}, a kernel that ends is noticed, with the cell`, async () => {
    const code = 'import process from "node:process";\nprocess.exit(3);';
    const { status, stdout } = await run(goodBut(4, { code }), kernel);
    strictEqual(status, 1);
    match(stdout, RegExp(`good\\.ipynb, cell 4: run on ${kernel}: the kernel ended by itself \\(status 3\\)`));
  });
}

Deno.test("code that cannot be parsed, or has a wrong type, is named with its cell before anything runs", async () => {
  for (const [code, says] of [["const x = ;", /Expression expected/], ['const x: number = "a";', /TS2322/]] as const) {
    const { status, stdout, stderr } = await run(goodBut(4, { code }), "deno");
    deepStrictEqual([status, /4 cells/.test(stderr)], [1, false]);
    match(stdout, /good\.ipynb, cell 4: types: /);
    match(stdout, says);
  }
});

Deno.test("a file that is no notebook is refused in one line", async () => {
  await withNotebook([], async (file) => {
    writeFileSync(file, "{}");
    const { status, stdout, stderr } = await task("notebooks", file);
    deepStrictEqual([status, stdout], [2, ""]);
    match(stderr, /error: [^\n]*good\.ipynb: no notebook[^\n]*\n$/);
  });
});

Deno.test("notebooks --help says what it does, and what its exit status means", async () => {
  const { status, stdout } = await task("notebooks", "--help");
  strictEqual(status, 0);
  for (const part of ["--check", "--kernel K", "--bound S", "Exit status"]) ok(stdout.includes(part), part);
});
