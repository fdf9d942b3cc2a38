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
  /** What is under way, how often it was asked for, and of whom. */
  #current: Wanted | null = null;
  #attempt = 0;
  #node: NodeId;
  /** When it acts again, unless it is answered: because it heard nothing, or was refused. */
  #due: { readonly at: Ticks; readonly why: "timedOut" | "refused" } | null = null;
  #numbers = 0;
  /** How many of the next answers are lost on their way. */
  #losses = 0;
  #last: RequestRow | null = null;

  /**
   * A client of `world` that has asked for nothing yet.
   *
   * @throws {ClusterError} if `id` is no whole number from 1.
   */
  constructor(readonly world: World, readonly id: number) {
    requireWhole(ClusterError, "Cannot make a client: id", id, 1);
    this.#node = world.ids[0];
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
   * @returns The number of the request: 1, 2, 3, …
   * @throws {ClusterError} if there is no node `to`, or something is to be written otherwise than through the log.
   */
  ask(command: Command, { to, way = "log", sessions = true, timeout = 20 }: RequestOptions = {}): number {
    const cannot = `Cannot ask for ${command.kind} ${command.key}`;
    requireWhole(ClusterError, `${cannot}: timeout`, timeout, 1);
    if (command.kind !== "Get" && way !== "log") throw new ClusterError(`${cannot}: a write goes through the log`);
    this.world.requireWay(way);
    const number = ++this.#numbers;
    this.#queue.push({ number, command, way, sessions, timeout, to: to === undefined ? null : this.world.node(to).id });
    if (this.#current === null) this.#begin();
    return number;
  }

  /** Lose the next `count` answers to this client on their way. */
  loseAnswer(count: number): void {
    requireWhole(ClusterError, "Cannot lose answers: count", count, 1);
    this.#losses += count;
  }

  #begin(): void {
    this.#current = this.#queue.shift() ?? null;
    if (this.#current === null) return;
    this.#attempt = 0;
    this.#send(this.#current.to ?? this.#node);
  }

  /** The end of a tick. */
  #act(): void {
    if (this.#current === null) return this.#begin();
    if (this.#due === null || this.world.now < this.#due.at) return;
    if (this.#due.why === "timedOut") {
      this.#tell("timedOut");
      this.#node = this.#after(this.#node);
    }
    this.#send(this.#node);
  }

  #send(node: NodeId): void {
    const { number, command, way, sessions, timeout } = this.#wanted();
    const attempt = ++this.#attempt;
    this.#node = node;
    this.#due = { at: this.world.now + timeout, why: "timedOut" };
    this.#tell("asked");
    const by = { client: this.id, request: number };
    const request = { by, command: sessions && way === "log" ? { ...command, by } : command, way };
    this.world.serve(request, node, (reply) => this.#hear(reply, number, attempt));
  }

  /** An answer counts however late it comes; a refusal only while it is the last word. */
  #hear(reply: Reply, number: number, attempt: number): void {
    if (this.#current?.number !== number) return;
    if (reply.kind === "done") {
      if (this.#losses > 0) {
        this.#losses--;
        return this.#tell("lost");
      }
      this.#tell("answered", { value: reply.value });
      [this.#current, this.#due] = [null, null];
    } else if (attempt === this.#attempt) {
      this.#tell("refused", { leader: reply.leader });
      const isHelp = reply.leader !== null && reply.leader !== this.#node;
      this.#node = isHelp ? reply.leader : this.#after(this.#node);
      this.#due = { at: this.world.now + (isHelp ? 1 : PAUSE), why: "refused" };
    }
  }

  #tell(event: RequestRow["event"], learnt: Partial<Pick<RequestRow, "value" | "leader">> = {}): void {
    const { number: request, command, way } = this.#wanted();
    const [tick, client, node, attempt] = [this.world.now, this.id, this.#node, this.#attempt];
    const told = { kind: "request", tick, node, client, request, event, attempt, command, way } as const;
    this.#last = { ...told, value: null, leader: null, ...learnt };
    this.world.tell(this.#last);
  }

  #wanted(): Wanted {
    if (this.#current === null) throw new ClusterError(`Cannot go on: client ${this.id} asks for nothing`);
    return this.#current;
  }

  #after(node: NodeId): NodeId {
    const { ids } = this.world;
    return ids[(ids.indexOf(node) + 1) % ids.length];
  }
}
