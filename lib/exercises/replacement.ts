/**
 * The exercise of notebook 06 in which the reader replaces all nodes of a cluster, while one node may stop at any moment.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import { ClusterError } from "../cluster_options.ts";
import type { ConfChange, ConfChangeSingle, ConfState, NodeId } from "../raft/mod.ts";
import { majority, RaftError } from "../raft/mod.ts";
import { membersOf } from "../raft/configuration.ts";
import type { Nodes, Step } from "../scenario/schema.ts";
import type { ConfChangeRow } from "../trace/rows.ts";
import { list, nodeList } from "../trace/text.ts";
import { changeText, configurationText } from "../trace/words.ts";
import { range, shown } from "./cases.ts";

/** A change of the configuration, as a step of a scenario. */
export type ChangeStep = Extract<Step, { do: "confChange" }>;

/** Nodes 1 to 3 are the cluster at first, nodes 4 to 6 in the end. */
const [FIRST, LAST, NODES] = [3, range(4, 6), 6];

/** The most changes that are tried. */
const MOST = 20;

/** Ticks in which a cluster that can go on elects a leader, if it must, and commits a Put. */
const ENOUGH = 200;

/**
 * Check a plan that makes of the nodes 1, 2 and 3 the nodes 4, 5 and 6, change by change.
 *
 * As soon as a change is in force any one node may stop, and a node that has just joined does not answer yet. The others
 * must commit a Put all the same. If nobody stops, all members catch up before the next change, and who was removed is
 * switched off.
 *
 * @returns What goes wrong first; `null` if nothing does.
 *
 * @example
 * ```ts
 * import { checkReplacement, exercise } from "hello-raft";
 *
 * exercise("replace all three", [{ do: "confChange", addVoters: 4 }], checkReplacement); // not yet, and why
 * ```
 */
export function checkReplacement(plan: readonly ChangeStep[]): string | null {
  if (!Array.isArray(plan) || !plan.every(isChange)) {
    return `You said ${shown(plan)}; it takes a list of changes, such as { do: "confChange", remove: 1 }.`;
  }
  if (plan.length > MOST) return `Your plan has ${plan.length} changes; ${MOST} are more than enough.`;
  const changes = plan.map(changeOf);
  const outside = changes.flatMap((change) => change.changes).find(({ node }) => !range(1, NODES).includes(node));
  if (outside !== undefined) return `Node ${outside.node} is not here: there are the nodes 1 to ${NODES}.`;
  for (const count of range(1, changes.length)) {
    for (const victim of range(1, NODES)) {
      const problem = tryToStop(changes.slice(0, count), victim);
      if (problem !== null) return `Change ${count}, ${changeText(changes[count - 1])}: ${problem}`;
    }
  }
  return endProblem(settled(changes).configuration);
}

function isChange(step: unknown): boolean {
  const { do: verb, to, addVoters = [], addLearners = [], remove = [] } = Object(step);
  return verb === "confChange" && to === undefined && [addVoters, addLearners, remove].flat().every(Number.isInteger);
}

function changeOf({ addVoters = [], addLearners = [], remove = [], transition = "auto" }: ChangeStep): ConfChange {
  const each = (type: ConfChangeSingle["type"], nodes: Nodes) =>
    [nodes].flat().map((node) => ({ type, node: Number(node) }));
  const changes = [each("addNode", addVoters), each("addLearnerNode", addLearners), each("removeNode", remove)].flat();
  return { transition, changes };
}

/** A cluster, and who is in it. */
interface Settled {
  readonly cluster: Cluster;
  readonly configuration: ConfState;
  /** What was asked for last became this. */
  readonly rows: readonly ConfChangeRow[];
}

/** The cluster after these changes, each of which everybody has applied. Who was removed deposes nobody (PreVote, CheckQuorum). */
function settled(changes: readonly ConfChange[]): Settled {
  const rows: ConfChangeRow[] = [];
  const cluster = new Cluster({
    nodes: NODES,
    spares: NODES - FIRST,
    preVote: true,
    checkQuorum: true,
    observer: (row) => row.kind === "confChange" && rows.push(row),
  });
  settle(cluster);
  for (const change of changes) {
    for (const { node } of change.changes) if (!cluster.isRunning(node)) cluster.restart(node);
    cluster.confChange(change);
    settle(cluster);
    const members = membersOf(configurationOf(cluster));
    for (const id of range(1, FIRST)) if (!members.includes(id) && cluster.isRunning(id)) cluster.stop(id);
  }
  return { cluster, configuration: configurationOf(cluster), rows };
}

/** Until all members follow one leader, and have applied all of its log. */
function settle(cluster: Cluster): void {
  cluster.runUntil("all members have applied all", () => {
    const leader = cluster.leader();
    if (leader === null) return false;
    const { hs: { term }, lastIndex } = leader.status();
    return membersOf(leader.configuration).map((id) => cluster.node(id).status())
      .every((status) => status.ss.leaderId === leader.id && status.hs.term === term && status.applied === lastIndex);
  });
}

/** The configuration of whoever has applied most. */
function configurationOf(cluster: Cluster): ConfState {
  const [first] = cluster.nodes().toSorted((a, b) => b.status().applied - a.status().applied);
  return first.configuration;
}

/** The last of `changes` comes into force, and `victim` stops at that moment; what goes wrong. */
function tryToStop(changes: readonly ConfChange[], victim: NodeId): string | null {
  const { cluster, configuration: before, rows } = settled(changes.slice(0, -1));
  const members = membersOf(before);
  const silent = range(1, NODES).filter((id) => !members.includes(id));
  cluster.network.partition(members, ...silent.map((id) => [id]));
  try {
    cluster.confChange(changes[changes.length - 1]);
  } catch (error) {
    if (error instanceof RaftError || error instanceof ClusterError) return `${error.message}.`;
    throw error;
  }
  if (rows.at(-1)?.result === "empty") {
    return `the leader appends an empty entry in its place; the configuration is ${configurationText(before)}.`;
  }
  const isInForce = () => JSON.stringify(configurationOf(cluster)) !== JSON.stringify(before);
  for (let tick = 0; tick < ENOUGH && !isInForce(); tick++) cluster.tick();
  if (!members.includes(victim) || !cluster.isRunning(victim)) return null;
  cluster.stop(victim);
  return commitsPut(cluster) ? null : stuck(configurationOf(cluster), [...silent, victim], victim);
}

function commitsPut(cluster: Cluster): boolean {
  let asked: NodeId | null = null;
  for (let tick = 0; tick < ENOUGH; tick++) {
    const leader = cluster.leader();
    if (leader !== null && leader.id !== asked) cluster.propose({ kind: "Put", key: "x", value: "still there" });
    asked = leader?.id ?? asked;
    cluster.tick();
    if (cluster.nodes().some(({ store }) => store.get("x") !== null)) return true;
  }
  return false;
}

function stuck({ voters, votersOutgoing }: ConfState, missing: readonly NodeId[], victim: NodeId): string {
  const halves = [voters, votersOutgoing].filter((ids) => ids.length > 0).map((ids) => ({
    ids,
    answer: ids.filter((id) => !missing.includes(id)),
    needed: majority(ids.length),
  }));
  const lacking = halves.find(({ answer, needed }) => answer.length < needed) ?? halves[0];
  const late = [...voters, ...votersOutgoing].filter((id) => missing.includes(id) && id !== victim);
  const newcomers = late.length === 0
    ? ""
    : `${nodeList(late)} ${late.length === 1 ? "has" : "have"} just joined, and ` +
      `${late.length === 1 ? "does" : "do"} not answer yet; `;
  const answer = lacking.answer.length === 0
    ? "nobody answers"
    : `only ${nodeList(lacking.answer)} answer${lacking.answer.length === 1 ? "s" : ""}`;
  return `${newcomers}when node ${victim} stops, nothing is committed any more: of the voters ${list(lacking.ids)} ` +
    `${answer}, and a majority is ${lacking.needed}.`;
}

function endProblem(configuration: ConfState): string | null {
  const { voters, votersOutgoing, learners } = configuration;
  const isThere = `${voters}` === `${LAST}` && votersOutgoing.length + learners.length === 0;
  return isThere
    ? null
    : `In the end the configuration is ${configurationText(configuration)}; it should be voters 4, 5 and 6.`;
}
