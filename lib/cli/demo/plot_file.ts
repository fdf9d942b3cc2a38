/**
 * A figure in a file: an SVG document, or a small page around it.
 *
 * Floor 9.
 *
 * @module
 */
import type { Figure } from "../../charts/figure.ts";
import { writeOutputFile } from "./output_file.ts";

/**
 * Draw `figure` into `file`, whose name ends in `.svg` or `.html`.
 *
 * @throws {UsageError} if it cannot be written; nothing is left of it then, and a file that was there is as it was.
 */
export async function plotFile(file: string, figure: Figure): Promise<void> {
  const svg = await figure.svg();
  writeOutputFile(file, file.endsWith(".html") ? page(figure, svg) : svg);
}

function page({ title, caption, alt }: Figure, svg: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(title)}</title>
<style>body { margin: 2em auto; max-width: 760px; padding: 0 1em; font-family: system-ui, sans-serif; line-height: 1.5; }
figure { margin: 0; }</style>
</head>
<body>
<figure>
${svg}<figcaption>${text(caption)}</figcaption>
</figure>
<h2>In words</h2>
<p>${text(alt)}</p>
</body>
</html>
`;
}

function text(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
