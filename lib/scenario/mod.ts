/**
 * Scenarios: those that `demo` tells, and what it takes to write, play and survey others.
 *
 * @module
 */
export { addNode } from "./add_node.ts";
export { basic } from "./basic.ts";
export { checkQuorum, checkQuorumOn } from "./check_quorum.ts";
export { retry, retryOnce } from "./retry.ts";
export { crashRestart } from "./crash_restart.ts";
export { dropLeader } from "./drop_leader.ts";
export { figure7 } from "./figure_7.ts";
export { farBehind } from "./far_behind.ts";
export { figure8, figure8E, figure8WithoutTheRule } from "./figure_8.ts";
export { joint, jointConsensus } from "./joint.ts";
export { laggingFollower } from "./lagging_follower.ts";
export { minorityPartition } from "./minority_partition.ts";
export { missingSync, missingSyncTwoLeaders } from "./missing_sync.ts";
export { noQuorum } from "./no_quorum.ts";
export { oneWayLink } from "./one_way_link.ts";
export { powerCut } from "./power_cut.ts";
export { prevote, prevoteOn } from "./prevote.ts";
export { removeLeader } from "./remove_leader.ts";
export { splitVote } from "./split_vote.ts";
export { leaseRead, readIndexRead } from "./read_ways.ts";
export { staleRead } from "./stale_read.ts";
export { transfer } from "./transfer.ts";
export { type Leg, play, type Run } from "./run.ts";
export { type Scenario, ScenarioError, withSequels } from "./scenario.ts";
export { scenarios } from "./scenarios.ts";
export type { Condition, MessageFilter, Nodes, NodeWord, Quantity } from "./schema.ts";
export type { ScenarioOptions, Setting, Shapes, Step } from "./schema.ts";
export { median, type SeedResult, survey } from "./survey.ts";
export { readScenario } from "./validate.ts";
