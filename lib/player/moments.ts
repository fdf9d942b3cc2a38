/**
 * What a player says of each tick, which ticks matter, and which of them are in its film strip.
 *
 * @module
 */
import { conditionOf, type Scene } from "../trace/fold.ts";
import { type About, type Sentence, Story } from "../trace/story.ts";
import { capital, count, list, nodeList, visible } from "../trace/text.ts";
import { LOSS, messageWords } from "../trace/words.ts";
import { groupBy } from "../trace/group.ts";

/** What makes a moment matter. */
export type MarkKind = "fault" | "candidate" | "leader";

/** A scene, and what is said of it. */
export interface Moment extends Scene {
  /** The title of the scenario's part. */
  readonly part: string;
  readonly sentences: readonly Sentence[];
  /** Why it matters, if it does. */
  readonly marks: readonly MarkKind[];
}

/** How messages end, and what is said of those that do. */
const ENDS = [["delivered", { one: "arrives", many: "arrive" }], ["dropped", LOSS]] as const;

/** The pictures of a film strip. */
const MOST = 8;

/** What says most of a tick, the first of these first. */
const HEADLINES: readonly About[] = ["role", "link", "fault", "clock", "message", "commit", "campaign", "proposal"];

/** Every scene of a run. */
export function momentsOf(scenes: readonly Scene[]): Moment[] {
  const story = new Story();
  let part = "";
  return scenes.map((scene, i) => {
    part = scene.rows.findLast((row) => row.kind === "part")?.title ?? part;
    const told = [...story.hear(scene), ...(i === scenes.length - 1 ? story.end() : [])];
    const sentences = told.filter(({ about }) => about !== "part");
    return { ...scene, part: visible(part), sentences, marks: marksOf(scene) };
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

/** What happens, as the story tells it; where it tells nothing, which logs grow and which messages arrive. */
export function captionOf(moment: Moment): string {
  const texts = moment.sentences.map(({ text, more }) => more === undefined ? text : `${text} (${more})`);
  return (texts.length === 0 ? [quiet(moment)] : texts).map(sentence).join(" ");
}

/** The sentence that says most. */
export function headlineOf(moment: Moment): string {
  const found = HEADLINES.map((about) => moment.sentences.find((sentence) => sentence.about === about));
  return sentence((found.find((it) => it !== undefined) ?? moment.sentences.at(0))?.text ?? quiet(moment));
}

function sentence(text: string): string {
  return `${capital(visible(text))}.`;
}

/** Which messages end, and whose log grows. */
function quiet({ rows, before, state }: Scene): string {
  const grown = [...state.nodes.values()].filter(({ node, lastIndex }) =>
    lastIndex > (before.nodes.get(node)?.lastIndex ?? lastIndex)
  );
  const growth = [...groupBy(grown, ({ lastIndex }) => lastIndex)].map(([last, nodes]) =>
    `the ${nodes.length === 1 ? "log" : "logs"} of ${nodeList(nodes.map(({ node }) => node))} ${
      nodes.length === 1 ? "grows" : "grow"
    } to index ${last}`
  );
  const messages = rows.filter((row) => row.kind === "message");
  const clauses = ENDS.flatMap(([event, ends]) => {
    const ended = messages.filter((row) => row.event === event);
    const kinds = [...groupBy(ended, messageWords)].map(([{ one, many }, { length }]) => count(length, one, many));
    return ended.length === 0 ? [] : [`${list(kinds)} ${ended.length === 1 ? ends.one : ends.many}`];
  });
  return clauses.length + growth.length === 0 ? "no message arrives" : [...clauses, ...growth].join("; ");
}

/** The first moment and the last, and what matters most between them; the first of each kind before the second of any. */
export function stripOf(moments: readonly Moment[]): Moment[] {
  const marked = (mark: MarkKind) => moments.filter(({ marks }) => marks.includes(mark));
  const queues = [marked("leader"), marked("fault"), firstApplied(moments), marked("candidate")];
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
