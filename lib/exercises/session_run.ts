/**
 * Clusters whose stores know requests again by the reader's rule, while answers are lost, leaders stop, and clients try again.
 *
 * @module
 */
import { Client } from "../client.ts";
import { Cluster } from "../cluster.ts";
import type { DemoNode } from "../node.ts";
import { type RandomInt, randomInts } from "../raft/mod.ts";
import type { CommandOutcome } from "../state_machine.ts";
import { operationsOf } from "../trace/operations.ts";
import { Trace } from "../trace/trace.ts";
import { range } from "./cases.ts";
import type { Remembered, SessionRule } from "./session_rule.ts";

/** How many clients there are, what each asks for, and how long it may take, in ticks. */
const [CLIENTS, REQUESTS, TICKS, PATIENCE] = [3, 6, 200, 400];

/**
 * Let stores know requests again by `rule`, in clusters of three whose clients lose answers and try again: the first request that was
 * carried out twice, or never though its client was told "done", or that is never answered; `null` if nothing of the kind happens.
 *
 * @param seeds How many runs.
 *
 * @example A store that knows no request again carries some out twice.
 * ```ts
 * import { whatIsDoneTwice } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(whatIsDoneTwice(() => "apply") ?? "", /carried out 2 times/);
 * ```
 */
export function whatIsDoneTwice(rule: SessionRule, seeds = 10): string | null {
  for (const seed of range(1, seeds)) {
    const found = problemOf(rule, seed);
    if (found !== null) return `With seed ${seed}: ${found}.`;
  }
  return null;
}

function problemOf(rule: SessionRule, seed: number): string | null {
  const trace = new Trace();
  const cluster = new Cluster({ seed, observer: trace.record, onStart: (node) => follow(node, rule) });
  const random = randomInts(seed);
  const clients = range(1, CLIENTS).map((id) => new Client(cluster, id));
  for (const client of clients) {
    for (const i of range(1, REQUESTS)) {
      client.ask({ kind: "Put", key: "x", value: `${client.id}.${i}` }, { timeout: 12 });
    }
  }
  while (cluster.now < TICKS) {
    disturb(cluster, clients, random);
    cluster.tick();
  }
  for (const id of cluster.ids) if (!cluster.isRunning(id)) cluster.restart(id);
  while (cluster.now < TICKS + PATIENCE && clients.some(({ isIdle }) => !isIdle)) cluster.tick();
  for (const { client, request, effects, returned } of operationsOf(trace.scenes())) {
    const who = `request ${request} of client ${client}`;
    if (effects.length > 1) return `${who} was carried out ${effects.length} times, at ticks ${effects.join(" and ")}`;
    if (returned === null) return `${who} is never answered`;
    if (effects.length === 0) return `the client was told "done" at tick ${returned}, and ${who} was never carried out`;
  }
  return null;
}

/** Lose an answer, lose a message, stop the leader, start a node again. */
function disturb(cluster: Cluster, clients: readonly Client[], random: RandomInt): void {
  if (random(0, 15) === 0) clients[random(0, CLIENTS)].loseAnswer(1);
  for (const { id } of cluster.network.inFlight()) if (random(0, 30) === 0) cluster.network.dropMessage(id);
  const leader = cluster.leader();
  if (random(0, 40) === 0 && leader !== null && cluster.nodes().length === cluster.ids.length) cluster.stop(leader.id);
  for (const id of cluster.ids) if (!cluster.isRunning(id) && random(0, 20) === 0) cluster.restart(id);
}

/** The store carries out what comes without a number, and asks the rule about everything else. */
function follow({ store }: DemoNode, rule: SessionRule): void {
  const carryOut = store.apply.bind(store);
  const sessions = new Map<number, Remembered & { readonly outcome: CommandOutcome | null }>();
  store.apply = ({ by, ...asked }) => {
    if (by === undefined) return carryOut(asked);
    const remembered = [...sessions.values()].map(({ client, request, answer }) => ({ client, request, answer }));
    const verdict = rule(remembered, { ...by });
    const last = sessions.get(by.client);
    if (verdict !== "apply") {
      return { kind: "Repeated", by, outcome: verdict === "answer" ? last?.outcome ?? null : null };
    }
    const outcome = carryOut(asked);
    const did = outcome.kind === "Put" || outcome.kind === "Delete" || outcome.kind === "Get" ? outcome : null;
    sessions.set(by.client, { ...by, answer: did?.kind === "Get" ? `${did.value}` : "done", outcome: did });
    return outcome;
  };
}
