/**
 * A film strip: the moments of a run that matter, side by side, where nothing can be played.
 *
 * @module
 */
import { conditionOf } from "../charts/history.ts";
import { FAINT, INK, PAPER, ROLES } from "../charts/palette.ts";
import { wrap } from "../charts/text.ts";
import type { NodeRow } from "../trace/rows.ts";
import { escapeHtml } from "../notebook/rows.ts";
import type { Moment } from "./marks.ts";
import { BROKEN } from "./page_style.ts";
import type { Scene } from "./scenes.ts";

const WIDTH = 760;
const EDGE = 12;
const COLUMNS = 4;
const GAP = 8;
const TITLE_SIZE = 15;

/** A picture: its width, the lines of text above it, the circle of nodes. */
const PICTURE = {
  width: (WIDTH - 2 * EDGE - (COLUMNS - 1) * GAP) / COLUMNS,
  lines: 4,
  radius: 57,
  circle: 172,
} as const;
const LINE = 13;
const HEIGHT = 24 + PICTURE.lines * LINE + PICTURE.circle;

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** The strip as a document that stands alone. */
export function stripOf(title: string, alt: string, moments: readonly Moment[]): string {
  const lines = wrap(title, (WIDTH - 2 * EDGE) / 1.1, TITLE_SIZE);
  const top = 20 + 20 * lines.length;
  const heading = lines.map((line, i) => text(EDGE, 24 + 20 * i, line, `font-size="${TITLE_SIZE}" font-weight="bold"`));
  const pictures = moments.map((moment, i) => {
    const [column, row] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    const [x, y] = [EDGE + column * (PICTURE.width + GAP), top + row * (HEIGHT + GAP)];
    return `<g transform="translate(${x},${y})">${picture(moment)}</g>`;
  });
  const height = top + Math.ceil(moments.length / COLUMNS) * (HEIGHT + GAP) + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
    `style="max-width: 100%; height: auto" role="img" aria-label="${escapeHtml(title)}" font-family="${FONT}" ` +
    `font-size="11" fill="${INK}"><desc>${escapeHtml(alt)}</desc>` +
    `<rect width="${WIDTH}" height="${height}" fill="${PAPER}"/>${heading.join("")}${pictures.join("")}</svg>\n`;
}

function picture({ scene, text: words }: Moment): string {
  const lines = wrap(words, PICTURE.width - 14, 11);
  const kept = lines.length > PICTURE.lines
    ? [...lines.slice(0, PICTURE.lines - 1), `${lines[PICTURE.lines - 1]} …`]
    : lines;
  const middle = { x: PICTURE.width / 2, y: HEIGHT - PICTURE.circle / 2 };
  return `<rect width="${PICTURE.width}" height="${HEIGHT}" fill="none" stroke="#bbbbbb"/>` +
    text(7, 16, `tick ${scene.tick}`, 'font-weight="bold"') +
    kept.map((line, i) => text(7, 30 + i * LINE, line)).join("") +
    `<g transform="translate(${middle.x},${middle.y})" text-anchor="middle">${cluster(scene)}</g>`;
}

/** Links, and on them the nodes. */
function cluster(scene: Scene): string {
  const { nodes, broken } = scene;
  const places = nodes.map((_, i) => placeOf(i, nodes.length));
  const links = nodes.flatMap(({ node: from }, i) =>
    nodes.slice(i + 1).map(({ node: to }, j) => {
      const whole = !broken.has(`${from}>${to}`) && !broken.has(`${to}>${from}`);
      const style = whole ? 'stroke="#cccccc"' : `stroke="${BROKEN}" stroke-dasharray="1.5,7"`;
      const [a, b] = [places[i], places[i + 1 + j]];
      return `<path d="M${a.x},${a.y}L${b.x},${b.y}" ${style}/>`;
    })
  );
  return [...links, ...nodes.map((row, i) => node(row, scene.muted.has(row.node), places[i]))].join("");
}

/** The first at the top, clockwise. */
function placeOf(i: number, count: number, radius: number = PICTURE.radius): { x: number; y: number } {
  const angle = 2 * Math.PI * i / count;
  const round = (value: number) => Number(value.toFixed(1));
  return count === 1
    ? { x: 0, y: round(PICTURE.radius - radius) }
    : { x: round(radius * Math.sin(angle)), y: round(-radius * Math.cos(angle)) };
}

/** A circle, as large as its role is important, its role and term inside, below them its commit index; its id outside. */
function node(row: NodeRow, muted: boolean, { x, y }: { x: number; y: number }): string {
  const condition = conditionOf(row);
  const { fill, stroke, ink, letter } = ROLES[condition];
  const radius = { follower: 16, candidate: 17.5, leader: 19, stopped: 16 }[condition];
  const dash = condition === "stopped" ? ' stroke-dasharray="4,3"' : "";
  const scale = (PICTURE.radius + radius + 8) / PICTURE.radius;
  const name = x === 0 && y === 0 ? { x: 0, y: -radius - 8 } : { x: x * scale, y: y * scale };
  const style = `fill="${ink}" font-weight="bold" font-size="12"`;
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="1.5"${dash}/>` +
    text(x, y, condition === "stopped" ? "off" : `${letter}${row.term}`, style) +
    text(x, y + 11, `c ${row.commit}`, `fill="${ink}" font-size="10"`) +
    text(
      Number(name.x.toFixed(1)),
      Number((name.y + 4).toFixed(1)),
      `${row.node}${muted ? " muted" : ""}`,
      `fill="${FAINT}"`,
    );
}

function text(x: number, y: number, words: string, attributes: string = ""): string {
  return `<text x="${x}" y="${y}"${attributes === "" ? "" : ` ${attributes}`}>${escapeHtml(words)}</text>`;
}
