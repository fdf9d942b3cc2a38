/**
 * A client that tries again (thesis §6.2, §6.3).
 *
 * It numbers its requests, asks one node, and waits. A node that does not lead says who does; from one that says nothing it turns to
 * the next after some ticks, with the same request: for all it knows, that was carried out, or will be, or never will. The store
 * remembers the last request of each client that gives its number with the command, and carries it out once.
 *
 * @module
 */
import type { Command } from "./command.ts";
import type { NodeId, Ticks } from "./raft/mod.ts";
import { requireWhole } from "./arguments.ts";
import { ClusterError } from "./cluster_options.ts";
import type { Reply } from "./requests.ts";
import type { ReadWay, RequestRow } from "./trace/rows.ts";
import type { World } from "./world.ts";

/** What may be said of a request; everything has a default. */
export interface RequestOptions {
  /** The node to be asked first. Default: the one that answered last, or was named as leader; at first the first. */
  readonly to?: NodeId;
  /** How to read, if the command is a `Get`. Default: through the log. */
  readonly way?: ReadWay;
  /** Whether the request's number goes into the log, so that it is carried out once. Default: yes. */
  readonly sessions?: boolean;
  /** After how many ticks without an answer another node is asked. Default 20. */
  readonly timeout?: Ticks;
}

/** Ticks after which it asks again where nobody knows a leader. */
const PAUSE = 5;

/** A request that is under way, or has not begun. */
interface Wanted extends Required<Omit<RequestOptions, "to">> {
  readonly number: number;
  readonly command: Command;
  readonly to: NodeId | null;
}

/** A node that was asked: `count` is 1 for the first attempt at a request, 2 for the second, … */
interface Attempt {
  readonly of: Wanted;
  readonly count: number;
  readonly node: NodeId;
}

/**
 * A client. It asks for one thing after the other, and acts at the end of ticks.
 *
 * @example The leader stops before it can answer.
 * ```ts
 * import { Client, Cluster } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const cluster = new Cluster({ nodes: 3, seed: 1 });
 * const client = new Client(cluster, 1);
 * cluster.run(20);
 * client.ask({ kind: "Put", key: "x", value: "1" });
 * cluster.stop(1);
 * cluster.runUntil("the client has its answer", () => client.isIdle);
 * strictEqual(cluster.leader()?.store.get("x"), "1");
 * ```
 */
export class Client {
  readonly #queue: Wanted[] = [];
  #current: Wanted | null = null;
  /** When it last asked for that, and whom. */
  #attempt: Attempt | null = null;
  /** When it asks again unless it is answered, and whether because it hears nothing or because it was refused. */
  #again: { readonly at: Ticks; readonly why: "timedOut" | "refused" } | null = null;
  /** Whom it asks next. */
  #node: NodeId;
  /** The last node that it asked in turn, and not because another named it: a node that is gone may be named again and again. */
  #turn: NodeId;
  /** The number of its last request. */
  #number: number;
  /** How many of the next answers are lost on their way. */
  #losses = 0;
  #last: RequestRow | null = null;

  /**
   * A client of `world` that has asked for nothing yet. Where nodes go on with logs in which there are requests of this client, it
   * goes on behind their numbers; else a new request would be taken for an old one.
   *
   * @throws {ClusterError} if `id` is no whole number from 1.
   */
  constructor(readonly world: World, readonly id: number) {
    requireWhole(ClusterError, "Cannot make a client: id", id, 1);
    this.#node = this.#turn = world.ids[0];
    this.#number = Math.max(0, ...world.nodes().map((node) => node.lastRequestOf(id)));
    world.onTick(() => this.#act());
  }

  /** Whether it waits for nothing. */
  get isIdle(): boolean {
    return this.#current === null && this.#queue.length === 0;
  }

  /** The last row of what it does; `null` if it has asked for nothing yet. */
  get last(): RequestRow | null {
    return this.#last;
  }

  /**
   * Ask for `command`, as soon as everything before it is answered.
   *
   * @returns The number of the request: one more than that of the one before; the first is 1, if nothing is known of the client.
   * @throws {CommandError} naming the field, if it is no command.
   * @throws {ClusterError} if there is no node `to`, or no such way, or something is to be written otherwise than through the log.
   */
  ask(command: Command, { to, way = "log", sessions = true, timeout = 20 }: RequestOptions = {}): number {
    this.world.requireAsked(command, way);
    requireWhole(ClusterError, `Cannot ask for ${command.kind} ${command.key}: timeout`, timeout, 1);
    const first = to === undefined ? null : this.world.node(to).id;
    const number = ++this.#number;
    this.#queue.push({ number, command, way, sessions, timeout, to: first });
    if (this.#current === null) this.#begin();
    return number;
  }

  /** Lose the next `count` answers to this client on their way. */
  loseAnswer(count: number): void {
    requireWhole(ClusterError, "Cannot lose answers: count", count, 1);
    this.#losses += count;
  }

  /** The end of a tick. */
  #act(): void {
    if (this.#current === null) this.#begin();
    else if (this.#again !== null && this.world.now >= this.#again.at) this.#askAgain(this.#current, this.#again.why);
  }

  #begin(): void {
    const wanted = this.#queue.shift() ?? null;
    [this.#current, this.#attempt] = [wanted, null];
    if (wanted === null) return;
    this.#turn = wanted.to ?? this.#node;
    this.#send(wanted, this.#turn);
  }

  #askAgain(wanted: Wanted, why: "timedOut" | "refused"): void {
    if (why === "timedOut" && this.#attempt !== null) {
      this.#tell("timedOut", this.#attempt);
      this.#node = this.#next();
    }
    this.#send(wanted, this.#node);
  }

  #send(wanted: Wanted, node: NodeId): void {
    const { number, command, way, sessions, timeout } = wanted;
    const attempt = { of: wanted, count: (this.#attempt?.count ?? 0) + 1, node };
    this.#attempt = attempt;
    this.#again = { at: this.world.now + timeout, why: "timedOut" };
    this.#tell("asked", attempt);
    const by = { client: this.id, request: number };
    const request = { by, command: sessions && way === "log" ? { ...command, by } : command, way };
    this.world.serve(request, node, (reply) => this.#hear(reply, attempt));
  }

  /** An answer counts however late it comes; a refusal only if nobody was asked since. */
  #hear(reply: Reply, attempt: Attempt): void {
    if (this.#current !== attempt.of) return;
    if (reply.kind === "done") this.#hearAnswer(reply.value, attempt);
    else if (this.#attempt === attempt) this.#hearRefusal(reply.leader, attempt);
  }

  #hearAnswer(value: string | null, attempt: Attempt): void {
    if (this.#losses > 0) {
      this.#losses--;
      return this.#tell("lost", attempt);
    }
    this.#tell("answered", attempt, { value });
    this.#node = attempt.node;
    [this.#current, this.#again] = [null, null];
  }

  #hearRefusal(leader: NodeId | null, attempt: Attempt): void {
    this.#tell("refused", attempt, { leader });
    const isNamed = leader !== null && leader !== attempt.node;
    this.#node = isNamed ? leader : this.#next();
    this.#again = { at: this.world.now + (isNamed ? 1 : PAUSE), why: "refused" };
  }

  #tell(
    event: RequestRow["event"],
    { of: { number, command, way }, count, node }: Attempt,
    learnt: Partial<Pick<RequestRow, "value" | "leader">> = {},
  ): void {
    const told = { kind: "request", tick: this.world.now, node, client: this.id, request: number, event } as const;
    this.#last = { ...told, attempt: count, command, way, value: null, leader: null, ...learnt };
    this.world.tell(this.#last);
  }

  #next(): NodeId {
    const { ids } = this.world;
    this.#turn = ids[(ids.indexOf(this.#turn) + 1) % ids.length];
    return this.#turn;
  }
}
