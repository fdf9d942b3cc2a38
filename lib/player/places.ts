/**
 * What each node is in the configuration: it votes, only learns, or is outside.
 *
 * @module
 */
import { type ConfState, isVoter, majority, type NodeId } from "../raft/mod.ts";
import type { ClusterState, NodeState } from "../trace/fold.ts";
import { nodeList } from "../trace/text.ts";

/** What a node can be made: by what a step calls it. */
export const PLACES = { addVoters: "voter", addLearners: "learner", remove: "outside" } as const;

/** What a node is in a configuration; in a joint one, in which half it votes. */
export type Place = typeof PLACES[keyof typeof PLACES] | "old half" | "new half" | "both halves";

/** The latest configuration: that of the node which has applied most. */
export function configurationOf({ nodes }: ClusterState): ConfState {
  return [...nodes.values()].reduce((most, node) => node.applied > most.applied ? node : most).configuration;
}

/** What node `id` is in `configuration`. */
export function placeOf({ voters, votersOutgoing, learners }: ConfState, id: NodeId): Place {
  const isOld = votersOutgoing.includes(id);
  if (voters.includes(id)) return votersOutgoing.length === 0 ? "voter" : isOld ? "both halves" : "new half";
  return isOld ? "old half" : learners.includes(id) ? "learner" : "outside";
}

/** Whether a node takes itself for a voter: others never campaign. */
export function votes({ node, configuration }: NodeState): boolean {
  return isVoter(configuration, node);
}

/** Who votes, and what majority that takes. */
export function majorityText({ voters, votersOutgoing }: ConfState): string {
  const half = (ids: readonly NodeId[]) => `${majority(ids.length)} of ${nodeList(ids)}`;
  return votersOutgoing.length === 0 ? half(voters) : `${half(votersOutgoing)}, and also ${half(voters)}`;
}
