/**
 * A notebook, run from a fresh kernel, and what came of it beside what the notebook keeps.
 *
 * @module
 */
import { dirname } from "node:path";
import { Kernel, type KernelName } from "./kernel.ts";
import { type Cell, codeCells, type Notebook, type Output, type Problem } from "./notebook_file.ts";

/**
 * `notebook`, the file at `path`, with the outputs of this run on `name`, or the cell that failed: the first failure ends the
 * run. A cell may take `bound` milliseconds.
 */
export async function runNotebook(notebook: Notebook, path: string, name: KernelName, bound: number) {
  const ran = new Map<number, Cell>();
  const kernel = await Kernel.start(name, dirname(path));
  try {
    for (const { number, cell } of codeCells(notebook)) {
      const { outputs, failure } = await kernel.execute(cell.source, bound);
      if (failure !== null) return { cell: number, rule: `run on ${name}`, detail: failed(failure, outputs) };
      ran.set(number, { ...cell, outputs, execution_count: ran.size + 1 });
    }
  } finally {
    await kernel.stop();
  }
  return { cells: notebook.cells.map((cell, i) => ran.get(i + 1) ?? cell) };
}

/** The failure, and what the cell had shown before. */
function failed(failure: string, outputs: readonly Output[]): string {
  const shown = outputs.map((output) => output.output_type === "stream" ? output.text : "").join("").trim();
  return shown === "" || failure.includes(shown) ? failure : `${failure}\nthe cell's output: ${shown}`;
}

/** Where the outputs of `came`, a run of `kept` on `kernel`, are not what is kept. */
export function compare(kept: Notebook, came: Notebook, kernel: KernelName): Problem[] {
  const others = codeCells(came);
  return codeCells(kept).flatMap(({ number, cell }, i): Problem[] => {
    const [before, after] = [cell.outputs.map(textOf), others[i].cell.outputs.map(textOf)];
    const longer = before.length > after.length ? before : after;
    const at = longer.findIndex((_, j) => before[j] !== after[j]);
    if (at < 0) return [];
    const detail = `output ${at + 1} is not what is kept\n${firstDifference(before[at] ?? "", after[at] ?? "")}`;
    return [{ cell: number, rule: `outputs on ${kernel}`, detail }];
  });
}

/** Everything there is to an output. */
function textOf(output: Output): string {
  if (output.output_type === "stream") return `${output.name}: ${output.text}`;
  if (output.output_type === "error") return `error: ${output.ename}: ${output.evalue}`;
  return `${output.output_type}: ${Object.entries(output.data).map(([type, text]) => `${type}: ${text}`).join("\n")}`;
}

/** How much of two texts is shown around their first difference, in characters. */
const AROUND = 40;

/** The first place where two texts differ, in its surroundings. */
export function firstDifference(kept: string, came: string): string {
  let at = 0;
  while (at < kept.length && kept[at] === came[at]) at++;
  const part = (text: string) => {
    const [from, to] = [Math.max(0, at - AROUND), at + AROUND];
    return `${from > 0 ? "…" : ""}${JSON.stringify(text.slice(from, to)).slice(1, -1)}${to < text.length ? "…" : ""}`;
  };
  return `  kept  ${part(kept)}\n  came  ${part(came)}`;
}
