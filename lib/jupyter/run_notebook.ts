/**
 * A notebook, run from a fresh kernel.
 *
 * @module
 */
import { dirname } from "node:path";
import { Kernel } from "./kernel_client.ts";
import type { KernelName } from "./kernel_specs.ts";
import { type Cell, codeCells, type Notebook, sourceOf } from "./notebook_file.ts";
import { type Output, toText } from "./outputs.ts";
import type { Problem } from "./problem.ts";

/** Where and how a notebook is run. */
export interface RunOptions {
  readonly kernel: KernelName;
  /** The project's folder. */
  readonly root: string;
  /** The notebook's file: kernels work in its folder. */
  readonly path: string;
  /** The most that a cell may take, in milliseconds. */
  readonly bound: number;
  /** Hears of every cell that has run. */
  readonly progress: (done: number, all: number) => void;
}

/** `notebook` with the outputs of this run, or the cell that failed. The first failure ends the run. */
export async function runNotebook(notebook: Notebook, options: RunOptions): Promise<Notebook | Problem> {
  const code = codeCells(notebook);
  const ran = new Map<number, Cell>();
  const kernel = await Kernel.start(options.kernel, options.root, dirname(options.path));
  try {
    for (const { number, cell } of code) {
      const { outputs, failure } = await kernel.execute(sourceOf(cell), options.bound);
      if (failure !== null) return { cell: number, rule: `run on ${options.kernel}`, detail: failed(failure, outputs) };
      ran.set(number, { ...cell, outputs: [...outputs], execution_count: ran.size + 1 });
      options.progress(ran.size, code.length);
    }
  } finally {
    await kernel.stop();
  }
  return { cells: notebook.cells.map((cell, i) => ran.get(i + 1) ?? cell) };
}

/** The failure, and what the cell had shown before. */
function failed(failure: string, outputs: readonly Output[]): string {
  const shown = outputs.map((output) => output.output_type === "stream" ? toText(output.text) : "").join("").trim();
  return shown === "" || failure.includes(shown) ? failure : `${failure}\nthe cell's output: ${shown}`;
}
