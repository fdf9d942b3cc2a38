/**
 * Where a scenario is played: a cluster, and the names and marks that the scenario has set.
 *
 * @module
 */
import type { ExpectationRow, Observer } from "../trace/rows.ts";
import { type Index, isMember, type Message, type NodeId, randomInts, type Term, type Ticks } from "../raft/mod.ts";
import { Client } from "../client.ts";
import type { World } from "../world.ts";
import { ScenarioError } from "./scenario.ts";
import type { MessageFilter, Nodes, NodeWord, Quantity, ScenarioOptions } from "./schema.ts";

/** The numbers of a node at one moment. */
export type Numbers = Readonly<Record<Quantity, Term | Index>>;

/** Whether something was as expected: what, as a sentence, and what was found if not. */
export type Judgement = Pick<ExpectationRow, "text" | "holds" | "found">;

/** Which of the running followers `word` means: 1, 2, 3, …; `null` if it is another word. */
export function followerNumber(word: unknown): number | null {
  const match = typeof word === "string" ? /^follower ([1-9])$/.exec(word) : null;
  return match === null ? null : Number(match[1]);
}

/** A cluster, and what a scenario calls its nodes. */
export class Stage<W extends World = World> {
  readonly #names = new Map<string, readonly NodeId[]>();
  readonly #marks = new Map<string, ReadonlyMap<NodeId, Numbers>>();
  /** How many of a hundred messages are lost by chance, by the way they go. */
  readonly #losses = new Map<string, number>();
  readonly #clients = new Map<number, Client>();
  readonly #chance: (low: number, high: number) => number;
  readonly #orders: { readonly matches: (message: Message) => boolean; left: number }[] = [];
  /** Whether something was not as expected. */
  failed = false;

  /** A stage without names and marks; `observer` is told what the scenario says. */
  constructor(readonly cluster: W, readonly options: ScenarioOptions, readonly observer: Observer) {
    this.#chance = randomInts(options.seed);
  }

  /** The names and the marks that were set, and the ticks that have passed. */
  get known(): { readonly names: readonly string[]; readonly marks: readonly string[]; readonly ticks: Ticks } {
    return { names: [...this.#names.keys()], marks: [...this.#marks.keys()], ticks: this.cluster.now };
  }

  /**
   * The nodes that `nodes` means now, in the order of their ids.
   *
   * @throws {ScenarioError} naming a word that means nobody.
   */
  find(nodes: Nodes): NodeId[] {
    const found = [nodes].flat().flatMap((word) => this.#findWord(word));
    return [...new Set(found)].sort((a, b) => a - b);
  }

  /** The nodes that run and belong to the cluster, by the leader's configuration; without a leader, each by its own. */
  members(): NodeId[] {
    const leader = this.cluster.leader();
    return this.cluster.nodes().filter((node) => isMember((leader ?? node).configuration, node.id)).map(({ id }) => id);
  }

  /** From here on `name` means `ids`. */
  setName(name: string, ids: readonly NodeId[]): void {
    this.#names.set(name, ids);
  }

  /** Remember the numbers of all nodes. */
  setMark(name: string): void {
    this.#marks.set(name, new Map(this.cluster.ids.map((id) => [id, this.numbers(id)])));
  }

  /** The numbers of a node now. */
  numbers(id: NodeId): Numbers {
    const { hs: { term, commit }, applied, firstIndex, lastIndex } = this.cluster.node(id).status();
    return { term, commit, applied, firstIndex, lastIndex };
  }

  /** The numbers of a node at a mark. */
  numbersAt(mark: string, id: NodeId): Numbers {
    const numbers = this.#marks.get(mark)?.get(id);
    if (numbers === undefined) throw new ScenarioError(`there is no mark ${JSON.stringify(mark)} yet`);
    return numbers;
  }

  /** The messages in flight that `filter` means. */
  inFlight({ id: only, ...filter }: MessageFilter & { readonly id?: number }): number[] {
    const isMeant = this.#matcher(filter);
    const messages = this.cluster.network.inFlight().filter(({ id }) => only === undefined || id === only);
    return messages.filter(({ message }) => isMeant(message)).map(({ id }) => id);
  }

  /** Lose the next `count` messages that `filter` means. */
  dropNext(filter: MessageFilter, count: number): void {
    this.#orders.push({ matches: this.#matcher(filter), left: count });
    this.#intercept();
  }

  /** From here on lose `percent` of a hundred messages on these links, by chance. */
  setLoss(from: Nodes, to: Nodes, percent: number): void {
    for (const start of this.find(from)) for (const end of this.find(to)) this.#losses.set(`${start}>${end}`, percent);
    this.#intercept();
  }

  #intercept(): void {
    this.cluster.network.intercept((message) => {
      const order = this.#orders.find(({ matches, left }) => left > 0 && matches(message));
      if (order !== undefined) order.left--;
      const percent = this.#losses.get(`${message.from}>${message.to}`) ?? 0;
      return order !== undefined || percent > 0 && this.#chance(0, 100) < percent ? "drop" : "carry";
    });
  }

  /** The client of this number, who stays the same. */
  client(id: number): Client {
    const client = this.#clients.get(id) ?? new Client(this.cluster, id);
    this.#clients.set(id, client);
    return client;
  }

  /** Tell the observer whether something was as expected. */
  judge(judgement: Judgement): void {
    if (!judgement.holds) this.failed = true;
    this.observer({ kind: "expectation", tick: this.cluster.now, ...judgement });
  }

  /** Tells the messages that `filter` means, its nodes being those that are meant now. */
  #matcher({ type, from = "all", to = "all", index }: MessageFilter): (message: Message) => boolean {
    const [senders, receivers] = [this.find(from), this.find(to)];
    return (message) =>
      (type === undefined || message.type === type) && (index === undefined || indexOf(message) === index) &&
      senders.includes(message.from) && receivers.includes(message.to);
  }

  #findWord(word: NodeWord): readonly NodeId[] {
    if (typeof word === "number") return [this.cluster.node(word).id];
    const named = this.#names.get(word);
    if (named !== undefined) return named;
    const leader = this.cluster.leader()?.id ?? null;
    const followers = this.members().filter((id) => id !== leader);
    if (word === "all") return this.cluster.ids;
    if (word === "followers") return followers;
    const found = word === "leader" ? leader : followers[(followerNumber(word) ?? 0) - 1] ?? null;
    if (found === null) throw new ScenarioError(`there is no ${JSON.stringify(word)} at tick ${this.cluster.now}`);
    return [found];
  }
}

/** The index that a message speaks of: of an `Append`, the one before its entries. */
export function indexOf(message: Message): Index | null {
  if (message.type === "RequestVote") return message.lastLogIndex;
  if (message.type === "Snapshot") return message.snapshot.metadata.index;
  if ("matchIndex" in message) return message.matchIndex;
  return "prevLogIndex" in message ? message.prevLogIndex : null;
}
