/**
 * The page as HTML that needs nothing else: no network, no files.
 *
 * It carries Raft itself, bundled from `page/app.ts` by `deno task bundle`, and the plan of the run that it plays. What is to
 * be seen is in `page.html`, how it looks in `page.css`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { xml } from "../charts/figure.ts";
import { CONDITIONS } from "../trace/words.ts";

/** The letters of the conditions that have one: `F follower, C candidate, L leader`. */
export const LETTERS: string = Object.values(CONDITIONS).filter(({ letter }) => letter !== "")
  .map(({ letter, one }) => `${letter} ${one}`).join(", ");

/** The page that plays the plan in `data`. Only its own script and style may run in it. */
export function pageOf(title: string, data: unknown): string {
  const [script, style] = [textOf("bundle.js"), textOf("page.css").replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ")];
  const [ofScript, ofStyle] = [script, style].map((text) => createHash("sha256").update(text).digest("base64"));
  const policy = `script-src 'sha256-${ofScript}'; style-src 'sha256-${ofStyle}'; img-src data: blob:`;
  const parts: Readonly<Record<string, string>> = {
    TITLE: xml(title),
    LETTERS,
    POLICY: `default-src 'none'; ${policy}`,
    "<!-- STYLE -->": `<style>${style}</style>`,
    "<!-- SCRIPTS -->": `<script type="application/json" id="plan">${jsonInScript(data)}</script>
<script type="module">${script}</script>`,
  };
  const frame = textOf("page.html").replace(/\n\s*/g, "\n");
  return frame.replace(/TITLE|LETTERS|POLICY|<!-- (STYLE|SCRIPTS) -->/g, (name) => parts[name]);
}

/** A file beside this one. */
function textOf(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

/** `value` as JSON in which nothing can end the script that holds it, or begin another. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
