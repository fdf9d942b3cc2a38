/**
 * 20, liveness: at the end of a fuzz run. While messages are lost and late, clients go on writing and a bare majority runs, it
 * commits something new; and with everything mended, all members apply the same, and every client is answered.
 *
 * @module
 */
import type { Client } from "../client.ts";
import type { Cluster } from "../cluster.ts";
import { assert, type ConfState, isJoint, membersOf, type NodeId, type RandomInt, randomInts } from "../raft/mod.ts";
import { judge } from "../scenario/condition.ts";
import type { Setting, Step } from "../scenario/schema.ts";
import type { Stage } from "../scenario/stage.ts";
import { changesIn, isQuorum, isSame } from "./membership_invariants.ts";
import { type FaultInjector, type FaultProfile, MESSAGE_FAULTS_ALONE } from "./fault_injector.ts";

/** Ticks within which a majority must commit something new, and a mended cluster apply something more, or agree. */
const PATIENCE = 600;

/** A run that has come to its end. */
export interface Run {
  readonly stage: Stage<Cluster>;
  readonly setting: Setting;
  /** The configuration to which the log has led so far. */
  readonly latestConfiguration: ConfState;
  /** The clients that try again, and have asked for something. */
  readonly clients: readonly Client[];
  /** Take a step, if it can be taken. */
  take(step: Step): void;
  /** A fault injector into the run's cluster. */
  injector(faults: FaultProfile, random: RandomInt): FaultInjector;
}

/**
 * Check it: what is done follows from the run and the seed.
 *
 * @throws {InvariantViolation} naming what was awaited in vain.
 */
export function checkLiveness(run: Run, seed: number): void {
  const { stage: { cluster } } = run;
  const random = randomInts(seed);
  run.take({ do: "heal" });
  run.take({ do: "delay", from: "all", to: "all", ticks: 1 });
  // Whoever leads is rather among those that do not run.
  const leader = cluster.leader()?.id;
  const rank = (id: NodeId) => random(0, 1000) + (id === leader ? 500 : 0);
  const ranked = cluster.ids.map((id) => ({ id, at: rank(id) })).sort((a, b) => a.at - b.at || a.id - b.id);
  const order = ranked.map(({ id }) => id);
  const needed: NodeId[] = [];
  for (const id of order) {
    const isNeeded = !isMajority(run, needed);
    if (isNeeded) needed.push(id);
    if (cluster.isRunning(id) !== isNeeded) run.take({ do: isNeeded ? "restart" : "stop", nodes: id });
  }
  majorityCommits(run, order, random);
  run.take({ do: "heal" });
  allAgree(run);
}

/**
 * Whether these nodes, which run, can commit whatever happens: whichever of them leads, by the configuration that is in force on
 * it, by those that its log leads to, and by the latest one.
 */
function isMajority({ stage: { cluster }, latestConfiguration }: Run, ids: readonly NodeId[]): boolean {
  const configurations = ids.flatMap((id) => {
    const { confState, log } = cluster.node(id).raft;
    return [confState, ...changesIn(confState, log.entries(log.applied + 1, Infinity) ?? [])];
  });
  return [latestConfiguration, ...configurations].every((confState) => isQuorum(confState, ids));
}

function majorityCommits(run: Run, order: readonly NodeId[], random: RandomInt): void {
  const { stage: { cluster }, setting: { maxInflightMsgs = 256, maxSizePerMsg = 1 << 20 } } = run;
  const injector = run.injector(MESSAGE_FAULTS_ALONE, random);
  // An entry a message and few messages at once: more writes would only pile up.
  const often = maxInflightMsgs < 256 && maxSizePerMsg < 1000 ? 100 : 1000;
  const running = () => cluster.nodes().map(({ id }) => id);
  const expected = 1 + Math.max(...cluster.nodes().map((node) => node.status().lastIndex));
  for (let tick = 0;; tick++) {
    // Somebody may still be about to crash, and know less of the configuration afterwards.
    for (const id of order) {
      if (!cluster.isRunning(id) && !isMajority(run, running())) run.take({ do: "restart", nodes: id });
    }
    const found = Math.max(...cluster.nodes().map((node) => node.status().hs.commit));
    if (found > expected) return;
    const invariant = "Liveness: a majority that runs commits what is new, though messages are lost and late";
    assert(tick < PATIENCE, invariant, `a commit index over ${expected} in ${PATIENCE} ticks`, found);
    const leader = cluster.leader();
    if (leader !== null && random(0, 1000) < often) injector.write([leader.id]);
    injector.round();
  }
}

function allAgree(run: Run): void {
  const { stage, stage: { cluster }, clients } = run;
  let [most, stalled] = [0, 0];
  for (;;) {
    keepUp(run);
    const { latestConfiguration: latest } = run;
    const { holds, found } = judge({ is: "agreed", nodes: membersOf(latest) }, stage);
    const waiting = clients.filter(({ isIdle }) => !isIdle).map(({ id }) => id);
    if (holds && !isJoint(latest) && waiting.length === 0) return;
    const now = cluster.nodes().reduce((sum, node) => sum + node.status().applied, 0);
    stalled = now > most ? 0 : stalled + 1;
    most = Math.max(most, now);
    const invariant = "Liveness: a mended cluster goes on until all members have applied the same";
    assert(
      stalled < PATIENCE,
      invariant,
      `something new in ${PATIENCE} ticks`,
      found || JSON.stringify({ latest, waiting }),
    );
    run.take({ do: "run", ticks: 1 });
  }
}

/**
 * What whoever runs a cluster must do: start what has stopped; end a joint configuration that does not end by itself; and stop
 * whoever was removed, once no member needs it any more, unless PreVote and CheckQuorum keep it from disturbing the others.
 */
function keepUp(
  { stage: { cluster }, setting: { preVote, checkQuorum }, latestConfiguration: latest, take }: Run,
): void {
  const isLatest = (id: NodeId) => isSame(cluster.node(id).configuration, latest);
  const members = membersOf(latest);
  const mayStay = (preVote && checkQuorum) || !members.every((id) => cluster.isRunning(id) && isLatest(id));
  for (const id of cluster.ids) {
    const runs = members.includes(id) || mayStay;
    if (cluster.isRunning(id) !== runs) take({ do: runs ? "restart" : "stop", nodes: id });
  }
  const leader = cluster.leader();
  if (leader === null) return;
  const { configuration, raft: { log } } = leader;
  const isChanging = changesIn(configuration, log.entries(log.applied + 1, Infinity) ?? []).length > 0;
  if (isJoint(configuration) && !configuration.autoLeave && !isChanging) take({ do: "confChange", to: leader.id });
}
