/**
 * What happened, in sentences with numbers: the parts of the charts' text alternatives.
 *
 * Floor 8.
 *
 * @module
 */
import type { NodeId } from "../raft/mod.ts";
import type { Segment } from "./history.ts";
import { capital, count, nodesText, ticksText } from "./text.ts";

/** More than this is told as a number. */
const FEW = 4;

/** Who led which term, and from when to when. */
export function leadershipText(segments: readonly Segment[]): string {
  const led = segments.filter(({ condition }) => condition === "leader").sort((a, b) => a.from - b.from);
  const campaigns = segments.filter(({ condition }) => condition === "candidate").length;
  if (led.length === 0) {
    return `Nobody leads${campaigns === 0 ? "" : `; there are ${count(campaigns, "candidacy", "candidacies")}`}.`;
  }
  const clause = ({ node, term, from, to }: Segment) => `node ${node} leads term ${term} ${ticksText(from, to)}`;
  if (led.length <= FEW) return `${capital(led.map(clause).join("; "))}.`;
  const longest = led.reduce((best, other) => (other.to - other.from > best.to - best.from ? other : best));
  const last = led[led.length - 1];
  const first = `There are ${led.length} leaderships: the longest is that ${clause(longest)}`;
  return last === longest ? `${first}.` : `${first}, the last that ${clause(last)}.`;
}

/** Who was stopped, and from when to when. */
export function stopsText(segments: readonly Segment[]): string {
  const stops = segments.filter(({ condition }) => condition === "stopped").sort((a, b) => a.from - b.from);
  if (stops.length === 0) return "";
  if (stops.length > FEW) {
    const ids = [...new Set(stops.map(({ node }) => node))].sort((a, b) => a - b);
    return `${capital(nodesText(ids))} ${ids.length === 1 ? "is" : "are"} stopped, ${stops.length} times in all.`;
  }
  return `${capital(stops.map(({ node, from, to }) => `node ${node} is stopped ${ticksText(from, to)}`).join("; "))}.`;
}

/** Nodes of which the same is said, together. */
export function sharing(facts: ReadonlyMap<NodeId, string>): [fact: string, nodes: NodeId[]][] {
  const nodes = new Map<string, NodeId[]>();
  for (const [node, fact] of facts) nodes.set(fact, [...(nodes.get(fact) ?? []), node]);
  return [...nodes];
}

/** Nodes of which the same is said share it: `node 1 is …; nodes 2 and 3 are …`. */
export function grouped(facts: ReadonlyMap<NodeId, string>): string {
  return sharing(facts).map(([fact, ids]) => `${nodesText(ids)} ${ids.length === 1 ? "is" : "are"} ${fact}`).join("; ");
}
