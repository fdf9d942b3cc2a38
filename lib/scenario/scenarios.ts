/**
 * The scenarios, by name.
 *
 * @module
 */
import { basic } from "./basic.ts";
import { crashRestart } from "./crash_restart.ts";
import { dropLeader } from "./drop_leader.ts";
import { figure7 } from "./figure_7.ts";
import { figure8 } from "./figure_8.ts";
import { laggingFollower } from "./lagging_follower.ts";
import { minorityPartition } from "./minority_partition.ts";
import { noQuorum } from "./no_quorum.ts";
import type { Scenario } from "./scenario.ts";
import { splitVote } from "./split_vote.ts";

/** Every scenario, in the order in which to read them. */
export const scenarios: readonly Scenario[] = [
  basic,
  laggingFollower,
  dropLeader,
  splitVote,
  minorityPartition,
  noQuorum,
  crashRestart,
  figure7,
  figure8,
];
