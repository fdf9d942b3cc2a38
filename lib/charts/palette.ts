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
  heartbeat: "#7a7a7a",
};

/** Okabe and Ito's seven, in their order. */
export const OKABE_ITO = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"] as const;

/** The colour of a term; they come round again after seven, which is why cells name their term too. */
export function termColour(term: Term): string {
  return OKABE_ITO[(Math.max(term, 1) - 1) % OKABE_ITO.length];
}

/** The colours of some terms, where any term is meant. */
export const SOME_TERMS = [1, 2, 3].map(termColour);

/** The text on a fill: white on Okabe and Ito's dark blue, else dark. */
export function inkOn(fill: string): string {
  return fill === "#0072B2" ? PAPER : INK;
}

/** `colour` (`#rrggbb`), mixed with white: four parts in five are white. */
export function pale(colour: string): string {
  const mixed = [1, 3, 5].map((at) => Math.round(255 - (255 - parseInt(colour.slice(at, at + 2), 16)) / 5));
  return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
