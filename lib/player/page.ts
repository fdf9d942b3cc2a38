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

/** What the buttons show: pictures 16 by 16. */
const ICONS = {
  start: "M2 2h2v12H2zM14 2v12L5 8z",
  back: "M11 2v12L3 8zM12 2h2v12h-2z",
  play: "M3 1l11 7-11 7z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  step: "M5 2v12l8-6zM2 2h2v12H2z",
  end: "M12 2h2v12h-2zM2 2v12l9-6z",
} as const;

/** The letters of the conditions that have one: `F follower, C candidate, L leader`. */
export const LETTERS: string = Object.values(CONDITIONS).filter(({ letter }) => letter !== "")
  .map(({ letter, one }) => `${letter} ${one}`).join(", ");

const HELP =
  `Each card is a node at the end of a tick: its letter and colour are its role (${LETTERS}; grey and dashed: ` +
  "stopped), then come its term, its vote in that term, and how far it has committed and applied. An arrow is a message that " +
  "travels in this tick, thick if it carries entries (+n); one that ends in × is lost. A dashed red line is a link that is " +
  "cut. In the logs below, a filled cell is known to be committed, a pale and dashed one is not. On the time line, × marks " +
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
<div id="room"><svg id="stage" role="img"></svg></div>
<div id="marks" aria-hidden="true"></div>
<input id="range" type="range" min="0" max="0" value="0" aria-label="Tick">
<div class="bar" role="group" aria-label="Player">
${button("start", "To the start", "Home")}
${button("back", "Step back", "←")}
<button type="button" id="play" title="Space">${icon("play", "go")}${icon("pause", "pause")}<span
id="play-word">Play</span></button>
${button("step", "Step forward", "→")}
${button("end", "To the end", "End")}
<label>Speed <select id="speed" aria-label="Ticks a second">${[1, 2, 4, 8, 16].map(speed).join("")}</select></label>
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
  const entries = frames.flatMap(({ nodes }) => nodes.flatMap((node) => node.entries?.[1] ?? []));
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

function button(id: "start" | "back" | "step" | "end", name: string, key: string): string {
  return `<button type="button" id="${id}" aria-label="${name}" title="${name} (${key})">${icon(id)}</button>`;
}

function icon(name: keyof typeof ICONS, role: string = ""): string {
  return `<svg class="${role}" viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

function speed(ticks: number): string {
  return `<option value="${ticks}"${ticks === 2 ? " selected" : ""}>${ticks} ${
    ticks === 1 ? "tick" : "ticks"
  }/s</option>`;
}

/** `value` as JSON in which nothing can end the script that holds it, or begin another. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
