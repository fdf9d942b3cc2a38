/**
 * What is asked of a cluster in a fuzz run beside writes: to read, to hand over the lead, to change its configuration; and what
 * clients ask for that try again.
 *
 * As faults are, each demand is a step of a scenario, and a source of chance decides when it comes.
 *
 * @module
 */
import type { Cluster } from "../cluster.ts";
import { isJoint, type NodeId, type RandomInt } from "../raft/mod.ts";
import type { Step } from "../scenario/schema.ts";

/** How often something is asked for, in a thousand rounds. */
export interface Demand {
  /** A client reads. */
  readonly read: number;
  /** Somebody wants another node to lead. */
  readonly transfer: number;
  /** Somebody wants another configuration. */
  readonly change: number;
  /** A client that tries again asks for something; an answer to it is lost. */
  readonly request: number;
  readonly loseAnswer: number;
}

/** Clients that try again. */
export const CLIENTS = [1, 2, 3];

/** What becomes of a node that a change names. */
const VERBS = ["addVoters", "addVoters", "addLearners", "remove"] as const;

/** Asks. */
export class Demands {
  #requests = 0;

  /** @param take Takes a step of a scenario. */
  constructor(
    readonly cluster: Cluster,
    readonly demand: Demand,
    readonly random: RandomInt,
    readonly take: (step: Step) => void,
  ) {}

  /** Ask for something, perhaps. */
  round(): void {
    const { read, transfer, change, request, loseAnswer } = this.demand;
    if (this.#chance(request)) this.#request();
    if (this.#chance(loseAnswer)) this.take({ do: "loseAnswer", client: this.#oneOf(CLIENTS), count: 1 });
    const running = this.cluster.nodes().map(({ id }) => id);
    if (running.length === 0) return;
    if (this.#chance(read)) this.#read(running);
    if (this.#chance(transfer)) {
      this.take({ do: "transfer", to: this.#oneOf(this.cluster.ids), from: this.#oneOf(running) });
    }
    if (this.#chance(change)) this.#change(running);
  }

  #request(): void {
    const [client, timeout] = [this.#oneOf(CLIENTS), this.#oneOf([5, 10, 20])];
    const to = this.#chance(300) ? { to: this.#oneOf(this.cluster.ids) } : {};
    const key = `k${this.random(0, 4)}`;
    if (this.#chance(300)) {
      const way = this.#oneOf(["log", "readIndex"] as const);
      return this.take({ do: "request", client, ...to, command: { kind: "Get", key }, way, timeout });
    }
    const command = { kind: "Put", key, value: `r${++this.#requests}` } as const;
    this.take({ do: "request", client, ...to, command, timeout });
  }

  /** Nodes are added, promoted, demoted, removed, one or several at once; and a joint configuration is left. */
  #change(running: readonly NodeId[]): void {
    const to = this.cluster.leader()?.id ?? this.#oneOf(running);
    if (isJoint(this.cluster.node(to).configuration) && this.#chance(600)) return this.take({ do: "confChange", to });
    const nodes: { [V in typeof VERBS[number]]?: NodeId[] } = {};
    for (let i = this.#oneOf([1, 1, 2, 3]); i > 0; i--) {
      const verb = this.#oneOf(VERBS);
      nodes[verb] = [...nodes[verb] ?? [], this.#oneOf(this.cluster.ids)];
    }
    const transition = this.#oneOf(["auto", "auto", "implicit", "explicit"] as const);
    this.take({ do: "confChange", to, ...nodes, transition });
  }

  /** An outdated leader is the one that might give an outdated answer. */
  #read(running: readonly NodeId[]): void {
    const leaders = running.filter((id) => this.cluster.node(id).raft.role.kind === "leader");
    const to = this.#oneOf(leaders.length > 0 && this.#chance(700) ? leaders : running);
    this.take({ do: "read", way: "readIndex", to, key: `k${this.random(0, 4)}` });
  }

  #chance(inAThousand: number): boolean {
    return this.random(0, 1000) < inAThousand;
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[this.random(0, choices.length)];
  }
}
