/**
 * The moments of a run that matter: marked on the player's time line, and drawn in its film strip.
 *
 * @module
 */
import type { TraceRow } from "../trace/rows.ts";
import { happenings } from "./words.ts";
import type { Scene } from "./scenes.ts";

/** What makes a moment matter. */
export type MarkKind = "fault" | "election" | "leader";

/** A mark on the time line. */
export interface Mark {
  /** Which scene, from 0. */
  readonly at: number;
  /** What kind. */
  readonly kind: MarkKind;
}

/** A picture of the film strip. */
export interface Moment {
  /** Which scene, from 0. */
  readonly at: number;
  /** The scene. */
  readonly scene: Scene;
  /** What happens in it that matters, as a sentence. */
  readonly text: string;
}

/** The pictures of a film strip. */
const MOST = 8;

/** Every fault, election and new leader. */
export function marksOf(scenes: readonly Scene[]): Mark[] {
  return scenes.flatMap((scene, at) => {
    const kinds: [MarkKind, boolean][] = [
      ["fault", scene.rows.some(isDeed)],
      ["election", isNew(scenes, at, "candidate")],
      ["leader", isNew(scenes, at, "leader")],
    ];
    return kinds.filter(([, is]) => is).map(([kind]) => ({ at, kind }));
  });
}

/** Whether it is something that was done on purpose. */
function isDeed({ kind }: TraceRow): boolean {
  return kind === "nodeFault" || kind === "linkFault" || kind === "messageFault";
}

/** Whether a node took on this role, or took it on in another term. */
function isNew(scenes: readonly Scene[], at: number, role: "candidate" | "leader"): boolean {
  return scenes[at].nodes.some(({ node, running, role: now, term }) => {
    const was = scenes[at - 1]?.nodes.find((other) => other.node === node);
    return running && now === role && !(was?.role === role && was.term === term);
  });
}

/**
 * Of the scenes from the place `first` on: the first and the last, and what matters most between them; the first of each kind
 * before the second of any.
 */
export function momentsOf(scenes: readonly Scene[], first: number): Moment[] {
  const marks = marksOf(scenes);
  const of = (kind: MarkKind) => marks.filter((mark) => mark.kind === kind).map(({ at }) => at);
  const queues = [of("leader"), of("fault"), commitsOf(scenes), of("election")]
    .map((queue) => queue.filter((at) => at >= first));
  const chosen = new Set([first, scenes.length - 1]);
  for (let round = 0; queues.some((queue) => round < queue.length); round++) {
    for (const queue of queues) if (round < queue.length && chosen.size < MOST) chosen.add(queue[round]);
  }
  return [...chosen].sort((a, b) => a - b).map((at) => ({ at, scene: scenes[at], text: textOf(scenes, at) }));
}

/** Where a client's command is first known to be committed, and where that happens again after the next fault. */
function commitsOf(scenes: readonly Scene[]): number[] {
  const found: number[] = [];
  const own = new Set<number>();
  let waits = true;
  scenes.forEach(({ rows }, at) => {
    for (const row of rows) {
      if (isDeed(row)) waits = true;
      if (row.kind === "proposal" && row.index !== null) own.add(row.index);
      if (row.kind !== "commit" || row.role !== "leader" || !waits) continue;
      if (![...own].some((index) => index > row.previous && index <= row.index)) continue;
      found.push(at);
      waits = false;
    }
  });
  return found;
}

/** The sentence that says most. */
function textOf(scenes: readonly Scene[], at: number): string {
  const sentences = happenings(scenes[at], scenes[at - 1] ?? null);
  const most = [
    /is elected|divided|is stopped|restarted|muted|again|link/,
    /commits/,
    /campaigns/,
    /asked|replaces|learn/,
  ];
  const best = most.map((pattern) => sentences.find((sentence) => pattern.test(sentence)));
  return best.find((sentence) => sentence !== undefined) ?? sentences[0];
}
