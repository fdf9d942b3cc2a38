/**
 * A player as a page of HTML that needs nothing else: no network, no files.
 *
 * @module
 */
import { escapeHtml } from "../notebook/rows.ts";
import type { PlayerData } from "./data.ts";
import { STYLE } from "./page_style.ts";
import { CONTROLS } from "./script_controls.ts";
import { DECODE } from "./script_decode.ts";
import { LAYOUT } from "./script_layout.ts";
import { LOGS } from "./script_logs.ts";
import { STAGE } from "./script_stage.ts";

/** The page's script as it is written, with its types in comments. */
export const SCRIPT: string = [DECODE, LAYOUT, STAGE, LOGS, CONTROLS].join("");

/** Nothing may be fetched. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** What the buttons show: pictures 16 by 16. */
const ICONS = {
  start: "M2 2h2v12H2zM14 2v12L5 8z",
  back: "M11 2v12L3 8zM12 2h2v12h-2z",
  play: "M3 1l11 7-11 7z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  step: "M5 2v12l8-6zM2 2h2v12H2z",
  end: "M12 2h2v12h-2zM2 2v12l9-6z",
} as const;

const HELP =
  "Each card is a node at the end of a tick: its letter and colour are its role (F follower, C candidate, L leader; " +
  "grey and dashed: stopped), then come its term, its vote in that term, and how far it has committed and applied. An arrow is " +
  "a message that travels in this tick, thick if it carries entries (+n); one that ends in × is lost. A dashed red line is a " +
  "link that is cut. In the logs below, a filled cell is known to be committed, a pale and dashed one is not. On the time " +
  "line, × marks something broken or mended, C an election, L a new leader. Keys: Space plays and pauses, ← and → step, Home " +
  "and End go to the ends.";

/** The page that plays `data`. */
export function pageOf(data: PlayerData): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(data.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(data.title)}</h1>
<p id="part"></p>
<div id="room"><svg id="stage" role="img"></svg></div>
<div id="marks" aria-hidden="true"></div>
<input id="range" type="range" min="0" max="0" value="0" aria-label="Tick">
<div class="bar" role="group" aria-label="Player">
${button("start", "To the start", "Home")}
${button("back", "Step back", "←")}
<button type="button" id="play" title="Space">${icon("play", "go")}${
    icon("pause", "pause")
  }<span id="play-word">Play</span></button>
${button("step", "Step forward", "→")}
${button("end", "To the end", "End")}
<label>Speed <select id="speed" aria-label="Ticks a second">${speeds()}</select></label>
<span id="tick"></span>
</div>
<p id="news" aria-live="polite"></p>
<div class="scroll"><table id="logs"><caption>The logs</caption><thead></thead><tbody></tbody></table></div>
<p id="help">${HELP}</p>
</main>
<script type="application/json" id="data">${jsonInScript(data)}</script>
<script type="module">${withoutComments(SCRIPT)}</script>
</body>
</html>
`;
}

function button(id: "start" | "back" | "step" | "end", name: string, key: string): string {
  return `<button type="button" id="${id}" aria-label="${name}" title="${name} (${key})">${icon(id)}</button>`;
}

function icon(name: keyof typeof ICONS, role: string = ""): string {
  return `<svg class="${role}" viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

function speeds(): string {
  const names = [1, 2, 4, 8, 16].map((ticks) =>
    `<option value="${ticks}"${ticks === 2 ? " selected" : ""}>${ticks} ${ticks === 1 ? "tick" : "ticks"}/s</option>`
  );
  return names.join("");
}

/** `value` as JSON in which nothing can end the script that holds it, or begin another. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** The types are for the test; the page goes without them. */
function withoutComments(script: string): string {
  return script.replace(/\/\*\*[^]*?\*\//g, "").replace(/^ +/gm, "").replace(/\n{2,}/g, "\n").trim();
}
