/**
 * The scenarios, by name.
 *
 * @module
 */
import { addNode } from "./add_node.ts";
import { basic } from "./basic.ts";
import { checkQuorum } from "./check_quorum.ts";
import { retry } from "./retry.ts";
import { crashRestart } from "./crash_restart.ts";
import { dropLeader } from "./drop_leader.ts";
import { farBehind } from "./far_behind.ts";
import { figure7 } from "./figure_7.ts";
import { figure8 } from "./figure_8.ts";
import { joint } from "./joint.ts";
import { laggingFollower } from "./lagging_follower.ts";
import { minorityPartition } from "./minority_partition.ts";
import { missingSync } from "./missing_sync.ts";
import { noQuorum } from "./no_quorum.ts";
import { oneWayLink } from "./one_way_link.ts";
import { powerCut } from "./power_cut.ts";
import { prevote } from "./prevote.ts";
import { removeLeader } from "./remove_leader.ts";
import type { Scenario } from "./scenario.ts";
import { splitVote } from "./split_vote.ts";
import { staleRead } from "./stale_read.ts";
import { transfer } from "./transfer.ts";

/** Every scenario, in the order in which to read them. */
export const scenarios: readonly Scenario[] = [
  basic,
  laggingFollower,
  farBehind,
  dropLeader,
  splitVote,
  minorityPartition,
  retry,
  staleRead,
  oneWayLink,
  checkQuorum,
  prevote,
  transfer,
  addNode,
  removeLeader,
  joint,
  noQuorum,
  crashRestart,
  powerCut,
  missingSync,
  figure7,
  figure8,
];
