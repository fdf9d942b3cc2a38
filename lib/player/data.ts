/**
 * What a player's page is told of a run: the scenes as JSON, small, because every frame says only what is new in it.
 *
 * `page_script.js` reads it in the browser. The words for conditions and messages come with the run, so that the page knows
 * every kind there is.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { Index, MessageType, NodeId, Term, Ticks } from "../raft/mod.ts";
import { type ClusterState, conditionOf, type LogState, type NodeState, type Scene, type Way } from "../trace/fold.ts";
import type { MessageRow } from "../trace/rows.ts";
import { visible } from "../trace/text.ts";
import { commandText, type Condition, CONDITIONS, entryCount, isRejection, MESSAGES } from "../trace/words.ts";
import { captionOf, type MarkKind, marksOf } from "./moments.ts";

/** How high the card of a node is in each condition: conditions differ in that too. */
const HEIGHTS: Readonly<Record<Condition, number>> = { follower: 60, candidate: 66, leader: 72, stopped: 56 };

/** A run, as the page is told of it. */
export interface PlayerData {
  readonly title: string;
  readonly conditions: typeof CONDITIONS;
  readonly heights: typeof HEIGHTS;
  readonly words: typeof MESSAGES;
  /** A frame a tick. */
  readonly frames: readonly FrameData[];
  /** Every message that is seen in a frame. */
  readonly messages: readonly MessageData[];
}

/** What is to be seen at the end of a tick, and why it matters, if it does. */
export interface FrameData extends Partial<Stage> {
  readonly tick: Ticks;
  /** What happens in it. */
  readonly text: string;
  readonly marks: readonly MarkKind[];
  readonly nodes: readonly NodeData[];
}

/** What goes on until it changes. */
export interface Stage {
  /** The title of the scenario's part. */
  readonly part: string;
  /** The links that are not open. */
  readonly links: Readonly<Record<Way, "cut" | "held">>;
}

/** What is new of a node, and the entries that take the place of whatever stands at an index and behind it. */
export interface NodeData extends Partial<NodeFrame> {
  readonly id: NodeId;
  readonly entries?: readonly [from: Index, entries: readonly EntryData[]];
}

/** A node at the end of a tick. */
export interface NodeFrame {
  readonly condition: Condition;
  readonly clockPaused: boolean;
  readonly term: Term;
  readonly vote: NodeId | null;
  readonly first: Index;
  readonly last: Index;
  readonly commit: Index;
  readonly applied: Index;
}

/** An entry: its term, its command, and the same as short as a cell of a table needs it. */
export type EntryData = readonly [term: Term, command: string, cell: string];

/** A message: what it is, whether it says no, when it was sent and when it ended, and how. */
export type MessageData = readonly [
  type: MessageType,
  from: NodeId,
  to: NodeId,
  entries: number,
  isNo: 0 | 1,
  sent: Ticks,
  end: Ticks,
  fate: "sent" | "delivered" | "dropped",
];

/** The scenes from the place `first` on. */
export function dataOf(title: string, scenes: readonly Scene[], first: number): PlayerData {
  const stages = stagesOf(scenes);
  const frames = scenes.map((scene, at): FrameData => {
    const before = at === first ? null : scene.before;
    const nodes = [...scene.state.nodes.values()].map((node) => nodeData(node, before?.nodes.get(node.node)));
    return {
      tick: scene.tick,
      text: captionOf(scene),
      marks: marksOf(scene),
      ...changed(stages[at], before === null ? undefined : stages[at - 1]),
      nodes: nodes.filter((node) => Object.keys(node).length > 1),
    };
  });
  const words = { conditions: CONDITIONS, heights: HEIGHTS, words: MESSAGES };
  return { title, ...words, frames: frames.slice(first), messages: messagesOf(scenes, first) };
}

function stagesOf(scenes: readonly Scene[]): Stage[] {
  let part = "";
  return scenes.map(({ rows, state }) => {
    part = rows.findLast((row) => row.kind === "part")?.title ?? part;
    return { part: visible(part), links: brokenLinks(state) };
  });
}

/** The links that are cut or held. */
export function brokenLinks({ links }: ClusterState): Stage["links"] {
  return Object.fromEntries([...links].flatMap(([way, { state }]) => state === "open" ? [] : [[way, state]]));
}

function nodeData(node: NodeState, was: NodeState | undefined): NodeData {
  const from = firstNewEntry(node.log, was?.log);
  const entries = node.log.entries(from).map(({ term, command }): EntryData =>
    [term, visible(commandText(command)), visible(cellText(command))]
  );
  return {
    id: node.node,
    ...changed(nodeFrame(node), was && nodeFrame(was)),
    ...(entries.length === 0 ? {} : { entries: [from, entries] }),
  };
}

function nodeFrame(node: NodeState): NodeFrame {
  const { clockPaused, term, vote, firstIndex, lastIndex, commit, applied } = node;
  const condition = conditionOf(node);
  return { condition, clockPaused, term, vote, first: firstIndex, last: lastIndex, commit, applied };
}

/** Logs that grew from each other share their entries. */
function firstNewEntry(now: LogState, was: LogState | undefined): Index {
  let from = now.lastIndex + 1;
  while (from > now.firstIndex && now.entry(from - 1) !== was?.entry(from - 1)) from--;
  return from;
}

function cellText(command: Command | null): string {
  return command?.kind === "Put" ? `${command.key}=${command.value}` : commandText(command);
}

/** The fields of `now` that are not as they were. */
function changed<T extends object>(now: T, was: T | undefined): Partial<T> {
  const before = new Map(Object.entries(was ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
  const entries = Object.entries(now).filter(([name, value]) => before.get(name) !== JSON.stringify(value));
  return Object.fromEntries(entries) as Partial<T>;
}

/** What is done between two ticks is seen in the second. */
function messagesOf(scenes: readonly Scene[], first: number): MessageData[] {
  const messages = new Map<number, { row: MessageRow; end: Ticks; fate: MessageRow["event"] }>();
  const last = scenes[scenes.length - 1].tick;
  for (const { tick, rows } of scenes) {
    for (const row of rows) {
      if (row.kind !== "message") continue;
      const known = messages.get(row.id);
      if (known === undefined) messages.set(row.id, { row, end: last + 1, fate: "sent" });
      else messages.set(row.id, { ...known, end: tick, fate: row.event });
    }
  }
  return [...messages.values()].filter(({ end }) => end >= scenes[first].tick).map(({ row, end, fate }) =>
    [row.type, row.from, row.to, entryCount(row), isRejection(row) ? 1 : 0, row.tick, end, fate]
  );
}
