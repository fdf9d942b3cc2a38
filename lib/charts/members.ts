/**
 * Who belongs to the cluster, as charts show it: voters, learners, nodes outside (paper §6, thesis §4.2.1).
 *
 * @module
 */
import { type ConfChange, type ConfState, isJoint, isMember, isVoter } from "../raft/mod.ts";
import type { NodeState } from "../trace/fold.ts";
import { HATCHED, type Key } from "./figure.ts";
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

const SIGNS = { addNode: ["+", ""], addLearnerNode: ["+", " learner"], removeNode: ["–", ""] } as const;

/** A change of the configuration in a cell: `+4 learner`, `–1`, `leave`. */
export function changeTexts({ changes }: ConfChange): string[] {
  if (changes.length === 0) return ["leave joint", "leave"];
  const [long, short] = [1, 0].map((words) =>
    changes.map(({ type, node }) => `${SIGNS[type][0]}${node}${words === 1 ? SIGNS[type][1] : ""}`).join(" ")
  );
  return [long, short];
}
