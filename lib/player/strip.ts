/**
 * A film strip: the moments of a run that matter, side by side, where nothing can be played.
 *
 * @module
 */
import { documentOf, xml } from "../charts/figure.ts";
import { ALARM, FAINT, ROLES } from "../charts/palette.ts";
import { wrap } from "../charts/text.ts";
import { type ClusterState, conditionOf, linkOf, type NodeState } from "../trace/fold.ts";
import { CONDITIONS, type NodeCondition } from "../trace/words.ts";
import { headlineOf, type Moment } from "./moments.ts";

const EDGE = 12;
const COLUMNS = 4;
const GAP = 8;

/** A picture: its width and height, how many lines of text it has, and where in it the circle of nodes is. */
const PICTURE = { width: 178, height: 248, lines: 4, x: 89, y: 162, radius: 57 } as const;

/** The size of a node: conditions differ in that too. */
const RADII: Readonly<Record<NodeCondition, number>> = {
  follower: 16,
  preCandidate: 16.5,
  candidate: 17.5,
  leader: 19,
  stopped: 16,
};

/** The strip as a document that stands alone. */
export function drawStrip(title: string, alt: string, moments: readonly Moment[]): string {
  const pictures = moments.map((moment, i) => {
    const [column, row] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    const [x, y] = [EDGE + column * (PICTURE.width + GAP), row * (PICTURE.height + GAP)];
    return `<g transform="translate(${x},${y})">${picture(moment)}</g>`;
  });
  const height = Math.ceil(moments.length / COLUMNS) * (PICTURE.height + GAP) + 4;
  return documentOf({ title, alt, keys: [], height }, pictures.join(""));
}

function picture(moment: Moment): string {
  const lines = wrap(headlineOf(moment), PICTURE.width - 14, 11);
  if (lines.length > PICTURE.lines) lines.splice(PICTURE.lines - 1, Infinity, `${lines[PICTURE.lines - 1]} …`);
  const left = 'text-anchor="start"';
  return `<rect width="${PICTURE.width}" height="${PICTURE.height}" fill="none" stroke="#bbbbbb"/>` +
    text(7, 16, `tick ${moment.tick}`, `${left} font-weight="bold"`) +
    lines.map((line, i) => text(7, 30 + i * 13, line, left)).join("") +
    `<g transform="translate(${PICTURE.x},${PICTURE.y})">${cluster(moment.state)}</g>`;
}

/** Links, and on them the nodes. */
function cluster(state: ClusterState): string {
  const nodes = [...state.nodes.values()];
  const radius = nodes.length === 1 ? 0 : PICTURE.radius;
  const links = nodes.flatMap(({ node: from }, i) =>
    nodes.slice(i + 1).map(({ node: to }, j) => {
      const isOpen = [linkOf(state, from, to), linkOf(state, to, from)].every((link) => link.state === "open");
      const style = isOpen ? 'stroke="#cccccc"' : `stroke="${ALARM}" stroke-dasharray="1.5,7"`;
      const [a, b] = [i, i + 1 + j].map((place) => placeOf(place, nodes.length, radius));
      return `<path d="M${a.x},${a.y}L${b.x},${b.y}" ${style}/>`;
    })
  );
  const circles = nodes.map((node, i) => {
    const name = placeOf(i, nodes.length, radius + RADII[conditionOf(node)] + 8);
    return drawNode(node, placeOf(i, nodes.length, radius)) +
      text(name.x, name.y + 4, `${node.node}${node.clockPaused ? " ‖" : ""}`, `fill="${FAINT}"`);
  });
  return [...links, ...circles].join("");
}

/** The first at the top, clockwise. */
function placeOf(i: number, count: number, radius: number): { x: number; y: number } {
  const angle = 2 * Math.PI * i / count;
  const [x, y] = [radius * Math.sin(angle), -radius * Math.cos(angle)];
  return { x: Number(x.toFixed(1)), y: Number(y.toFixed(1)) };
}

/** A circle, in it role and term, and below them the commit index. */
function drawNode(node: NodeState, { x, y }: { x: number; y: number }): string {
  const condition = conditionOf(node);
  const { fill, stroke, ink, dash = "none" } = ROLES[condition];
  const { letter } = CONDITIONS[condition];
  return `<circle cx="${x}" cy="${y}" r="${RADII[condition]}" fill="${fill}" stroke="${stroke}" stroke-width="1.5" ` +
    `stroke-dasharray="${dash}"/>` +
    text(x, y, letter === "" ? "off" : `${letter}${node.term}`, `fill="${ink}" font-weight="bold" font-size="12"`) +
    text(x, y + 11, `c ${node.commit}`, `fill="${ink}" font-size="10"`);
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${xml(words)}</text>`;
}
