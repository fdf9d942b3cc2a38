/**
 * A player as a page of HTML that needs nothing else: no network, no files.
 *
 * Its script and its style sheet are files beside this one, and stand in the page as they are written.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { xml } from "../charts/figure.ts";
import { ALARM, ALL_CONDITIONS, FAINT, INK, inkOn, pale, PAPER, ROLES, termColour, TOPICS } from "../charts/palette.ts";
import { CONDITIONS } from "../trace/words.ts";
import type { PlayerData } from "./data.ts";

/** Nothing may be fetched. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** The letters of the conditions that have one: `F follower, C candidate, L leader`. */
export const LETTERS: string = Object.values(CONDITIONS).filter(({ letter }) => letter !== "")
  .map(({ letter, one }) => `${letter} ${one}`).join(", ");

const HELP =
  `Each card is a node after all that happened at a tick: its letter and colour are its role (${LETTERS}; grey and dashed: ` +
  "stopped), then come its term, its vote in that term, and how far it has committed and applied. An arrow is a message that " +
  "travels in this tick, thick if it carries entries (+n); one that ends in × is lost. A dotted red line is a way that is " +
  "cut, a dashed black one holds its messages back. In the logs below, a filled cell is known to be committed, a pale and dashed one is not. On the time line, × marks " +
  "something broken or mended, C an election, L a new leader. Keys: Space plays and pauses, ← and → step, Home and End go to " +
  "the ends.";

/** The page that plays `data`. */
export function pageOf(data: PlayerData): string {
  const title = xml(data.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${coloursOf(data)}
${textOf("page.css")}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p id="part"></p>
<svg id="stage" role="img"></svg>
<div id="marks" aria-hidden="true"></div>
<input id="range" type="range" min="0" max="0" value="0" aria-label="Tick">
<div class="bar" role="group" aria-label="Player">
<button type="button" id="start" title="Home">To the start</button>
<button type="button" id="back" title="←">Step back</button>
<button type="button" id="play" title="Space">Play</button>
<button type="button" id="step" title="→">Step forward</button>
<button type="button" id="end" title="End">To the end</button>
<label>Ticks a second <select id="speed"><option>1<option selected>2<option>4<option>8<option>16</select></label>
<span id="tick"></span>
</div>
<p id="news" aria-live="polite"></p>
<div class="scroll"><table id="logs"><caption>The logs</caption><thead></thead><tbody></tbody></table></div>
<p id="help">${HELP}</p>
</main>
<script type="application/json" id="data">${jsonInScript(data)}</script>
<script type="module">${textOf("page_script.js")}</script>
</body>
</html>
`;
}

/** A file beside this one without its comments, and without what only makes it easier to read. */
function textOf(file: string): string {
  const text = readFileSync(new URL(file, import.meta.url), "utf8");
  return text.replace(/\/\*[^]*?\*\//g, "").replace(/^(\s+|\/\/.*)/gm, "").trim();
}

/** The colours as variables of the style sheet: each condition, topic and term has its own. */
function coloursOf({ frames }: PlayerData): string {
  const entries = frames.flatMap(({ nodes }) => nodes.flatMap((node) => node.entries ?? []));
  const page = { paper: PAPER, ink: INK, faint: FAINT, alarm: ALARM, accent: ROLES.leader.fill };
  const conditions = ALL_CONDITIONS.map((condition) => {
    const { fill, stroke, ink } = ROLES[condition];
    return rule(`.${condition}`, { fill, stroke, text: ink, letter: `"${CONDITIONS[condition].letter}"` });
  });
  const topics = Object.entries(TOPICS).map(([name, topic]) => rule(`.${name}`, { topic }));
  const terms = [...new Set(entries.map(([term]) => term))].map((term) => {
    const colour = termColour(term);
    return rule(`.t${term}`, { term: colour, "term-ink": inkOn(colour), "term-pale": pale(colour) });
  });
  return [rule(":root", page), ...conditions, ...topics, ...terms].join("\n");
}

function rule(selector: string, variables: Readonly<Record<string, string>>): string {
  return `${selector}{${Object.entries(variables).map(([name, value]) => `--${name}:${value}`).join(";")}}`;
}

/** `value` as JSON in which nothing can end the script that holds it, or begin another. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
