/**
 * The page as HTML that needs nothing else: no network, no files.
 *
 * It carries Raft itself, bundled from `page/app.ts` by `deno task bundle`, and the plan of the run that it plays. What is to
 * be seen is in `page.html`, how it looks in `page.css`.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync, strToU8 } from "fflate";
import { xml } from "../charts/figure.ts";
import { CONDITIONS } from "../trace/words.ts";

/** The letters of the conditions that have one: `F follower, C candidate, L leader`. */
const LETTERS: string = Object.values(CONDITIONS).filter(({ letter }) => letter !== "")
  .map(({ letter, one }) => `${letter} ${one}`).join(", ");

/** Unpacks Raft, and runs it; the page is small because it is compressed. */
const LOADER = `const packed = atob(document.getElementById("raft").textContent);
const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
const script = document.createElement("script");
script.src = URL.createObjectURL(new Blob(["(() => {", text, "})();"], { type: "text/javascript" }));
document.body.append(script);`;

/** The page that plays the plan in `data`. Only its own script and style, and what that unpacks, may run in it. */
export function pageOf(title: string, data: unknown): string {
  const style = textOf("page.css").replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ");
  const [ofScript, ofStyle] = [LOADER, style].map((text) => createHash("sha256").update(text).digest("base64"));
  const policy = `script-src 'sha256-${ofScript}' blob:; style-src 'sha256-${ofStyle}'; img-src data: blob:`;
  const packed = Buffer.from(gzipSync(strToU8(textOf("bundle.js")), { level: 9, mtime: 0 })).toString("base64");
  const parts: Readonly<Record<string, string>> = {
    TITLE: xml(title),
    LETTERS,
    POLICY: `default-src 'none'; ${policy}`,
    "<!-- STYLE -->": `<style>${style}</style>`,
    "<!-- SCRIPTS -->": `<script type="application/json" id="plan">${jsonInScript(data)}</script>
<script type="text/plain" id="raft">${packed}</script>
<script type="module">${LOADER}</script>`,
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
