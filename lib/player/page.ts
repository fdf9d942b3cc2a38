/**
 * The page as HTML that needs nothing else: no network, no files.
 *
 * It carries Raft itself, bundled from `page/app.ts` by `deno task bundle`, and the plan of the run that it plays.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { xml } from "../charts/figure.ts";
import { CONDITIONS } from "../trace/words.ts";

/** Pictures on buttons, as paths in a square of 20. */
const ICONS: Readonly<Record<string, string>> = {
  start: "M4,4h2v12h-2zM16,4v12l-9,-6z",
  previous: "M10,4v12l-7,-6zM17,4v12l-7,-6z",
  back: "M14,4v12l-9,-6z",
  step: "M6,4v12l9,-6z",
  next: "M10,4v12l7,-6zM3,4v12l7,-6z",
  end: "M16,4h-2v12h2zM4,4v12l9,-6z",
};

/** What moves in time: the button's id, its name, its key. */
const TRANSPORT = [
  ["start", "To the start", "Home"],
  ["previous", "Previous event", "P"],
  ["back", "Step back", "←"],
  ["play", "Play", "Space"],
  ["step", "Step", "→"],
  ["next", "Next event", "N"],
  ["end", "To the end", "End"],
] as const;

/** The letters of the conditions that have one: `F follower, C candidate, L leader`. */
export const LETTERS: string = Object.values(CONDITIONS).filter(({ letter }) => letter !== "")
  .map(({ letter, one }) => `${letter} ${one}`).join(", ");

const SPEEDS = ["¼", "½", "1", "2", "4", "8", "16", "32"];
const SPEED_VALUES = ["0.25", "0.5", "1", "2", "4", "8", "16", "32"];

const HELP = [
  "<b>Touch it.</b> Click a node, a link or a message, or choose it with Tab and Enter. Drag a line over links to cut them. " +
  "What you do in the past makes another future; the one that was is kept.",
  `<b>Read it.</b> In a node are its role (${LETTERS}), its term, and after c its commit index. The ring around it ` +
  "is its election timer: when it is empty, the node campaigns. The squares below it are the end of its log.",
  "<b>The logs.</b> A cell has its entry and the entry's term; filled, it is known to be committed there, pale, it is not. ● is matchIndex: how far the leader knows a log " +
  "to be as its own. ▼ is nextIndex: what it would send next.",
  "<b>Time.</b> In the lanes × is something broken or mended, ▾ a request of a client. Keys: Space plays and pauses, ← and → step, N and P go " +
  "to the next and the previous event, Home and End to the ends.",
];

/** The page that plays the plan in `data`. */
export function pageOf(title: string, data: unknown): string {
  const [script, style] = [textOf("bundle.js"), textOf("page.css").replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ")];
  const sources = [script, style].map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  const policy = `default-src 'none'; script-src ${sources[0]}; style-src ${sources[1]}; img-src data: blob:`;
  const name = xml(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<style>${style}</style>
</head>
<body>
<main>
${bodyOf(name)}
</main>
<script type="application/json" id="plan">${jsonInScript(data)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

function transport([id, label, key]: (typeof TRANSPORT)[number]): string {
  const icon = (name: string, path: string) =>
    `<svg class="icon ${name}" viewBox="0 0 20 20" aria-hidden="true"><path d="${path}"/></svg>`;
  const icons = id === "play"
    ? icon("is-still", "M5,3v14l12,-7z") + icon("is-playing", "M4,3h4v14h-4zM12,3h4v14h-4z")
    : icon("", ICONS[id]);
  return `<button type="button" id="${id}" aria-label="${label}" title="${label} (${key})">${icons}</button>`;
}

const number = (id: string, label: string, bounds: string) =>
  `<label>${label} <input id="${id}" type="number" ${bounds}></label>`;

const options = (values: readonly string[], names: readonly string[], selected: string) =>
  values.map((value, i) => `<option value="${value}"${value === selected ? " selected" : ""}>${names[i]}`).join("");

const plain = (id: string, label: string, more = "") => `<button type="button" id="${id}"${more}>${label}</button>`;

/** What is to be seen. */
function bodyOf(name: string): string {
  return `<header>
<h1>${name}</h1>
<p id="chapter"></p>
<p id="broken-rule" class="bad"></p>
</header>
<section id="quest" aria-label="Mission" hidden>
<p id="task"></p>
<p id="judgement" role="status"></p>
<div class="bar">${plain("show-way", "Show a way")}${plain("again", "Begin again")}${plain("leave", "Leave")}</div>
</section>
<p id="alarm" role="alert" hidden></p>
<div class="columns">
<div class="left">
<svg id="stage" role="group" aria-label="The cluster"></svg>
<p id="said" role="status"></p>
<div id="transport" class="bar" role="group" aria-label="Time">
<span class="buttons">${TRANSPORT.map(transport).join("\n")}</span>
<output id="tick"></output>
<label class="speed">Ticks a second <select id="speed">${options(SPEED_VALUES, SPEEDS, "4")}</select></label>
</div>
<div id="time">
<svg id="lanes" aria-hidden="true"></svg>
<input id="range" type="range" min="0" max="0" value="0" aria-label="Tick">
${plain("swap", "Look at the other future", " hidden")}
</div>
<section id="tour" hidden><h2>The story</h2><p id="premise" class="faint"></p><ol id="chapters"></ol><p id="shows"></p></section>
</div>
<div class="right">
<section class="what"><h2>What happens<span id="when"></span></h2>
<div id="news" aria-live="polite" tabindex="0" role="region" aria-label="What happens"></div>
<details id="arrivals"><summary id="arrivals-count"></summary><ul id="arrived"></ul></details>
<div id="upcoming"></div></section>
<section><h2>Clients</h2><ul id="clients"></ul>
<label><input type="checkbox" id="autopilot"> a client writes every five ticks</label></section>
<section><h2>The stores</h2><ul id="stores"></ul></section>
<section><h2>All links</h2>
<div class="bar">${plain("heal", "Mend")}${plain("cut-leader", "Cut off the leader")}${
    plain("cut-minority", "Leader in a minority")
  }${plain("knife", "Draw a cut", ' aria-pressed="false"')}</div>
<div class="bar"><label>Lost by chance <select id="loss">${
    options(["0", "10", "30", "50"], ["none", "10 %", "30 %", "50 %"], "0")
  }</select></label>
<label>A message takes <select id="delay">${
    options(["1", "2", "3", "4", "5", "8"], ["1 tick", "2 ticks", "3 ticks", "4 ticks", "5 ticks", "8 ticks"], "1")
  }</select></label></div></section>
</div>
</div>
<section class="logs"><h2>The logs</h2><div class="scroll" tabindex="0" role="region" aria-label="The logs"><table id="logs"><thead></thead><tbody></tbody></table></div></section>
<div class="below">
<section><h2>Missions</h2><ul id="missions"></ul></section>
<section><h2>A cluster of your own</h2>
<label class="wide">Scenario <select id="scenario"></select></label>
<div class="bar">${number("seed", "Seed", "")}</div>
<fieldset id="dials"><legend>Without a scenario</legend>
<div class="bar">${number("nodes", "Nodes", 'min="1" max="9"')}</div>
<div class="bar">${number("latency", "Ticks a message takes", 'min="1"')}</div>
<div class="bar">${number("electionTick", "Shortest election timeout", 'min="2"')}</div>
<div class="bar">${number("heartbeatTick", "Ticks between heartbeats", 'min="1"')}</div>
<label class="wide">Rule that is taken out <select id="double"></select></label>
<p id="rule-out" class="faint"></p>
</fieldset>
<p id="warning" role="status" class="bad"></p>
<div class="bar">${plain("anew", "Start")}</div></section>
<section><h2>Take the run away</h2>
<p class="faint">As far as the tick you look at: as an address of this page, as a file for <code>deno task demo</code>, as a line for a notebook, as a picture.</p>
<div class="bar">${plain("link", "Link")}${plain("file", "Scenario file")}${plain("cell", "Notebook cell")}${
    plain("svg", "SVG")
  }${plain("png", "PNG")}</div>
<textarea id="taken" readonly hidden aria-label="The run, to be copied"></textarea></section>
<section class="help"><h2>How to</h2>${HELP.map((line) => `<p class="faint">${line}</p>`).join("")}</section>
</div>
<div id="menu" role="dialog" hidden></div>`;
}

/** A file beside this one. */
function textOf(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

/** `value` as JSON in which nothing can end the script that holds it, or begin another. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
