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
import { packed, unpacks } from "./packed.ts";

/** The letters of the conditions that have one: `F follower, C candidate, L leader`. */
const LETTERS: string = Object.values(CONDITIONS).filter(({ letter }) => letter !== "")
  .map(({ letter, one }) => `${letter} ${one}`).join(", ");

/** Unpacks the plan and Raft, and runs it; the page is small because they are compressed. */
const LOADER = `const [plan, raft] = ["plan", "raft"].map((id) => document.getElementById(id));
plan.textContent = await ${unpacks("plan.textContent")};
const text = await ${unpacks("raft.textContent")};
const script = document.createElement("script");
script.src = URL.createObjectURL(new Blob(["(() => {", text, "})();"], { type: "text/javascript" }));
document.body.append(script);`;

/** The page that plays the plan in `data`. Only its own script and style, and what that unpacks, may run in it. */
export function pageOf(title: string, data: unknown): string {
  const style = textOf("page.css").replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ");
  const [ofScript, ofStyle] = [LOADER, style].map((text) => createHash("sha256").update(text).digest("base64"));
  const policy = `script-src 'sha256-${ofScript}' blob:; style-src 'sha256-${ofStyle}'; img-src data: blob:`;
  const parts: Readonly<Record<string, string>> = {
    TITLE: xml(title),
    LETTERS,
    POLICY: `default-src 'none'; ${policy}`,
    "<!-- STYLE -->": `<style>${style}</style>`,
    "<!-- SCRIPTS -->": `<script type="text/plain" id="plan">${packed(JSON.stringify(data))}</script>
<script type="text/plain" id="raft">${packed(textOf("bundle.js"))}</script>
<script type="module">${LOADER}</script>`,
  };
  const frame = textOf("page.html").replace(/\n\s*/g, "\n");
  return frame.replace(/TITLE|LETTERS|POLICY|<!-- (STYLE|SCRIPTS) -->/g, (name) => parts[name]);
}

/** A file beside this one. */
function textOf(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}
