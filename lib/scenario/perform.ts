/**
 * Taking a scenario's steps, one after the other.
 *
 * Whoever drives lets a tick pass each time one is due, and may stop at any of them.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import { ClusterError, type ClusterOptions } from "../cluster_options.ts";
import { LINK_FAULTS, type LinkFault, NetworkError } from "../network.ts";
import { type ConfChangeSingle, type NodeId, RaftError, type Ticks } from "../raft/mod.ts";
import type { DiskOf } from "../storage/disk.ts";
import type { Observer } from "../trace/rows.ts";
import { count } from "../trace/text.ts";
import { judge } from "./condition.ts";
import { type Scenario, ScenarioError, stepsOf, WITHIN } from "./scenario.ts";
import type { Condition, Nodes, ScenarioOptions, Step } from "./schema.ts";
import { Stage } from "./stage.ts";

/**
 * Take `steps` on `stage`: each `next` goes on up to the next due tick. Ends early where something awaited did not happen,
 * or a step cannot be taken; the stage has failed then, and the observer has been told why.
 *
 * @param pausesAfter After which steps a tick is due before the next one. Default: none.
 * @returns Whether all of them were taken.
 */
export function* perform(
  steps: readonly Step[],
  stage: Stage,
  pausesAfter: (step: Step) => boolean = () => false,
): Generator<void, boolean> {
  for (const [i, step] of steps.entries()) {
    if (step.title !== undefined) stage.observer({ kind: "part", tick: stage.cluster.now, title: step.title });
    try {
      if (!(yield* take(step, stage))) return false;
      if (pausesAfter(step)) yield;
    } catch (error) {
      const isRefusal = error instanceof ScenarioError || error instanceof ClusterError ||
        error instanceof NetworkError;
      if (!isRefusal) throw error;
      stage.judge({ text: `step ${i + 1} (${step.do}) can be taken`, holds: false, found: error.message });
      return false;
    }
  }
  return true;
}

/** Whether the story can go on after it. */
function* take(step: Step, stage: Stage): Generator<void, boolean> {
  if (step.do === "runUntil") return yield* runUntil(step.until, step.within ?? WITHIN, stage);
  if (step.do === "run") {
    for (let i = 0; i < step.ticks; i++) yield;
  } else act(step, stage);
  return true;
}

function* runUntil(until: Condition, within: Ticks, stage: Stage): Generator<void, boolean> {
  for (let ticks = 0;; ticks++) {
    const { text, holds, found } = judge(until, stage);
    if (holds) return true;
    if (ticks === within) {
      stage.judge({ text: `within ${count(within, "tick")}, ${text}`, holds, found });
      return false;
    }
    yield;
  }
}

/** A step that takes no time. */
export type Act = Exclude<Step, { do: "run" | "runUntil" }>;

/** Do it. The verbs of faults are methods of the cluster and of its network. */
export function act(step: Act, stage: Stage): void {
  const { cluster, cluster: { network } } = stage;
  const forEach = (nodes: Nodes, action: (id: NodeId) => void) => stage.find(nodes).forEach(action);
  switch (step.do) {
    case "name": {
      const except = stage.find(step.except ?? []);
      return stage.setName(step.as, stage.find(step.nodes ?? "all").filter((id) => !except.includes(id)));
    }
    case "mark":
      return stage.setMark(step.as);
    case "expect": {
      const judgement = judge(step.that, stage);
      return stage.judge({ ...judgement, text: step.text ?? judgement.text });
    }
    case "propose":
      return propose(step, stage);
    case "confChange":
      return confChange(step, stage);
    case "read":
      return cluster.read(step.key ?? stage.options.key, step.way, one(step.to ?? "leader", stage));
    case "request":
      return request(step, stage);
    case "loseAnswer":
      return stage.client(step.client).loseAnswer(step.count);
    case "transfer":
      return cluster.transfer(one(step.to, stage), one(step.from ?? "leader", stage));
    case "crashAfter":
      return forEach(step.nodes, (id) => cluster.crashAfter(id, step.step));
    case "fixTimeout":
      return forEach(step.nodes, (id) => cluster.fixTimeout(id, step.ticks));
    case "compact":
      return forEach(step.nodes, (id) => void cluster.compact(id, step.keep));
    case "delay":
      return forEachLink(step, stage, (from, to) => network.delay(from, to, step.ticks));
    case "partition":
      return network.partition(...step.groups.map((group) => stage.find(group)));
    case "heal":
      return network.heal();
    case "loss":
      return stage.setLoss(step.from ?? "all", step.to ?? "all", step.percent);
    case "dropNext":
      return stage.dropNext(step, step.count);
    default:
      if ("nodes" in step) return forEach(step.nodes, (id) => cluster[step.do](id));
      if (isOnLinks(step)) return forEachLink(step, stage, (from, to) => network[step.do](from, to));
      return stage.inFlight(step).forEach((id) => void network[oneOf(step.do)](id));
  }
}

/** A step on links. */
type OnLinks = Extract<Act, { do: LinkFault }>;

function isOnLinks(step: Act): step is OnLinks {
  return LINK_FAULTS.some((fault) => fault === step.do);
}

/** What does to one message what the step does to several. */
function oneOf<V extends string>(verb: `${V}Messages`): `${V}Message` {
  return verb.replace(/s$/, "") as `${V}Message`;
}

/** The one node that `nodes` means. */
function one(nodes: Nodes, stage: Stage): NodeId {
  const ids = stage.find(nodes);
  if (ids.length !== 1) throw new ScenarioError(`it takes one node, not ${ids.length}`);
  return ids[0];
}

/** Nobody may take it: then the client is out of luck, and the story goes on. */
function propose({ to = "leader", command }: Extract<Act, { do: "propose" }>, stage: Stage): void {
  const { key, value } = stage.options;
  const id = one(to, stage);
  unlessRefused(() => stage.cluster.propose(command ?? { kind: "Put", key, value }, id));
}

function confChange(step: Extract<Act, { do: "confChange" }>, stage: Stage): void {
  const { to = "leader", addVoters = [], addLearners = [], remove = [], transition = "auto" } = step;
  const changed = (type: ConfChangeSingle["type"], nodes: Nodes) => stage.find(nodes).map((node) => ({ type, node }));
  const changes = [
    ...changed("addNode", addVoters),
    ...changed("addLearnerNode", addLearners),
    ...changed("removeNode", remove),
  ];
  const id = one(to, stage);
  unlessRefused(() => stage.cluster.confChange({ transition, changes }, id));
}

function unlessRefused(ask: () => void): void {
  try {
    ask();
  } catch (error) {
    if (!(error instanceof RaftError)) throw error;
  }
}

function request({ client, command, to, way, sessions, timeout }: Extract<Act, { do: "request" }>, stage: Stage): void {
  const { key, value } = stage.options;
  const options = { way, sessions, timeout, to: to === undefined ? undefined : one(to, stage) };
  stage.client(client).ask(command ?? { kind: "Put", key, value }, options);
}

function forEachLink({ from, to, oneWay = false }: OnLinks, stage: Stage, action: (from: NodeId, to: NodeId) => void) {
  for (const start of stage.find(from)) {
    for (const end of stage.find(to).filter((id) => id !== start)) {
      action(start, end);
      if (!oneWay) action(end, start);
    }
  }
}

/** The cluster that a scenario needs, with its nodes' disks. */
export function clusterOptionsFor(
  { setting, mutation: onStart }: Scenario,
  { nodes, seed }: ScenarioOptions,
  observer: Observer,
  diskOf: DiskOf | null,
): ClusterOptions {
  return { ...setting, nodes, seed, diskOf, onStart, observer };
}

/**
 * Play `scenario` to its end: whether all was as expected.
 *
 * @throws {ClusterError} naming an option that no cluster can have.
 */
export function playOut(
  scenario: Scenario,
  options: ScenarioOptions,
  observer: Observer,
  diskOf: DiskOf | null,
): boolean {
  const cluster = new Cluster(clusterOptionsFor(scenario, options, observer, diskOf));
  const stage = new Stage(cluster, options, observer);
  try {
    for (const _ of perform(stepsOf(scenario, options), stage)) cluster.tick();
    return !stage.failed;
  } finally {
    cluster.close();
  }
}
