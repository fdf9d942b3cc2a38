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

const HELP =
  "Click a node, a link or a message to do something to it, or choose it with Tab and Enter; draw a line through links to cut " +
  "them. Touching the past makes another future, and keeps the one that was. The ring around a node is its election timer; in " +
  "it are role and term (F follower, C candidate, L leader) and its commit index. In the logs a filled cell is known to be " +
  "committed, a pale and dashed one is not; ● is how far the leader knows a log to be (matchIndex), ▼ what it would send next " +
  "(nextIndex). In the lanes × marks something broken or mended, ▾ a request. Keys: Space plays and pauses, ← and → step, N " +
  "goes to the next event, Home and End to the ends.";

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
<h1>${name}</h1>
<p id="chapter"></p>
<p id="broken-rule" class="bad"></p>
<p id="alarm" role="alert" hidden></p>
<div class="top">
<div>
<svg id="stage" role="group" aria-label="The cluster"></svg>
<svg id="lanes" aria-hidden="true"></svg>
<input id="range" type="range" min="0" max="0" value="0" aria-label="Tick">
<div class="bar" role="group" aria-label="Time">
<button type="button" id="start" title="Home">To the start</button>
<button type="button" id="back" title="←">Step back</button>
<button type="button" id="play" title="Space">Play</button>
<button type="button" id="step" title="→">Step</button>
<button type="button" id="next" title="N">Next event</button>
<button type="button" id="end" title="End">To the end</button>
<label>Ticks a second <select id="speed"><option>1<option>2<option selected>4<option>8<option>16<option>32</select></label>
<span id="tick"></span>
</div>
<div class="bar" role="group" aria-label="Futures and chapters">
<button type="button" id="swap" hidden>Look at the other future</button>
<span id="tour" hidden><label>Chapter <select id="chapters"></select></label></span>
</div>
</div>
<div class="side">
<section><h2>What happens</h2><div id="news" aria-live="polite" tabindex="0" role="region" aria-label="What happens"></div></section>
<section><h2>Clients</h2><ul id="clients"></ul>
<label><input type="checkbox" id="autopilot"> a client writes every five ticks</label></section>
<section><h2>The stores</h2><ul id="stores"></ul></section>
<section class="bar" role="group" aria-label="All links"><button type="button" id="heal">Mend all links</button>
<label>Lost by chance <select id="loss"><option value="0">none<option value="10">10 %<option value="30">30 %<option value="50">50 %</select></label></section>
</div>
</div>
<section class="below-logs"><h2>The logs</h2><div class="scroll" tabindex="0" role="region" aria-label="The logs"><table id="logs"><thead></thead><tbody></tbody></table></div></section>
<div class="below">
<section><h2>Missions</h2><ol id="missions"></ol><p id="judgement" aria-live="polite"></p></section>
<section><h2>A cluster of your own</h2>
<div class="bar"><label>Nodes <input id="nodes" type="number" min="1" max="9"></label><label>Seed <input id="seed" type="number"></label></div>
<div class="bar"><label>Ticks a message takes <input id="latency" type="number" min="1"></label></div>
<div class="bar"><label>Least election timeout <input id="election" type="number" min="2"></label><label>Heartbeat every <input id="heartbeat" type="number" min="1"></label></div>
<div class="bar"><label>Rule that is taken out <select id="double"><option value="">none</select></label></div>
<div class="bar"><button type="button" id="anew">Start anew</button></div><p id="warning" role="alert"></p></section>
<section><h2>Take the run away</h2><div class="bar"><button type="button" id="link">Link</button><button type="button" id="file">Scenario file</button><button type="button" id="cell">Notebook cell</button><button type="button" id="svg">SVG</button><button type="button" id="png">PNG</button></div>
<textarea id="taken" readonly hidden aria-label="The run, to be copied"></textarea></section>
</div>
<p class="faint">${HELP}</p>
<div id="menu" role="menu" hidden></div>
</main>
<script type="application/json" id="plan">${jsonInScript(data)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** A file beside this one. */
function textOf(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

/** `value` as JSON in which nothing can end the script that holds it, or begin another. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
