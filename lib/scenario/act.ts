/**
 * What a scenario does to a cluster: everything but letting time pass, and looking.
 *
 * @module
 */
import { type NodeId, RaftError, unreachable } from "../raft/mod.ts";
import type { Stage } from "./stage.ts";
import type { Links, MessageFilter, Nodes, Step } from "./step.ts";

/** A step that takes no time. */
export type Act = Exclude<Step, { do: "run" | "runUntil" | "expect" }>;

/**
 * Do it.
 *
 * @throws {ScenarioError} naming a word that means nobody.
 * @throws {ClusterError | NetworkError} if it cannot be done to that node, or those links.
 */
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
    case "propose":
      return propose(step, stage);
    case "campaign":
      return forEach(step.nodes, (id) => cluster.campaign(id));
    case "stop":
    case "restart":
    case "pauseClock":
    case "resumeClock":
      return forEach(step.nodes, (id) => cluster[step.do](id));
    case "crashAfter":
      return forEach(step.nodes, (id) => cluster.crashAfter(id, step.step));
    case "fixTimeout":
      return forEach(step.nodes, (id) => cluster.fixTimeout(id, step.ticks));
    case "compact":
      return forEach(step.nodes, (id) => void cluster.compact(id, step.keep));
    case "cut":
    case "hold":
    case "mend":
      return forEachLink(step, stage, (from, to) => network[step.do](from, to));
    case "delay":
      return forEachLink(step, stage, (from, to) => network.delay(from, to, step.ticks));
    case "partition":
      return network.partition(...step.groups.map((group) => stage.find(group)));
    case "heal":
      return network.heal();
    case "dropMessages":
      return inFlight(step, stage).forEach((id) => network.dropMessage(id));
    case "holdMessages":
      return inFlight(step, stage).forEach((id) => network.holdMessage(id));
    case "releaseMessages":
      return inFlight(step, stage).forEach((id) => network.releaseMessage(id));
    case "duplicateMessages":
      return inFlight(step, stage).forEach((id) => void network.duplicateMessage(id));
    case "dropNext":
      return stage.dropNext(step, step.count);
    default:
      return unreachable(step);
  }
}

/** Nobody may take it: then the client is out of luck, and the story goes on. */
function propose({ to = "leader", command }: Extract<Act, { do: "propose" }>, stage: Stage): void {
  const { key, value } = stage.options;
  try {
    stage.cluster.propose(command ?? { kind: "Put", key, value }, stage.findOne(to));
  } catch (error) {
    if (!(error instanceof RaftError)) throw error;
  }
}

function forEachLink({ from, to, oneWay = false }: Links, stage: Stage, action: (from: NodeId, to: NodeId) => void) {
  for (const start of stage.find(from)) {
    for (const end of stage.find(to)) {
      if (start === end) continue;
      action(start, end);
      if (!oneWay) action(end, start);
    }
  }
}

/** The messages in flight that are meant. */
function inFlight(filter: MessageFilter, stage: Stage): number[] {
  const isMeant = stage.matcher(filter);
  return stage.cluster.network.inFlight().filter(({ message }) => isMeant(message)).map(({ id }) => id);
}
