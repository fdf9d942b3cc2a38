/**
 * What a reader sees of a notebook, held against what the notebook keeps.
 *
 * Floor 9.
 *
 * @module
 */
import type { Seen } from "./browser.ts";
import { images } from "./markdown.ts";
import { codeCells, type Notebook } from "./notebook_file.ts";
import { mimeText } from "./outputs.ts";
import type { Problem } from "./problem.ts";

/** The text alternatives of the images that each cell of code keeps. */
export function keptImages(notebook: Notebook): string[][] {
  return codeCells(notebook).map(({ cell }) =>
    cell.outputs.flatMap((output) =>
      output.output_type === "display_data" ? images(mimeText(output.data["text/html"] ?? "")) : []
    ).map(({ alt }) => plain(alt))
  );
}

function plain(html: string): string {
  return html.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
}

/** Whether every image is there, with its text alternative, and large enough to be seen. */
export function imageProblems(notebook: Notebook, { cells }: Seen, rule: string): Problem[] {
  const kept = keptImages(notebook);
  if (cells.length !== kept.length) {
    return [{ cell: null, rule, detail: `${cells.length} cells of code are displayed, of ${kept.length}` }];
  }
  return codeCells(notebook).flatMap(({ number }, i): Problem[] => {
    const shown = cells[i]?.images ?? [];
    if (JSON.stringify(shown.map(({ alt }) => alt)) !== JSON.stringify(kept[i])) {
      return [{
        cell: number,
        rule,
        detail: `${shown.length} images with their text alternatives, of ${kept[i].length}`,
      }];
    }
    const unseen = shown.filter(({ width, height, shown }) => width === 0 || height === 0 || shown === 0);
    return unseen.map(({ alt }) => ({ cell: number, rule, detail: `this image is not displayed: ${alt}` }));
  });
}

/** Whether a run in JupyterLab shows in every cell what was kept there, and no errors. */
export function runProblems(notebook: Notebook, before: Seen, after: Seen, rule: string): Problem[] {
  return codeCells(notebook).flatMap(({ number }, i): Problem[] => {
    const [kept, came] = [before.cells[i], after.cells[i]];
    if (came?.prompt !== `[${i + 1}]:`) return [{ cell: number, rule, detail: `did not run: ${came?.prompt}` }];
    if (came.errors > 0) return [{ cell: number, rule, detail: `an error is displayed: ${came.text.slice(0, 200)}` }];
    return came.text === kept?.text
      ? []
      : [{ cell: number, rule, detail: "displays something else than what is kept" }];
  });
}
