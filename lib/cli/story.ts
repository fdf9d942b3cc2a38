/**
 * The story of a run in a terminal: a sentence a row, a heading for each part, all nodes in tables, and, for whoever wants all,
 * every turn of the ready loop.
 *
 * @module
 */
import { type Index, isMember, isVoter, type NodeId, type Ticks } from "../raft/mod.ts";
import { type Change, type ClusterState, conditionOf, type NodeState, type Scene, scenesOf } from "../trace/fold.ts";
import type { MessageRow, ReadyRow, TracedMessage, TraceRow } from "../trace/rows.ts";
import { type About, type Sentence, Story } from "../trace/story.ts";
import { groupBy } from "../trace/group.ts";
import { indicesText, list, visible, word } from "../trace/text.ts";
import { messageText } from "../trace/transcript.ts";
import { LOSS } from "../trace/words.ts";
import { type Paint, table, wrap } from "./terminal.ts";

/** What of a run is told. */
export interface Telling {
  /** The key whose value the tables show; without one there are no tables. */
  readonly key?: string;
  /** Whether expectations that hold are told, too. */
  readonly judged?: boolean;
  /** Whether every message is shown that arrives or is lost, and every turn of the ready loop. */
  readonly verbose?: boolean;
}

/** Lines that stand as they are. They are made when they are written. */
interface Block extends Pick<Sentence, "tick" | "byHand"> {
  readonly about: "block";
  readonly lines: () => readonly string[];
}

type Item = Sentence | Block;

/** Something is broken: all nodes are shown before it. */
const BREAKS: ReadonlySet<string> = new Set<About>(["fault", "clock", "link", "message", "loss"]);

/** A log is shown, term by term, if no node's is longer. */
const LONGEST_LOG = 16;

/** The story of `rows` in lines. */
export function* tell(rows: readonly TraceRow[], paint: Paint, { key, judged, verbose }: Telling): Generator<string> {
  const all = verbose ? [...inDetail(scenesOf(rows), paint)] : Story.of(scenesOf(rows));
  const told = all.filter((item) => item.about !== "expectation" || judged || item.style === "bad");
  const items = key === undefined ? told : withTables(told, rows, key, paint);
  for (const [i, item] of items.entries()) {
    const lines = linesOf(item, paint);
    yield* i === 0 && lines[0] === "" ? lines.slice(1) : lines;
  }
}

function block(tick: Ticks, byHand: boolean, lines: Block["lines"]): Block {
  return { about: "block", tick, byHand, lines };
}

function linesOf(item: Item, paint: Paint): readonly string[] {
  if (item.about === "block") return item.lines();
  const { tick, about, style, text, more } = item;
  if (about === "part") return ["", ...wrap("", visible(text)).map((line) => paint(style, line))];
  const when = `${atTick(tick)}  `;
  const blank = " ".repeat(when.length);
  const lines = [text, more ?? []].flat().flatMap((each) => wrap(blank, visible(each)));
  return lines.map((line, i) => (i === 0 ? paint("faint", when) : blank) + paint(style, line.slice(when.length)));
}

function atTick(tick: Ticks): string {
  return `tick ${String(tick).padStart(3)}`;
}

/** With all nodes in a table: before anything is broken, and at the end. What one table shows, the other shows as well. */
function withTables(told: readonly Item[], rows: readonly TraceRow[], key: string, paint: Paint): readonly Item[] {
  // Clocks that are paused from the start are no reason to show the nodes.
  const broken = told.find(({ about, tick }) => BREAKS.has(about) && (about !== "clock" || tick > 0));
  const tick = broken === undefined ? 0 : broken.byHand ? broken.tick : broken.tick - 1;
  const [before, end] = statesAt(tick, broken?.byHand ?? false, rows);
  if (end === null || end.tick === 0) return told;
  const nodes = [before, end].flatMap((state) => [...state?.nodes.values() ?? []]);
  // Logs are worth a column if one was given or mended, or if not all of them is committed.
  const isChanged = told.some(({ about }) => about === "log" || about === "replace");
  const isOpen = nodes.some(({ lastIndex, commit }) => lastIndex !== commit);
  const hasLogs = (isChanged || isOpen) && nodes.every(({ log }) => log.terms().length <= LONGEST_LOG);
  const atEnd = block(end.tick, true, () => ["", ...nodeTable(end, key, hasLogs, paint)]);
  if (broken === undefined || before === null || tick === 0) return [...told, atEnd];
  // Within a tick the table stands above all that happens in it; and above the heading that announces what is done.
  const first = told.findIndex((item) => broken.byHand ? item === broken : item.tick === broken.tick && !item.byHand);
  const part = told.findLastIndex(({ about }, i) => about === "part" && i < first);
  const isAnnounced = part >= 0 && (part === first - 1 || broken.byHand && told[part].tick === tick);
  const heading = paint("faint", `all nodes at tick ${tick}, before anything is broken:`);
  const lines = ["", heading, ...nodeTable(before, key, hasLogs, paint), ...(isAnnounced ? [] : [""])];
  return [...told.toSpliced(isAnnounced ? part : first, 0, block(tick, true, () => lines)), atEnd];
}

/** The cluster at `tick`, without what was done by hand then if it is that which breaks something, and at the very end. */
function statesAt(
  tick: Ticks,
  byHand: boolean,
  rows: readonly TraceRow[],
): [ClusterState | null, ClusterState | null] {
  let [then, end]: [ClusterState | null, ClusterState | null] = [null, null];
  for (const { state, passing } of scenesOf(rows)) {
    if (state.tick === tick) then = byHand ? passing.state : state;
    end = state;
  }
  return [then, end];
}

function nodeTable({ nodes }: ClusterState, key: string, hasLogs: boolean, paint: Paint): string[] {
  const rows = [...nodes.values()].map((node) => {
    const log = hasLogs ? [node.log.terms().join(" ")] : [];
    const numbers = [...log, node.commit, node.applied].map(String);
    return [`${node.node}`, standingOf(node), `${node.term}`, ...numbers, word(node.store.get(key) ?? "-")];
  });
  const log = hasLogs ? ["log, by terms"] : [];
  return table([["node", "role", "term", ...log, "commit", "applied", word(key)], ...rows], paint);
}

/** What a node is; of a follower that does not vote, why not. */
function standingOf(node: NodeState): string {
  const { node: id, configuration } = node;
  const condition = conditionOf(node);
  if (condition !== "follower" || isVoter(configuration, id)) return condition;
  return isMember(configuration, id) ? "learner" : "no member";
}

/** What comes of the turns of the ready loop in the same tick; all else is why they are taken. */
const EFFECTS: ReadonlySet<string> = new Set<About>(["replace", "apply", "configuration", "answer", "expectation"]);

/** With every message that arrives or is lost, and every turn of the ready loop: causes first. */
function* inDetail(scenes: Iterable<Scene>, paint: Paint): Generator<Item> {
  const story = new Story();
  for (const scene of scenes) {
    const sentences = story.hear(scene);
    const [passed, done] = [false, true].map((byHand) => sentences.filter((sentence) => sentence.byHand === byHand));
    const isEffect = ({ about }: Sentence) => EFFECTS.has(about);
    const effects = done.findLastIndex((sentence) => !isEffect(sentence)) + 1;
    yield* endsOfMessages(scene.passing, paint);
    yield* passed.filter((sentence) => !isEffect(sentence));
    yield* turns(scene.passing, false, paint);
    yield* passed.filter(isEffect);
    yield* done.slice(0, effects);
    yield* turns(scene.byHand, true, paint);
    yield* done.slice(effects);
  }
  yield* story.end();
}

/** Messages that say the same, and come from one node or go to one, share a line. */
function endsOfMessages({ rows }: Change, paint: Paint): Block[] {
  const ended = rows.filter((row) => row.kind === "message").filter(({ event }) => event !== "sent");
  const alike = [...groupBy(ended, (row) => `${row.event} ${messageText(row)}`).values()];
  const ids = (group: readonly MessageRow[], end: "from" | "to") => [...new Set(group.map((row) => row[end]))];
  const isBundle = (group: readonly MessageRow[]) => ids(group, "from").length === 1 || ids(group, "to").length === 1;
  return alike.flatMap((group) => isBundle(group) ? [group] : group.map((row) => [row])).map((group) =>
    block(group[0].tick, false, () => {
      const words = group[0].event === "dropped" ? LOSS : { one: "arrives", many: "arrive" };
      const end = group.length === 1 ? words.one : words.many;
      const what = `from ${list(ids(group, "from"))} to ${list(ids(group, "to"))} ${end}: ${messageText(group[0])}`;
      return wrap(`${atTick(group[0].tick)}  `, what).map((line) => paint("faint", line));
    })
  );
}

function turns({ rows }: Change, byHand: boolean, paint: Paint): Block[] {
  const ready = rows.filter((row) => row.kind === "ready");
  return ready.map((row) => block(row.tick, byHand, () => readyLines(row, paint)));
}

/** `2 and 3`; who is sent it more than once, with how often. */
function receivers(alike: readonly TracedMessage[]): string {
  const often = ([to, same]: [NodeId, TracedMessage[]]) => same.length === 1 ? `${to}` : `${to} (${same.length} times)`;
  return list([...groupBy(alike, ({ to }) => to)].map(often));
}

/**
 * One turn, in the seven steps of the crate's documentation, which are those of `lib/node.ts`; a step with nothing to do is left
 * out, and messages have a line each.
 */
function readyLines(row: ReadyRow, paint: Paint): string[] {
  const { hs, light, snapshot } = row;
  const messages = (sent: readonly TracedMessage[]) =>
    [...groupBy(sent, messageText)].map(([text, alike]) => `to ${receivers(alike)}: ${text}`);
  const indices = (all: readonly Index[]) => all.length === 0 ? [] : [indicesText(all[0], all[all.length - 1])];
  const steps: [string, string[]][] = [
    ["messages", messages(row.messages)],
    ["snapshot", snapshot === null ? [] : [`up to index ${snapshot}`]],
    ["committedEntries", indices(row.committedEntries)],
    ["entries", indices(row.entries.map(({ index }) => index))],
    ["hs", hs === null ? [] : [`term ${hs.term}, vote ${hs.vote ?? "nobody"}, commit ${hs.commit}`]],
    ["persistedMessages", messages(row.persistedMessages)],
    ["advance", [
      ...(light.commitIndex === null ? [] : [`commit ${light.commitIndex}`]),
      ...messages(light.messages),
      ...indices(light.committedEntries).map((text) => `apply ${text}`),
    ]],
  ];
  return [
    paint("faint", `${atTick(row.tick)}  node ${row.node}, Ready ${row.number}`),
    ...steps.flatMap(([name, contents], i) => {
      const start = `            ${i + 1} ${name.padEnd(17)}  `;
      return contents.flatMap((each, at) => wrap(at === 0 ? start : " ".repeat(start.length), each));
    }),
  ];
}
