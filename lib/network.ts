/**
 * A network that does what it is told: it carries messages in order, late, or not at all.
 *
 * It knows envelopes and links, not nodes. Time passes by `tick`; nothing is left to chance.
 *
 * @module
 */
import type { Message, NodeId, Ticks } from "./raft/mod.ts";
import { MOST, MOST_TICKS, requireThat, requireWhole, shown } from "./arguments.ts";

/** A message on its way. */
export interface Envelope {
  /** 1, 2, 3, … in the order of sending. */
  readonly id: number;
  /** What it carries. */
  readonly message: Message;
  /** When it was sent. */
  readonly sentAt: Ticks;
  /** When it arrives; `null` while it is held, and if it never does. */
  readonly arrivesAt: Ticks | null;
}

/** The way from one node to another. */
export interface Link {
  /** Where it begins. */
  readonly from: NodeId;
  /** Where it ends. */
  readonly to: NodeId;
  /** Ticks a message takes on it. */
  readonly latency: Ticks;
  /** What becomes of messages on it: they pass, are lost, or wait. */
  readonly state: "open" | "cut" | "held";
}

/** What can be done to a link: methods of {@link Network}. */
export const LINK_FAULTS = ["cut", "hold", "mend", "delay"] as const;

/** What can be done to a message in flight; "resume" is what becomes of a held one when its link is mended. */
export const MESSAGE_FAULTS = ["hold", "release", "duplicate", "resume"] as const;

/** What was done to a link. */
export type LinkFault = typeof LINK_FAULTS[number];

/** What was done to a message. */
export type MessageFault = typeof MESSAGE_FAULTS[number];

/** What happens on the network: a message is sent or lost on its way; a link, or a message in flight, is tampered with. */
export type NetworkEvent =
  | { readonly kind: "message"; readonly event: "sent" | "dropped"; readonly envelope: Envelope }
  | { readonly kind: "linkFault"; readonly fault: LinkFault; /** As it is now. */ readonly link: Link }
  | { readonly kind: "messageFault"; readonly fault: MessageFault; readonly envelope: Envelope };

/** Told of whatever happens on a network. */
export type Report = (event: NetworkEvent) => void;

/** A method for each fault, by the same verb; a held message resumes by itself. */
export type NetworkFaults =
  & Record<LinkFault, (from: NodeId, to: NodeId, latency: Ticks) => void>
  & Record<`${Exclude<MessageFault, "resume">}Message`, (id: number) => unknown>;

/** Decides what becomes of a message that is being sent. */
export type Interceptor = (message: Message) => "carry" | "drop" | "hold";

/** The most messages that are on their way at once: whatever is sent beyond that is lost. */
export const MOST_IN_FLIGHT = 10_000;

/** An envelope that is not in flight, or a node, a latency or a partition that cannot be. */
export class NetworkError extends Error {
  /** Always `"NetworkError"`. */
  override readonly name = "NetworkError";
}

/**
 * A network.
 *
 * @example
 * ```ts
 * import { Network } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const network = new Network();
 * network.send({ type: "Heartbeat", from: 1, to: 2, term: 1, leaderCommit: 0 });
 * strictEqual(network.tick().length, 1);
 * ```
 */
export class Network implements NetworkFaults {
  #now: Ticks = 0;
  #lastId = 0;
  /** By id, in the order of sending. */
  readonly #inFlight = new Map<number, Envelope>();
  readonly #links = new Map<string, Link>();
  /** By link: nothing sent later arrives before this. */
  readonly #lastArrivals = new Map<string, Ticks>();
  #interceptor: Interceptor = () => "carry";

  /**
   * A network without messages, all links open.
   *
   * @param latency Ticks a message takes, where nothing else is said; 1 to 1,000,000.
   * @param report Told of whatever happens here.
   * @param nodes How many nodes there are, with the ids 1, 2, 3, …; by default as many as there can be.
   */
  constructor(readonly latency: Ticks = 1, readonly report: Report = () => {}, readonly nodes: number = MOST) {
    requireWhole(NetworkError, "Cannot delay messages: the latency", latency, 1, MOST_TICKS);
  }

  /** Ticks passed so far. */
  get now(): Ticks {
    return this.#now;
  }

  /** What is on its way, in the order of sending. */
  inFlight(): readonly Envelope[] {
    return [...this.#inFlight.values()];
  }

  /** Send `message` to the node it names. On a cut link, or where 10,000 are on their way, it is lost at once. */
  send(message: Message): Envelope {
    const verdict = this.#interceptor(message);
    const link = this.link(message.from, message.to);
    const isLost = link.state === "cut" || verdict === "drop" || this.#inFlight.size >= MOST_IN_FLIGHT;
    const arrivesAt = isLost || verdict === "hold" ? null : this.#arrival(link);
    const envelope: Envelope = { id: ++this.#lastId, message, sentAt: this.#now, arrivesAt };
    this.report({ kind: "message", event: "sent", envelope });
    if (isLost) this.report({ kind: "message", event: "dropped", envelope });
    else this.#inFlight.set(envelope.id, envelope);
    if (verdict === "hold" && !isLost) this.#tamper("hold", envelope);
    return envelope;
  }

  /** From now on `interceptor` decides what becomes of each message that is sent; `null`: nobody does. */
  intercept(interceptor: Interceptor | null): void {
    this.#interceptor = interceptor ?? (() => "carry");
  }

  /** The link between two nodes. */
  link(from: NodeId, to: NodeId): Link {
    return this.#links.get(`${from}>${to}`) ?? { from, to, latency: this.latency, state: "open" };
  }

  /** A tick passes: what arrives, in the order of arrival, then of sending. */
  tick(): Envelope[] {
    this.#now++;
    const due = this.inFlight().filter(({ arrivesAt }) => arrivesAt !== null && arrivesAt <= this.#now);
    for (const { id } of due) this.#inFlight.delete(id);
    return due.sort((a, b) => (a.arrivesAt ?? 0) - (b.arrivesAt ?? 0) || a.id - b.id);
  }

  /** From now on messages from `from` to `to` take `latency` ticks. */
  delay(from: NodeId, to: NodeId, latency: Ticks): void {
    requireWhole(NetworkError, "Cannot delay messages: the latency", latency, 1, MOST_TICKS);
    this.#change("delay", { ...this.link(from, to), latency });
  }

  /** Cut the link: what is on it is lost, and so is what is sent on it until `mend`. */
  cut(from: NodeId, to: NodeId): void {
    this.#change("cut", { ...this.link(from, to), state: "cut" });
    for (const { id } of this.#on(from, to)) this.dropMessage(id);
  }

  /** Stop the link: what is on it, and what is sent on it, waits until `mend`. */
  hold(from: NodeId, to: NodeId): void {
    this.#change("hold", { ...this.link(from, to), state: "held" });
    for (const envelope of this.#on(from, to)) this.#inFlight.set(envelope.id, { ...envelope, arrivesAt: null });
  }

  /** Open the link again: what was held goes on its way. */
  mend(from: NodeId, to: NodeId): void {
    const before = this.link(from, to);
    const link: Link = { ...before, state: "open" };
    this.#change("mend", link);
    for (const envelope of this.#on(from, to).filter(({ arrivesAt }) => arrivesAt === null)) {
      if (before.state === "open") this.#tamper("resume", envelope);
      this.#inFlight.set(envelope.id, { ...envelope, arrivesAt: this.#arrival(link) });
    }
  }

  /**
   * Cut every link between nodes of different groups, both ways.
   *
   * @throws {NetworkError} naming a group that is no list, or a node that does not exist or is in two of them.
   */
  partition(...groups: readonly (readonly NodeId[])[]): void {
    for (const one of groups) requireThat(Array.isArray(one), NetworkError, "Cannot part: a group", "a list", one);
    this.#requireNodes(groups.flat());
    const twice = groups.flat().find((id, i, all) => all.indexOf(id) !== i);
    if (twice !== undefined) throw new NetworkError(`Cannot part the nodes: node ${twice} is in two groups`);
    for (const group of groups) {
      const outside = groups.filter((other) => other !== group).flat();
      for (const from of group) for (const to of outside) this.cut(from, to);
    }
  }

  /** Open every link again; whatever was held goes on its way. */
  heal(): void {
    const ways = [...this.#links.values(), ...this.inFlight().map(({ message }) => message)];
    for (const { from, to } of ways) this.mend(from, to);
  }

  /** Lose one chosen message. */
  dropMessage(id: number): void {
    const envelope = this.#find(id);
    this.#inFlight.delete(id);
    this.report({ kind: "message", event: "dropped", envelope });
  }

  /** Let one chosen message wait until it is released, or its link is mended. */
  holdMessage(id: number): void {
    const envelope = this.#find(id);
    if (envelope.arrivesAt !== null) this.#inFlight.set(id, { ...this.#tamper("hold", envelope), arrivesAt: null });
  }

  /** Let one chosen message arrive at the next tick, held or not, and before those that were sent earlier. */
  releaseMessage(id: number): void {
    this.#inFlight.set(id, { ...this.#tamper("release", this.#find(id)), arrivesAt: this.#now });
  }

  /** Send one chosen message a second time. */
  duplicateMessage(id: number): Envelope {
    return this.send(this.#tamper("duplicate", this.#find(id)).message);
  }

  #arrival({ from, to, latency, state }: Link): Ticks | null {
    if (state === "held") return null;
    const arrival = Math.max(this.#now + latency, this.#lastArrivals.get(`${from}>${to}`) ?? 0);
    this.#lastArrivals.set(`${from}>${to}`, arrival);
    return arrival;
  }

  #requireNodes(ids: readonly NodeId[]): void {
    for (const id of ids) requireWhole(NetworkError, "Cannot change a link: a node", id, 1, this.nodes);
  }

  #change(fault: LinkFault, link: Link): void {
    this.#requireNodes([link.from, link.to]);
    const before = this.link(link.from, link.to);
    this.#links.set(`${link.from}>${link.to}`, link);
    if (before.state !== link.state || before.latency !== link.latency) this.report({ kind: "linkFault", fault, link });
  }

  #tamper(fault: MessageFault, envelope: Envelope): Envelope {
    this.report({ kind: "messageFault", fault, envelope });
    return envelope;
  }

  #on(from: NodeId, to: NodeId): Envelope[] {
    return this.inFlight().filter(({ message }) => message.from === from && message.to === to);
  }

  #find(id: number): Envelope {
    const envelope = this.#inFlight.get(id);
    if (envelope === undefined) throw new NetworkError(`Cannot find message ${shown(id)}: it is not in flight`);
    return envelope;
  }
}
