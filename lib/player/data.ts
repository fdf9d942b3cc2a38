/**
 * What a player's page is told of a run: the moments as JSON, small, because every frame says only what is new in it.
 *
 * `page_script.js` reads it in the browser. The words for conditions and messages come with the run, so that the page knows
 * every kind there is.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { Index, NodeId, Term, Ticks } from "../raft/mod.ts";
import { conditionOf, type LogState, type NodeState, type Way } from "../trace/fold.ts";
import { visible } from "../trace/text.ts";
import { commandText, CONDITIONS, entryCount, isRejection, MESSAGES, type NodeCondition } from "../trace/words.ts";
import { captionOf, type MarkKind, type Moment } from "./moments.ts";

/** How high the card of a node is in each condition: conditions differ in that too. */
const HEIGHTS: Readonly<Record<NodeCondition, number>> = { follower: 60, candidate: 66, leader: 72, stopped: 56 };

/** A run, as the page is told of it. */
export interface PlayerData {
  readonly title: string;
  readonly conditions: typeof CONDITIONS;
  readonly heights: typeof HEIGHTS;
  readonly kinds: typeof MESSAGES;
  readonly frames: readonly FrameData[];
  readonly messages: readonly MessageData[];
}

/** A tick: what happens in it, why it matters, and what is new at its end. */
export interface FrameData extends Partial<Stage> {
  readonly tick: Ticks;
  readonly text: string;
  readonly marks: readonly MarkKind[];
  readonly nodes: readonly NodeData[];
}

/** The title of the scenario's part, and the links that are not open. */
export interface Stage {
  readonly part: string;
  readonly links: Readonly<Record<Way, "cut" | "held">>;
}

/** What is new of a node, and the entries that take the place of whatever stands at an index and behind it. */
export interface NodeData extends Partial<NodeFrame> {
  readonly id: NodeId;
  readonly entries?: readonly [from: Index, entries: readonly EntryData[]];
}

/** A node at the end of a tick. */
export interface NodeFrame {
  readonly condition: NodeCondition;
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

/** A message: its place in `kinds`, whether it says no, when it was sent and when it ended, and how, unless it arrived. */
export type MessageData = readonly [
  kind: number,
  from: NodeId,
  to: NodeId,
  entries: number,
  isNo: number,
  sent: Ticks,
  end: Ticks,
  fate?: "sent" | "dropped",
];

/** What a page plays. */
export function dataOf(title: string, moments: readonly Moment[]): PlayerData {
  const frames = moments.map((moment, at): FrameData => {
    const before = at === 0 ? null : moments[at - 1];
    const nodes = [...moment.state.nodes.values()].map((node) => nodeData(node, before?.state.nodes.get(node.node)));
    return {
      tick: moment.tick,
      text: captionOf(moment),
      marks: moment.marks,
      ...changed(stageOf(moment), before && stageOf(before)),
      nodes: nodes.filter((node) => Object.keys(node).length > 1),
    };
  });
  return { title, conditions: CONDITIONS, heights: HEIGHTS, kinds: MESSAGES, frames, messages: messagesOf(moments) };
}

function stageOf({ part, state }: Moment): Stage {
  const broken = [...state.links].flatMap(([way, link]) => link.state === "open" ? [] : [[way, link.state]]);
  return { part, links: Object.fromEntries(broken) };
}

function nodeData(node: NodeState, was: NodeState | undefined): NodeData {
  const from = firstNewEntry(node.log, was?.log);
  const entries = node.log.entries(from).map((
    { term, command },
  ): EntryData => [term, visible(commandText(command)), visible(cellText(command))]);
  return {
    id: node.node,
    ...changed(nodeFrame(node), was === undefined ? null : nodeFrame(was)),
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
function changed<T extends object>(now: T, was: T | null): Partial<T> {
  const before = new Map(Object.entries(was ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
  const entries = Object.entries(now).filter(([name, value]) => before.get(name) !== JSON.stringify(value));
  return Object.fromEntries(entries) as Partial<T>;
}

/** What is done between two ticks is seen in the second. */
function messagesOf(moments: readonly Moment[]): MessageData[] {
  const rows = moments.flatMap(({ tick, rows }) =>
    rows.flatMap((row) => row.kind === "message" ? [{ id: row.id, message: row, sentAt: row.tick, seen: tick }] : [])
  );
  const ends = new Map(rows.map(({ id, message: { event }, seen }) => [id, { event, seen }]));
  const sent = rows.filter(({ message }) => message.event === "sent");
  const kinds = Object.keys(MESSAGES);
  return [...moments[0].before.inFlight.values(), ...sent].map(({ id, message, sentAt }) => {
    const { event, seen } = ends.get(id) ?? { event: "sent", seen: 0 };
    const end = event === "sent" ? moments[moments.length - 1].tick + 1 : seen;
    const { type, from, to } = message;
    const packed = [
      kinds.indexOf(type),
      from,
      to,
      entryCount(message),
      Number(isRejection(message)),
      sentAt,
      end,
    ] as const;
    return event === "delivered" ? packed : [...packed, event];
  });
}
