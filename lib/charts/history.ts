/**
 * What the charts need to know of a run: who was what, from when to when, and where messages were lost.
 *
 * Functions of the trace's rows.
 *
 * @module
 */
import type { MessageRow, NodeFaultRow, NodeRow } from "../trace/rows.ts";
import type { NodeId, Term, Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";
import { type Cuts, cutsOf, type Division, divisionsOf, isApart, type Mute, mutesOf, type Span } from "./divisions.ts";
import type { ChartOptions } from "./figure.ts";
import type { Condition } from "./palette.ts";

/** A part of a run. */
export interface History {
  /** The nodes, in the order of their ids. */
  readonly ids: readonly NodeId[];
  /** The first tick. */
  readonly from: Ticks;
  /** The last tick. */
  readonly to: Ticks;
  /** Every node as it was at the end of each of these ticks. */
  readonly nodes: ReadonlyMap<NodeId, readonly NodeRow[]>;
  /** What was broken or mended on purpose. */
  readonly faults: readonly NodeFaultRow[];
  /** How the nodes were divided. */
  readonly divisions: readonly Division[];
  /** The links that were cut without dividing them. */
  readonly cuts: readonly Cuts[];
  /** Whose clock stood still. */
  readonly mutes: readonly Mute[];
  /** Messages that were lost although both ends were running, and on the same side. */
  readonly lost: readonly MessageRow[];
}

/** A node was the same from one tick to another. */
export interface Segment {
  /** The node. */
  readonly node: NodeId;
  /** What it was. */
  readonly condition: Condition;
  /** Its term. */
  readonly term: Term;
  /** The first tick. */
  readonly from: Ticks;
  /** The last tick, that one included. */
  readonly to: Ticks;
}

/** The ticks from `options.from` to `options.to` of `trace`. */
export function historyOf(trace: Trace, options: ChartOptions): History {
  const ids = new Set<NodeId>();
  let [first, last] = [Infinity, 0];
  for (const row of trace.rows) {
    if (row.kind === "message") ids.add(row.from).add(row.to);
    else if ("node" in row) ids.add(row.node);
    if (row.kind !== "node") continue;
    first = Math.min(first, row.tick);
    last = row.tick;
  }
  const from = options.from ?? (first === Infinity ? 0 : first);
  const to = Math.min(options.to ?? Infinity, Math.max(last, from));
  const sorted = [...ids].sort((a, b) => a - b);
  const nodes = new Map<NodeId, NodeRow[]>(sorted.map((id) => [id, []]));
  for (const row of trace.rows) {
    if (row.kind === "node" && row.tick >= from && row.tick <= to) nodes.get(row.node)?.push(row);
  }
  const faults = trace.of("nodeFault").filter(({ tick }) => tick >= from && tick <= to);
  const window = { from, to };
  const divisions = divisionsOf(trace, sorted, window);
  return {
    ids: sorted,
    from,
    to,
    nodes,
    faults,
    divisions,
    cuts: cutsOf(trace, sorted, window),
    mutes: mutesOf(trace, window),
    lost: lostOtherwise(trace, window, divisions),
  };
}

/** Whether there is no tick to show. */
export function isEmpty({ nodes }: History): boolean {
  return [...nodes.values()].every((rows) => rows.length === 0);
}

function lostOtherwise({ rows }: Trace, { from, to }: Span, divisions: readonly Division[]): MessageRow[] {
  const stopped = new Set<NodeId>();
  const cut = new Set<string>();
  const lost: MessageRow[] = [];
  for (const row of rows) {
    if (row.kind === "nodeFault" && row.fault === "stop") stopped.add(row.node);
    if (row.kind === "nodeFault" && row.fault === "restart") stopped.delete(row.node);
    if (row.kind === "linkFault") cut[row.state === "cut" ? "add" : "delete"](`${row.from}>${row.to}`);
    if (row.kind !== "message" || row.event !== "dropped" || row.tick < from || row.tick > to) continue;
    const isByDivision = cut.has(`${row.from}>${row.to}`) && divisions.some((division) => cameBetween(division, row));
    if (!isByDivision && !stopped.has(row.from) && !stopped.has(row.to)) lost.push(row);
  }
  return lost;
}

/** What was on its way when the nodes were divided is lost at the end of the tick before. */
function cameBetween({ from, to, sides }: Division, row: MessageRow): boolean {
  return row.tick >= from - 1 && row.tick <= to && isApart(sides, row);
}

/** What a node is. */
export function conditionOf({ running, role }: NodeRow): Condition {
  return running ? role : "stopped";
}

/** The segments of one node, tick by tick. */
export function segmentsOf(rows: readonly NodeRow[]): Segment[] {
  return merged(rows.map((row) => {
    const { node, term, tick } = row;
    return { node, condition: conditionOf(row), term, from: tick, to: tick };
  }));
}

/** Segments that follow each other and say the same become one. */
function merged(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const before = result.at(-1);
    const isSame = before?.condition === segment.condition && before.term === segment.term;
    if (before !== undefined && isSame) result[result.length - 1] = { ...before, to: segment.to };
    else result.push(segment);
  }
  return result;
}

/** For long runs: in every `bin` ticks only the segment that takes the most of them. */
export function thinned(segments: readonly Segment[], bin: Ticks): Segment[] {
  if (bin <= 1 || segments.length === 0) return [...segments];
  const [start, end] = [segments[0].from, segments[segments.length - 1].to];
  const chosen: Segment[] = [];
  let at = 0;
  for (let from = start; from <= end; from += bin) {
    const to = Math.min(from + bin - 1, end);
    while (segments[at].to < from) at++;
    let best = segments[at];
    const share = (segment: Segment) => Math.min(segment.to, to) - Math.max(segment.from, from);
    for (let i = at; i < segments.length && segments[i].from <= to; i++) {
      if (share(segments[i]) > share(best)) best = segments[i];
    }
    chosen.push({ ...best, from, to });
  }
  return merged(chosen);
}

/** A value of a node that holds until the next one; `null` while the node is stopped. */
export interface Step {
  /** The node. */
  readonly node: NodeId;
  /** From when on. */
  readonly tick: Ticks;
  /** The value. */
  readonly value: number | null;
}

/**
 * The steps of a value over time, up to `end`: of the values in every `bin` ticks the last one, and of equal ones the first.
 * Before a gap the value is said once more, so that its line reaches the gap.
 */
export function stepsOf(rows: readonly NodeRow[], value: (row: NodeRow) => number, bin: Ticks, end: Ticks): Step[] {
  const result: Step[] = [];
  let before: number | null = null;
  rows.forEach((row, i) => {
    const { node, tick, running } = row;
    if (i + 1 < rows.length && Math.floor(rows[i + 1].tick / bin) === Math.floor(tick / bin)) return;
    const now = running ? value(row) : null;
    if (result.length > 0 && now === before) return;
    if (now === null && before !== null) result.push({ node, tick, value: before });
    result.push({ node, tick, value: now });
    before = now;
  });
  return result.length === 0 ? [] : [...result, { ...result[result.length - 1], tick: end }];
}

/** When each term was first seen. */
export function termStarts({ nodes }: History): { term: Term; tick: Ticks }[] {
  const starts = new Map<Term, Ticks>();
  for (const rows of nodes.values()) {
    for (const { term, tick } of rows) if (term > 0 && tick < (starts.get(term) ?? Infinity)) starts.set(term, tick);
  }
  return [...starts].map(([term, tick]) => ({ term, tick })).sort((a, b) => a.term - b.term);
}
