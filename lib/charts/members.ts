/**
 * Who belongs to the cluster, as charts show it: voters, learners, nodes outside (paper §6, thesis §4.2.1).
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import { type ConfState, isJoint, isMember, isVoter, type NodeId } from "../raft/mod.ts";
import type { NodeState } from "../trace/fold.ts";
import { capital, nodeList } from "../trace/text.ts";
import { changeText } from "../trace/words.ts";
import { HATCHED, type Key, lookOf, type Plot } from "./figure.ts";
import { INK, PAPER, ROLES } from "./palette.ts";

/** What a node is in its own configuration. */
export type Standing = "voter" | "learner" | "outside";

/** What `node` is in its own configuration. */
export function standingOf({ node, configuration }: Pick<NodeState, "node" | "configuration">): Standing {
  return isVoter(configuration, node) ? "voter" : isMember(configuration, node) ? "learner" : "outside";
}

/** What is drawn upon the bar of a node that does not vote. */
export const STANDINGS = {
  learner: { label: "learner", fill: HATCHED, fillOpacity: 0.35, stroke: ROLES.follower.stroke, height: 9 },
  outside: { label: "outside the configuration", fill: PAPER, fillOpacity: 0.7, stroke: INK, dash: "2,3", height: 9 },
} as const satisfies Readonly<Record<string, Key & { readonly fillOpacity: number }>>;

/** What is drawn upon bars, at their `place`, by what their nodes are. */
export function standingMarks<B extends { readonly standing: Standing }>(
  plot: Plot,
  bars: readonly B[],
  place: Readonly<Record<"x1" | "x2" | "y1" | "y2", (bar: B) => number>>,
): Markish[] {
  return Object.entries(STANDINGS).flatMap(([standing, key]) => {
    const own = bars.filter((bar) => bar.standing === standing);
    return own.length === 0 ? [] : [plot.rect(own, { ...place, ...lookOf(key), fillOpacity: key.fillOpacity })];
  });
}

/** A configuration in few words: `voters 1 2 3 + learner 4`, `joint: 1 2 3 and 1 4 5`; or in still fewer. */
export function configurationTexts(configuration: ConfState): string[] {
  const { voters, votersOutgoing, learners } = configuration;
  const joint = `${votersOutgoing.join(" ")} and ${voters.join(" ")}`;
  const [long, short] = isJoint(configuration)
    ? [`joint: ${joint}`, joint]
    : [`${voters.length === 1 ? "voter" : "voters"} ${voters.join(" ")}`, voters.join(" ")];
  if (learners.length === 0) return [long, short];
  const added = `${learners.length === 1 ? "learner" : "learners"} ${learners.join(" ")}`;
  return [`${long} + ${added}`, `${short} + ${added}`, `${short} + ${learners.join(" ")}`];
}

/** Which nodes do not vote: `node 4 is a learner`. */
export function standingText(standing: Exclude<Standing, "voter">, ids: readonly NodeId[]): string {
  const [one, many] = standing === "learner" ? ["is a learner", "are learners"] : ["is outside", "are outside"];
  return `${nodeList(ids)} ${ids.length === 1 ? one : many}${standing === "outside" ? " the configuration" : ""}`;
}

/** Which entries of these logs change the configuration, and how. */
export function changesText(nodes: readonly NodeState[]): string {
  const changes = nodes.flatMap(({ log }) => log.entries()).flatMap(({ index, term, change }) =>
    change === undefined ? [] : [`index ${index} of term ${term} is to ${changeText(change)}`]
  );
  return changes.length === 0 ? "" : `${capital([...new Set(changes)].join("; "))}.`;
}
