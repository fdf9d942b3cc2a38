/**
 * Figures in a file: an SVG document of one, or a small page around one or several.
 *
 * @module
 */
import type { Figure } from "../../charts/figure.ts";
import { writeOutputFile } from "./output_file.ts";

/**
 * Draw `figures` into `file`, whose name ends in `.svg` or `.html`; into an SVG document only the first.
 *
 * @throws {UsageError} if it cannot be written; nothing is left of it then, and a file that was there is as it was.
 */
export async function plotFile(file: string, figures: readonly Figure[]): Promise<void> {
  writeOutputFile(file, file.endsWith(".html") ? await page(figures) : await figures[0].svg());
}

async function page(figures: readonly Figure[]): Promise<string> {
  const sections: string[] = [];
  for (const figure of figures) sections.push(await section(figure));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(figures[0].title)}</title>
<style>body { margin: 2em auto; max-width: 760px; padding: 0 1em; font-family: system-ui, sans-serif; line-height: 1.5; }
figure { margin: 0; }</style>
</head>
<body>
${sections.join("")}</body>
</html>
`;
}

async function section(figure: Figure): Promise<string> {
  return `<figure>
${await figure.svg()}<figcaption>${text(figure.caption)}</figcaption>
</figure>
<h2>In words</h2>
<p>${text(figure.alt)}</p>
`;
}

function text(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
