/**
 * Who could talk to whom, and whose clock stood still, from when to when.
 *
 * Functions of what was done on purpose; what is done at the end of a tick holds from the next tick on.
 *
 * @module
 */
import type { LinkFaultRow } from "../trace/rows.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";

/** From one tick to another, both included. */
export interface Span {
  /** The first tick. */
  readonly from: Ticks;
  /** The last tick. */
  readonly to: Ticks;
}

/** The nodes were divided: no message passed from one side to another, in either direction. */
export interface Division extends Span {
  /** The sides, in the order of their first nodes: two at least. */
  readonly sides: readonly (readonly NodeId[])[];
}

/** Links were cut that did not divide the nodes, such as those that lead only one way. */
export interface Cuts extends Span {
  /** The links. */
  readonly links: readonly LinkFaultRow[];
}

/** The clock of a node stood still. */
export interface Mute extends Span {
  /** The node. */
  readonly node: NodeId;
}

/** How the nodes were divided within `window`. */
export function divisionsOf(trace: Trace, ids: readonly NodeId[], window: Span): Division[] {
  const divisions = cutLinks(trace, window).map(({ from, to, links }) => ({
    from,
    to,
    sides: sidesOf(ids, namesOf(links)),
  }));
  return joined(divisions, ({ sides }) => sides.join("|")).filter(({ sides }) => sides.length > 1);
}

/** The links between nodes of the same side that were cut within `window`. */
export function cutsOf(trace: Trace, ids: readonly NodeId[], window: Span): Cuts[] {
  const cuts = cutLinks(trace, window).map(({ from, to, links }) => {
    const sides = sidesOf(ids, namesOf(links));
    return { from, to, links: links.filter((link) => !isApart(sides, link)) };
  });
  return joined(cuts, ({ links }) => links.map(nameOf).join()).filter(({ links }) => links.length > 0);
}

/** Whose clock stood still within `window`. */
export function mutesOf(trace: Trace, window: Span): Mute[] {
  const faults = trace.of("nodeFault");
  const mutes = faults.flatMap(({ fault, node, tick }, i) => {
    if (fault !== "pauseClock") return [];
    const end = faults.slice(i).find((later) => later.fault === "resumeClock" && later.node === node);
    return [{ node, from: tick + 1, to: end?.tick ?? Infinity }];
  });
  return within(mutes, window);
}

/** Whether both ends are nodes of different sides. */
export function isApart(
  sides: readonly (readonly NodeId[])[],
  { from, to }: { readonly from: NodeId; readonly to: NodeId },
): boolean {
  return !sides.some((side) => side.includes(from) && side.includes(to));
}

/** The links that were cut, whenever they changed. */
function cutLinks(trace: Trace, window: Span): Cuts[] {
  const cut = new Map<string, LinkFaultRow>();
  const changes = new Map<Ticks, LinkFaultRow[]>();
  for (const link of trace.of("linkFault")) {
    if (link.state === "cut") cut.set(nameOf(link), link);
    else cut.delete(nameOf(link));
    changes.set(link.tick, [...cut.values()].sort((a, b) => a.from - b.from || a.to - b.to));
  }
  const ticks = [...changes.keys(), Infinity];
  return within([...changes.values()].map((links, i) => ({ from: ticks[i] + 1, to: ticks[i + 1], links })), window);
}

function nameOf({ from, to }: LinkFaultRow): string {
  return `${from}>${to}`;
}

function namesOf(links: readonly LinkFaultRow[]): ReadonlySet<string> {
  return new Set(links.map(nameOf));
}

/** Groups of nodes that can still reach each other, if only through others, and if only one way; `cut`: links as `1>2`. */
export function sidesOf(ids: readonly NodeId[], cut: ReadonlySet<string>): NodeId[][] {
  const sides = ids.reduce<NodeId[][]>((before, id) => {
    const isNear = (other: NodeId) => !cut.has(`${id}>${other}`) || !cut.has(`${other}>${id}`);
    const near = before.filter((side) => side.some(isNear));
    return [...before.filter((side) => !near.includes(side)), [...near.flat(), id].sort((a, b) => a - b)];
  }, []);
  return sides.sort(([a], [b]) => a - b);
}

/** Spans that follow each other and say the same become one. */
function joined<S extends Span>(spans: readonly S[], key: (span: S) => string): S[] {
  const result: S[] = [];
  for (const span of spans) {
    const before = result.at(-1);
    if (before !== undefined && key(before) === key(span)) result[result.length - 1] = { ...before, to: span.to };
    else result.push(span);
  }
  return result;
}

function within<S extends Span>(spans: readonly S[], { from, to }: Span): S[] {
  return spans.map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.from <= span.to);
}
