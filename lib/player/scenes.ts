/**
 * A trace cut into scenes: what is to be seen at the end of each tick, and what happened on the way there.
 *
 * What is done to a cluster between two ticks belongs to the second one, where its effect shows; what a scenario
 * expects belongs to the tick that is over.
 *
 * @module
 */
import { sidesOf } from "../charts/divisions.ts";
import type { LinkFaultRow, NodeRow, TraceRow } from "../trace/rows.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";

/** The way from one node to another. */
export type Way = `${NodeId}>${NodeId}`;

/** A cluster at the end of a tick. */
export interface Scene {
  /** The tick. */
  readonly tick: Ticks;
  /** Every node, in the order of ids. */
  readonly nodes: readonly NodeRow[];
  /** The nodes whose clocks stand still. */
  readonly muted: ReadonlySet<NodeId>;
  /** The links that are cut or held. */
  readonly broken: ReadonlyMap<Way, "cut" | "held">;
  /** What happened since the scene before, in order; no rows of nodes. */
  readonly rows: readonly TraceRow[];
}

/** Every scene of `trace` up to tick `to`. */
export function scenesOf({ rows }: Trace, to: Ticks = Infinity): Scene[] {
  const scenes: { tick: Ticks; nodes: NodeRow[]; rows: TraceRow[]; muted: Set<NodeId>; broken: Scene["broken"] }[] = [];
  const muted = new Set<NodeId>();
  const broken = new Map<Way, "cut" | "held">();
  let since: TraceRow[] = [];
  for (const row of rows) {
    const last = scenes.at(-1);
    if (row.kind === "node") {
      if (last?.tick === row.tick) last.nodes.push(row);
      else if (row.tick > to) break;
      else {
        scenes.push({ tick: row.tick, nodes: [row], rows: since, muted: new Set(muted), broken: new Map(broken) });
        since = [];
      }
    } else if (row.kind === "expectation" && last !== undefined) last.rows.push(row);
    else {
      since.push(row);
      if (row.kind === "linkFault") connect(broken, row);
      if (row.kind === "nodeFault" && row.fault === "pauseClock") muted.add(row.node);
      if (row.kind === "nodeFault" && row.fault === "resumeClock") muted.delete(row.node);
    }
  }
  return scenes;
}

function connect(broken: Map<Way, "cut" | "held">, { from, to, state }: LinkFaultRow): void {
  if (state === "open") broken.delete(`${from}>${to}`);
  else broken.set(`${from}>${to}`, state);
}

/** The nodes in groups, between which every link is cut both ways; one group if nobody is cut off. */
export function groupsOf({ nodes, broken }: Scene): NodeId[][] {
  const cut = [...broken].filter(([, state]) => state === "cut").map(([way]) => way);
  return sidesOf(nodes.map(({ node }) => node), new Set(cut));
}
