/**
 * The colours of the figures.
 *
 * Chosen so that the smallest distance between two colours stays large for every kind of colour vision; and no
 * figure relies on hue alone.
 *
 * @module
 */
import type { Term } from "../raft/mod.ts";
import type { NodeCondition, Topic } from "../trace/words.ts";

/** A fill, the border around it, its dashes, the text on it, and the height of a bar in pixels: roles differ in it too. */
export interface RoleStyle {
  readonly fill: string;
  readonly stroke: string;
  readonly dash?: string;
  readonly ink: string;
  readonly height: number;
}

/** Text and axes. */
export const INK = "#222222";

/** Text of less weight. */
export const FAINT = "#555555";

/** Behind everything. */
export const PAPER = "#ffffff";

/** Lines that help the eye along. */
export const GRID = "#e4e4e4";

/** What is not there: a stopped node, an entry in a snapshot. */
export const ABSENT = "#e6e6e6";

/** What went wrong. */
export const ALARM = "#b00020";

/** Where messages are lost. */
export const LOSS = "#fbdfe6";

/** Behind the sides of divided nodes, in turn; they differ in lightness too. */
export const SIDES = ["#fdf3d3", "#dad5ea", "#cdebd8"] as const;

/** How each condition looks. */
export const ROLES: Readonly<Record<NodeCondition, RoleStyle>> = {
  follower: { fill: "#c6dbef", stroke: "#6b8fb5", ink: INK, height: 18 },
  preCandidate: { fill: "#F6D58A", stroke: "#8f6300", ink: INK, height: 20 },
  candidate: { fill: "#E69F00", stroke: "#8f6300", ink: INK, height: 23 },
  leader: { fill: "#0b4f8a", stroke: "#0b4f8a", ink: PAPER, height: 28 },
  stopped: { fill: "#8c8c8c", stroke: INK, ink: INK, height: 14, dash: "4,2" },
};

/** The conditions, in the order of legends. */
export const ALL_CONDITIONS = Object.keys(ROLES).filter((key): key is NodeCondition => key in ROLES);

const LOG = "#0b4f8a";

/** The colour of a message, by what it is about. */
export const TOPICS: Readonly<Record<Topic, string>> = {
  vote: "#b35900",
  append: LOG,
  snapshot: LOG,
  proposal: LOG,
  transfer: "#8e2a8e",
  read: "#00735c",
  heartbeat: "#7a7a7a",
};

/** Okabe and Ito's seven, in their order: for nodes. */
export const OKABE_ITO = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"] as const;

/** The colours of terms: none of a role, and as far from each other as Okabe and Ito's, for every kind of colour vision. */
const TERMS = ["#55aa55", "#ccaaff", "#ddee77", "#bb44bb", "#007788", "#99ffaa", "#995555", "#bb5500"] as const;

/** The colour of a term; they come round again after eight, which is why cells name their term too. */
export function termColour(term: Term): string {
  return TERMS[(Math.max(term, 1) - 1) % TERMS.length];
}

/** Whether the colour of a term was that of an earlier one before. */
export function isSecondRound(term: Term): boolean {
  return term > TERMS.length;
}

/** The colours of some terms, where any term is meant. */
export const SOME_TERMS = [1, 2, 3].map(termColour);

/** The text on a fill (`#rrggbb`): white if it is dark. */
export function inkOn(fill: string): string {
  const [red, green, blue] = partsOf(fill);
  return 0.3 * red + 0.6 * green + 0.1 * blue < 125 ? PAPER : INK;
}

function partsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** `colour` (`#rrggbb`), mixed with white: three parts in four are white. */
export function pale(colour: string): string {
  const mixed = partsOf(colour).map((part) => Math.round(255 - (255 - part) / 4));
  return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
