/**
 * What happened, in sentences with numbers: the parts of the charts' text alternatives.
 *
 * @module
 */
import type { NodeId } from "../raft/mod.ts";
import type { Cuts, Division, Mute } from "./divisions.ts";
import type { Segment } from "./history.ts";
import { capital, count, list, nodeList, ticksText } from "./text.ts";

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
    return `${capital(nodeList(ids))} ${ids.length === 1 ? "is" : "are"} stopped, ${stops.length} times in all.`;
  }
  return `${capital(stops.map(({ node, from, to }) => `node ${node} is stopped ${ticksText(from, to)}`).join("; "))}.`;
}

/** How the nodes were divided, and from when to when. */
export function divisionsText(divisions: readonly Division[]): string {
  if (divisions.length === 0) return "";
  const clause = ({ sides, from, to }: Division) => {
    const [few, ...others] = sides.toSorted((a, b) => a.length - b.length);
    const are = sides.length > 2 || few.length > 1 ? "are" : "is";
    const away = others.length === 1
      ? `${nodeList(few)} ${are} cut off from ${nodeList(others[0])}`
      : `${list([few, ...others].map((side) => nodeList(side)))} ${are} cut off from each other`;
    return `${ticksText(from, to)} ${away}`;
  };
  if (divisions.length <= FEW) return `${capital(divisions.map(clause).join("; "))}.`;
  return `The nodes are divided ${divisions.length} times; first, ${clause(divisions[0])}.`;
}

/** Which links were cut without dividing the nodes, and from when to when. */
export function cutsText(cuts: readonly Cuts[]): string {
  if (cuts.length === 0) return "";
  const clause = ({ links, from, to }: Cuts) => {
    const targetsOf = (id: NodeId) => links.filter((link) => link.from === id).map(({ to: target }) => target);
    const targets = new Map(links.map((link) => [link.from, `to ${nodeList(targetsOf(link.from))}`]));
    const ways = sharing(targets).map(([where, ids]) => `from ${nodeList(ids)} ${where}`);
    return `${ticksText(from, to)} nothing gets ${ways.join(", nor ")}`;
  };
  if (cuts.length <= FEW) return `${capital(cuts.map(clause).join("; "))}.`;
  return `Other links are cut ${cuts.length} times; first, ${clause(cuts[0])}.`;
}

/** Whose clock stood still, and from when to when. */
export function mutesText(mutes: readonly Mute[]): string {
  if (mutes.length === 0) return "";
  const clause = ({ node, from, to }: Mute) => `the clock of node ${node} stands still ${ticksText(from, to)}`;
  if (mutes.length <= FEW) return `${capital(mutes.map(clause).join("; "))}.`;
  return `Clocks stand still ${mutes.length} times; first, ${clause(mutes[0])}.`;
}

/** Nodes of which the same is said, together. */
export function sharing(facts: ReadonlyMap<NodeId, string>): [fact: string, nodes: NodeId[]][] {
  const nodes = new Map<string, NodeId[]>();
  for (const [node, fact] of facts) nodes.set(fact, [...(nodes.get(fact) ?? []), node]);
  return [...nodes];
}

/** Nodes of which the same is said share it: `node 1 is …; nodes 2 and 3 are …`. */
export function grouped(facts: ReadonlyMap<NodeId, string>): string {
  return sharing(facts).map(([fact, ids]) => `${nodeList(ids)} ${ids.length === 1 ? "is" : "are"} ${fact}`).join("; ");
}
