/**
 * What a player's page is told of a run: the moments as JSON, small, because a frame names only the nodes that changed in it.
 *
 * `page_script.js` reads it in the browser.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { Index, NodeId, Term, Ticks } from "../raft/mod.ts";
import { conditionOf, type LogState, type NodeState, type Way } from "../trace/fold.ts";
import { visible } from "../trace/text.ts";
import type { MessageRow } from "../trace/rows.ts";
import { commandText, CONDITIONS, entryCount, isRejection, MESSAGES, type Topic } from "../trace/words.ts";
import { captionOf, type Moment } from "./moments.ts";

/** A run, as the page is told of it. */
export type PlayerData = ReturnType<typeof dataOf>;

/** A tick: what happens in it, why it matters, the links that are not open at its end, and the nodes that changed. */
export interface FrameData extends Pick<Moment, "tick" | "part" | "marks"> {
  readonly text: string;
  readonly links: Readonly<Record<Way, "cut" | "held">>;
  readonly nodes: readonly NodeData[];
}

/** What is new of a node, and the entries that take the place of whatever stood at `from` and behind it. */
export interface NodeData extends Partial<NodeFrame> {
  readonly id: NodeId;
  readonly from?: Index;
  readonly entries?: readonly EntryData[];
}

/** A node after all that happened at a tick. */
export type NodeFrame = Readonly<ReturnType<typeof nodeFrame>>;

/** An entry: its term, and its command as short as a cell of a table needs it. */
export type EntryData = readonly [term: Term, command: string];

/** A message: its place in `labels`, when it was sent and when it ended, and how; "sent" if it is still on its way. */
export type MessageData = readonly [label: number, from: NodeId, to: NodeId, sent: Ticks, end: Ticks, fate: Fate];

/** What became of a message. */
type Fate = MessageRow["event"];

/** What a page plays. */
export function dataOf(title: string, moments: readonly Moment[]) {
  const frames = moments.map((moment, at): FrameData => {
    const { tick, part, marks, state } = moment;
    const before = at === 0 ? undefined : moments[at - 1].state.nodes;
    const broken = [...state.links].flatMap(([way, link]) => link.state === "open" ? [] : [[way, link.state]]);
    const links: FrameData["links"] = Object.fromEntries(broken);
    const nodes = [...state.nodes.values()].map((node) => nodeData(node, before?.get(node.node)));
    return { tick, part, text: captionOf(moment), marks, links, nodes };
  });
  return { title, frames, ...messagesOf(moments) };
}

function nodeData(node: NodeState, before: NodeState | undefined): NodeData {
  const was = before === undefined ? new Map() : new Map(Object.entries(nodeFrame(before)));
  const changed = Object.entries(nodeFrame(node)).filter(([name, value]) => was.get(name) !== value);
  const from = firstNewEntry(node.log, before?.log);
  const entries = node.log.entries(from).map(({ term, command }): EntryData => [term, visible(cellText(command))]);
  return { id: node.node, ...Object.fromEntries(changed), ...(entries.length === 0 ? {} : { from, entries }) };
}

function nodeFrame(node: NodeState) {
  const { clockPaused, term, vote, firstIndex, lastIndex, commit, applied } = node;
  const condition = conditionOf(node);
  const { one, letter } = CONDITIONS[condition];
  const badge = letter === "" ? one : `${letter}${term}`;
  return { condition, badge, clockPaused, term, vote, first: firstIndex, last: lastIndex, commit, applied };
}

/** Logs that grew from each other share their entries. */
function firstNewEntry(now: LogState, before: LogState | undefined): Index {
  let from = now.lastIndex + 1;
  while (from > now.firstIndex && now.entry(from - 1) !== before?.entry(from - 1)) from--;
  return from;
}

function cellText(command: Command | null): string {
  return command?.kind === "Put" ? `${command.key}=${command.value}` : commandText(command);
}

/** Every message, and the texts that stand at them with what they are about. */
function messagesOf(moments: readonly Moment[]) {
  const seen = moments.flatMap(({ tick, rows }) =>
    rows.flatMap((row) => row.kind === "message" ? [{ row, tick }] : [])
  );
  const ends = new Map(seen.map(({ row: { id, event }, tick }) => [id, { event, tick }]));
  const sent = seen.flatMap(({ row }) => row.event === "sent" ? [{ id: row.id, message: row, sentAt: row.tick }] : []);
  const labels = new Map<string, Topic>();
  const before = [...moments[0].before.inFlight.values()].sort((a, b) => a.id - b.id);
  const messages = [...before, ...sent].map(({ id, message, sentAt }): MessageData => {
    const count = entryCount(message);
    const label = `${message.type}${count > 0 ? ` +${count}` : ""}${isRejection(message) ? " (no)" : ""}`;
    labels.set(label, MESSAGES[message.type].topic);
    const { event, tick } = ends.get(id) ?? { event: "sent", tick: 0 };
    const end = event === "sent" ? moments[moments.length - 1].tick + 1 : tick;
    return [[...labels.keys()].indexOf(label), message.from, message.to, sentAt, end, event];
  });
  return { labels: [...labels], messages };
}
