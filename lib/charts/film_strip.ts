/**
 * A film strip: the moments of a run that matter, side by side, where nothing can be played.
 *
 * @module
 */
import { type ClusterState, conditionOf, linkOf, type NodeState, type Scene } from "../trace/fold.ts";
import { quiet } from "../trace/quiet.ts";
import { type About, type Sentence, Story } from "../trace/story.ts";
import { capital, count, nodeList, ticksText, visible } from "../trace/text.ts";
import { CONDITIONS, type NodeCondition } from "../trace/words.ts";
import { documentOf, type Figure, type Key, pictures, xml } from "./figure.ts";
import { standingOf, STANDINGS } from "./members.ts";
import { ALARM, FAINT, ROLES } from "./palette.ts";
import { sharing } from "./spans.ts";
import { wrap } from "./text.ts";

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

/** What makes a moment matter. */
export type MarkKind = "fault" | "candidate" | "leader";

/** A scene, and what is said of it. */
export interface Moment extends Scene {
  readonly sentences: readonly Sentence[];
  /** Why it matters, if it does. */
  readonly marks: readonly MarkKind[];
}

/** The pictures of a film strip. */
const MOST = 8;

/** What says most of a tick, the first of these first. */
const HEADLINES: readonly About[] = ["role", "link", "fault", "clock", "message", "commit", "campaign", "proposal"];

/** The moments of `scenes` that matter, as a picture and in words. */
export function filmStrip(title: string, scenes: readonly Scene[]): Pick<Figure, "alt" | "svg" | "png"> {
  const moments = momentsOf(scenes);
  const strip = stripOf(moments);
  const alt = altOf(moments, strip);
  return { alt, ...pictures(() => Promise.resolve(drawStrip(title, alt, strip))) };
}

/** Every scene of a run. */
export function momentsOf(scenes: readonly Scene[]): Moment[] {
  const story = new Story();
  return scenes.map((scene, i) => {
    const told = [...story.hear(scene), ...(i === scenes.length - 1 ? story.end() : [])];
    const sentences = told.filter(({ about }) => about !== "part");
    return { ...scene, sentences, marks: marksOf(scene) };
  });
}

function marksOf({ rows, before, state }: Scene): MarkKind[] {
  const isFault = rows.some(({ kind }) => kind === "nodeFault" || kind === "linkFault" || kind === "messageFault");
  // A node can become one of these again in another term.
  const roles = (["candidate", "leader"] as const).filter((role) =>
    [...state.nodes.values()].some((node) => {
      const was = before.nodes.get(node.node);
      const isSame = was !== undefined && conditionOf(was) === role && was.term === node.term;
      return conditionOf(node) === role && !isSame;
    })
  );
  return isFault ? ["fault", ...roles] : roles;
}

/** The sentence that says most. */
export function headlineOf(moment: Moment): string {
  const abouts: readonly About[] = isChange(moment) ? ["apply", ...HEADLINES] : HEADLINES;
  const found = abouts.map((about) => moment.sentences.find((sentence) => sentence.about === about));
  return sentence((found.find((it) => it !== undefined) ?? moment.sentences.at(0))?.text ?? quiet(moment));
}

function sentence(text: string): string {
  return `${capital(visible(text))}.`;
}

/** The first moment and the last, and what matters most between them; the first of each kind before the second of any. */
export function stripOf(moments: readonly Moment[]): Moment[] {
  const marked = (mark: MarkKind) => moments.filter(({ marks }) => marks.includes(mark));
  const queues = [
    marked("leader"),
    marked("fault"),
    firstApplied(moments),
    moments.filter(isChange),
    marked("candidate"),
  ];
  const chosen = new Set([...moments.slice(0, 1), ...moments.slice(-1)]);
  for (let round = 0; queues.some((queue) => round < queue.length); round++) {
    for (const queue of queues) if (round < queue.length && chosen.size < MOST) chosen.add(queue[round]);
  }
  return moments.filter((moment) => chosen.has(moment));
}

/** Where a leader first applies a client's command, and where that happens again after a fault. */
function firstApplied(moments: readonly Moment[]): Moment[] {
  let waits = true;
  return moments.filter(({ rows, state, marks }) => {
    waits ||= marks.includes("fault");
    const isApplied = waits &&
      rows.some((row) =>
        row.kind === "apply" && row.outcome.kind !== "Empty" && state.nodes.get(row.node)?.role === "leader"
      );
    waits &&= !isApplied;
    return isApplied;
  });
}

/** Whether a leader changes the configuration. */
function isChange({ rows, before }: Moment): boolean {
  return rows.some((row) =>
    row.kind === "apply" && row.outcome.kind === "Configuration" && before.nodes.get(row.node)?.role === "leader"
  );
}

function altOf(moments: readonly Moment[], strip: readonly Moment[]): string {
  const ticks = ticksText(moments[0].tick, moments[moments.length - 1].tick);
  const pictures = strip.map((moment) => `Tick ${moment.tick}: ${headlineOf(moment)} ${stateText(moment)}`);
  const nodes = count(moments[0].state.nodes.size, "node");
  return `${count(strip.length, "moment")} of a run of ${nodes} ${ticks}. ${pictures.join(" ")}`;
}

/** Nodes that are the same share a clause. */
function stateText({ state }: Moment): string {
  const facts = new Map([...state.nodes.values()].map((node) => {
    const term = node.running ? `, term ${node.term}` : "";
    const standing = standingOf(node) === "voter" ? "" : ` (${standingOf(node)})`;
    return [node.node, `${conditionOf(node)}${standing}${term}, commit ${node.commit}`];
  }));
  return `${capital(sharing(facts).map(([fact, ids]) => `${nodeList(ids)}: ${fact}`).join("; "))}.`;
}

/** The strip as a document that stands alone. */
function drawStrip(title: string, alt: string, moments: readonly Moment[]): string {
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

/** A circle, in it role and term, and below them the commit index; upon it what shows that the node does not vote. */
function drawNode(node: NodeState, { x, y }: { x: number; y: number }): string {
  const condition = conditionOf(node);
  const { fill, stroke, ink, dash = "none" } = ROLES[condition];
  const { letter } = CONDITIONS[condition];
  const standing = standingOf(node);
  const circle = (look: string) => `<circle cx="${x}" cy="${y}" r="${RADII[condition]}" ${look}/>`;
  return circle(`fill="${fill}" stroke="${stroke}" stroke-width="1.5" stroke-dasharray="${dash}"`) +
    (standing === "voter" ? "" : circle(markOf(STANDINGS[standing]))) +
    text(x, y, letter === "" ? "off" : `${letter}${node.term}`, `fill="${ink}" font-weight="bold" font-size="12"`) +
    text(x, y + 11, `c ${node.commit}`, `fill="${ink}" font-size="10"`);
}

function markOf({ fill, fillOpacity, stroke, dash = "none" }: Key & { readonly fillOpacity: number }): string {
  return `fill="${fill}" fill-opacity="${fillOpacity}" stroke="${stroke}" stroke-dasharray="${dash}"`;
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${xml(words)}</text>`;
}
