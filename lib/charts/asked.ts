/**
 * What clients ask for, and what they are told: commands, and reads without an entry in the log. And the sentences that say so.
 *
 * @module
 */
import type { Markish, TextOptions } from "@observablehq/plot";
import type { NodeId } from "../raft/mod.ts";
import type { Answer, ClusterState, NodeState, Scene } from "../trace/fold.ts";
import { groupBy } from "../trace/group.ts";
import type { ProposalRow, ReadRow } from "../trace/rows.ts";
import { list, ticksText, word } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { commandText } from "../trace/words.ts";
import { halo, type TimeAxis } from "./axes.ts";
import { type Key, lookOf, type Plot } from "./figure.ts";
import { ALARM, INK } from "./palette.ts";
import { prose, type Span, told, type View } from "./spans.ts";
import { type LabelRoom, textWidth } from "./text.ts";

/** What a client asked a node for, and what it was told. */
export interface Request {
  readonly row: ProposalRow;
  /** `null` as long as the node has not found out. */
  readonly answer: Answer | null;
}

/** The requests that were made in the view, or answered in it; not those of clients that try again. */
export function requestsIn(trace: Trace, { from, to }: Span): Request[] {
  const scenes = trace.scenes().filter(({ tick }) => tick <= to);
  const answers = scenes.flatMap((scene) => scene.answers);
  const rows = scenes.flatMap(({ rows }) => rows.filter((row) => row.kind === "proposal"));
  return rows.filter(({ by }) => by === undefined).map((row) => ({
    row,
    answer: answers.find(({ asked, node, index }) => asked === row.tick && node === row.node && index === row.index) ??
      null,
  })).filter(({ row, answer }) => row.tick >= from || (answer !== null && answer.tick >= from));
}

/** What clients asked for, and what they were told. */
export function requestsText(requests: readonly Request[]): string {
  const clause = ({ row: { tick, node, command, result }, answer }: Request) => {
    const asks = `at tick ${tick} a client asks node ${node} for ${commandText(command)}`;
    if (result === "dropped") return `${asks}, which refuses`;
    if (result === "forwarded") return `${asks}, which passes it on`;
    return answer === null
      ? `${asks}, and is not answered yet`
      : `${asks}; ${ANSWERED[answer.outcome]} at tick ${answer.tick}`;
  };
  return told(requests, clause, (amount) => `clients make ${amount} requests`);
}

/** Whom clients asked, and when. */
export function askedText({ scenes }: View): string {
  const asked = groupBy(
    scenes.flatMap(({ rows }) => rows.filter((row) => row.kind === "proposal")),
    ({ node }) => node,
  );
  return prose(...[...asked].map(([node, rows]) => {
    const ticks = [...new Set(rows.map(({ tick }) => tick))];
    const often = `${rows.length} times ${ticksText(ticks[0], ticks[ticks.length - 1])}`;
    return `Clients ask node ${node} ${
      ticks.length > 6 ? often : `at ${ticks.length === 1 ? "tick" : "ticks"} ${list(ticks)}`
    }.`;
  }));
}

const ANSWERED: Readonly<Record<Answer["outcome"], string>> = {
  applied: "it is told that this is done",
  replaced: "it is told that another entry took its place",
  none: "the node stops and will not answer,",
};

/** A read without an entry in the log. */
export interface Read {
  /** Who asked, when, for what and how. */
  readonly row: ReadRow;
  /** Its last row: that it was answered, or that nobody takes it; `null` as long as it waits. */
  readonly end: ReadRow | null;
  /** Whether the answer is older than what some node had applied already when the read was asked for. */
  readonly isStale: boolean;
}

/** The reads that were asked for in the view, or answered in it. */
export function readsIn(trace: Trace, { from, to }: Span): Read[] {
  const scenes = trace.scenes().filter(({ tick }) => tick <= to);
  const rows = scenes.flatMap(({ rows }) => rows.filter((row) => row.kind === "read"));
  return [...groupBy(rows, ({ number }) => number).values()].map((same): Read => {
    const [row] = same;
    const end = same.find(({ event }) => event === "answered" || event === "refused") ?? null;
    const isAnswered = end?.event === "answered";
    return { row, end, isStale: isAnswered && isStale(scenes, row.key, end.value, { from: row.tick, to: end.tick }) };
  }).filter(({ row, end }) => row.tick >= from || (end !== null && end.tick >= from));
}

/**
 * Whether `value` is older than what some node had applied when it was asked for: it was not what the newest store held at any
 * time from tick `from` to `to`.
 */
export function isStale(scenes: readonly Scene[], key: string, value: string | null, { from, to }: Span): boolean {
  const during = scenes.filter(({ tick }) => tick >= from && tick <= to);
  const states = [...during.slice(0, 1).map(({ passing }) => passing.state), ...during.map(({ state }) => state)];
  const since = newestOf(states[0])?.applied ?? 0;
  const written = during.flatMap(({ rows }) => rows).some((row) =>
    row.kind === "apply" && row.index > since && row.outcome.kind === "Put" && row.outcome.key === key &&
    row.outcome.value === value
  );
  return !written && states.every((state) => valueIn(state, key) !== value);
}

/** What stands at `key` in the store of the node that has applied most. */
export function valueIn(state: ClusterState, key: string): string | null {
  return newestOf(state)?.store.get(key) ?? null;
}

function newestOf({ nodes }: ClusterState): NodeState | undefined {
  return [...nodes.values()].sort((a, b) => b.applied - a.applied).at(0);
}

/** What a read is answered: `x = a`. */
export function answerText({ row: { key }, end, isStale }: Read): string {
  if (end === null) return "no answer";
  if (end.event === "refused") return "refused";
  return `${valueText(key, end.value)}${isStale ? ", stale" : ""}`;
}

/** `x = a`, `x = nothing`. */
export function valueText(key: string, value: string | null): string {
  return `${word(key)} = ${value === null ? "nothing" : word(value)}`;
}

/** Which reads were made, and what they were answered. */
export function readsText(reads: readonly Read[]): string {
  const clause = (read: Read) => {
    const { row: { tick, node, key, way }, end } = read;
    const asks = `at tick ${tick} a client reads ${word(key)} at node ${node} ${WAYS[way].long}`;
    if (end === null) return `${asks}, and is not answered yet`;
    if (end.event === "refused") return `${asks}, which refuses`;
    return `${asks}; the answer at tick ${end.tick} is ${
      end.value === null ? "that nothing is there" : word(end.value)
    }` +
      (read.isStale ? ", which is stale" : "");
  };
  return told(reads, clause, (amount) => `clients read ${amount} times`);
}

/** How a client reads. */
export const WAYS: Readonly<Record<ReadRow["way"], { readonly short: string; readonly long: string }>> = {
  store: { short: "store", long: "from its store" },
  readIndex: { short: "ReadIndex", long: "by ReadIndex" },
  lease: { short: "lease", long: "by its lease" },
};

/** Where a client reads. */
export const READ = { label: "client's read, and its answer", sign: "●" } as const satisfies Key;

/** The size of what is written beside them. */
const SIZE = 9;

/** Where reads are marked, and what is written beside the mark, if there is room. */
export interface ReadSpot {
  readonly node: NodeId;
  readonly x: number;
  readonly y: number;
  readonly isStale: boolean;
  readonly text: string;
  readonly textX: number;
}

/** The marks for which there is room in `room`, if need be a little aside, so far down as `y` says; reads at the same tick share one. */
export function readSpots(
  reads: readonly Read[],
  axis: TimeAxis,
  room: LabelRoom,
  y: (id: NodeId) => number,
): ReadSpot[] {
  const shown = reads.filter(({ row }) => row.tick >= axis.from);
  return [...groupBy(shown, ({ row: { tick, node } }) => `${tick} ${node}`).values()].flatMap((same): ReadSpot[] => {
    const [{ row: { tick, node } }] = same;
    const x = [0, 13, -13].map((aside) => axis.px(tick) + aside).find((x) => room.take(READ.sign, x, y(node), SIZE));
    if (x === undefined) return [];
    const at = { node, x, y: y(node), isStale: same.some(({ isStale }) => isStale) };
    const weight = at.isStale ? "bold" : "normal";
    const label = [
      same.map((read) => `${WAYS[read.row.way].short}: ${answerText(read)}`),
      [...new Set(same.map(answerText))],
    ].map((texts) => texts.join("; ")).flatMap((text) => {
      const away = 9 + textWidth(text, SIZE, weight) / 2;
      return [at.x + away, at.x - away].map((textX) => ({ text, textX }));
    }).find(({ text, textX }) => room.take(text, textX, at.y, SIZE, weight));
    return [{ ...at, ...label ?? { text: "", textX: at.x } }];
  });
}

/** The marks, and what is written beside them; `place` says how far down they are. */
export function readMarks(plot: Plot, spots: readonly ReadSpot[], place: TextOptions): Markish[] {
  const style = { ...place, fontSize: SIZE, ...halo(2) };
  const beside = { x: "textX", text: "text" };
  const [stale, others] = [true, false].map((is) => spots.filter(({ isStale }) => isStale === is));
  return spots.length === 0 ? [] : [
    plot.text(spots, { ...lookOf(READ), ...style, x: "x", text: () => READ.sign, fill: INK }),
    plot.text(others, { ...style, ...beside, fill: INK }),
    plot.text(stale, { ...style, ...beside, fill: ALARM, fontWeight: "bold" }),
  ];
}
