/**
 * The outputs a notebook keeps beside those of a run.
 *
 * @module
 */
import { codeCells, type Notebook } from "./notebook_file.ts";
import { mimeText, type Output, toText } from "./outputs.ts";
import type { Problem } from "./problem.ts";

/** How much of two texts is shown around their first difference, in characters. */
const AROUND = 40;

/** Where the outputs of `came`, a run of `kept` on `kernel`, are not what is kept. */
export function compare(kept: Notebook, came: Notebook, kernel: string): Problem[] {
  const others = codeCells(came);
  return codeCells(kept).flatMap(({ number, cell }, i): Problem[] => {
    const [before, after] = [cell.outputs.map(textOf), others[i].cell.outputs.map(textOf)];
    const at = before.findIndex((text, j) => text !== after[j]);
    const first = at >= 0 ? at : before.length;
    if (at < 0 && before.length === after.length) return [];
    const detail = firstDifference(before[first] ?? "", after[first] ?? "");
    return [{
      cell: number,
      rule: `outputs on ${kernel}`,
      detail: `output ${first + 1} is not what is kept\n${detail}`,
    }];
  });
}

/** Everything there is to an output, its main text last and readable. */
function textOf(output: Output): string {
  if (output.output_type === "stream") return `${output.name}: ${toText(output.text)}`;
  if (output.output_type === "error") return `error: ${output.ename}: ${output.evalue}`;
  const data = Object.entries(output.data).map(([type, value]) => `${type}: ${mimeText(value)}`);
  return `${output.output_type}: ${data.join("\n")}`;
}

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
