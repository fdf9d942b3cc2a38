/**
 * One node of a recorded run: what is done with it, and what it answers; and the messages between the nodes.
 *
 * @module
 */
import { type ConfigOptions, decodeConfChange, type Entry, type Message } from "../raft/mod.ts";
import { RaftError, type RaftErrorKind, RawNode, type Ready } from "../raft/mod.ts";
import { CrateStorage } from "./crate_storage.ts";
import { FormatError, type Operation } from "./format.ts";
import { type Wire, wireLight, wireMessage, wireReady } from "./wire.ts";

/** The messages of a recorded run that are in flight, by the ids they were recorded with. */
export class Mailbox {
  readonly #inFlight = new Map<number, Message>();
  #lastId = 0;

  /** Put `messages` in flight; what they look like. */
  send(messages: readonly Message[]): Wire[] {
    return inOrder(messages).map((message) => {
      this.#inFlight.set(++this.#lastId, message);
      return wireMessage(message, this.#lastId);
    });
  }

  /** The message with this id, which stays in flight. */
  copy(id: number): Message {
    const message = this.#inFlight.get(id);
    if (message === undefined) throw new FormatError(`Cannot replay: message ${id} is not in flight`);
    return message;
  }

  /** The message with this id, which is in flight no longer. */
  take(id: number): Message {
    const message = this.copy(id);
    this.#inFlight.delete(id);
    return message;
  }
}

/** By receiver: the crate's own order is a hash map's. */
function inOrder(messages: readonly Message[]): Message[] {
  return [...messages].sort((a, b) => a.to - b.to);
}

/** An operation on a node. */
export type NodeOperation = Exclude<Operation, { op: "drop" }>;

/** What the crate says where this library throws. */
const CRATE_ERRORS: Readonly<Partial<Record<RaftErrorKind, string>>> = {
  ProposalDropped: "raft: proposal dropped",
  StepLocalMsg: "raft: cannot step raft local message",
  StepPeerNotFound: "raft: cannot step as peer not found",
};

/** One node on the crate's storage. */
export class RecordedNode {
  /** The node as it is now: a restart makes a new one. */
  node: RawNode;
  /** The state that the crate was in: a recorded operation names only what changed. */
  readonly expected: Record<string, unknown> = {};
  readonly #storage: CrateStorage;
  /** Asynchronous `Ready`s whose messages wait for their write. */
  readonly #waiting: Ready[] = [];

  /** A node with an empty log, in a cluster of `voters`. */
  constructor(readonly options: ConfigOptions, voters: readonly number[], readonly mailbox: Mailbox) {
    this.#storage = new CrateStorage(voters);
    this.node = new RawNode(options, this.#storage);
  }

  /** Do it; what it answered, beside the node's state. */
  perform(operation: NodeOperation): Wire {
    const { node, mailbox } = this;
    switch (operation.op) {
      case "init":
        return {};
      case "tick":
        return { result: node.tick() };
      case "campaign":
        return answerOf(() => node.campaign());
      case "propose":
        return answerOf(() => node.propose(new TextEncoder().encode(operation.data)));
      case "proposeConfChange":
        return answerOf(() => node.proposeConfChange(operation.confChange));
      case "readIndex":
        node.readIndex(new TextEncoder().encode(operation.context));
        return {};
      case "transferLeader":
        node.transferLeader(operation.to);
        return {};
      case "ready":
        return { ready: this.#turn((ready) => this.#advance(ready)) };
      case "readyAsync":
        return { ready: this.#turn((ready) => this.#advanceAsync(ready)) };
      case "persist":
        return { messages: this.#persist(operation.number) };
      case "deliver":
        return answerOf(() => node.step(mailbox.take(operation.message)));
      case "duplicate":
        return answerOf(() => node.step(mailbox.copy(operation.message)));
      case "reportSnapshot":
        node.reportSnapshot(operation.peer, operation.ok ? "finish" : "failure");
        return {};
      case "compact":
        this.#storage.compact(operation.index);
        return {};
      case "restart":
        this.node = new RawNode({ ...this.options, applied: operation.applied }, this.#storage);
        return {};
    }
  }

  /** One turn of the documented loop, which begins like one whose write is still on its way. */
  #turn(end: (ready: Ready) => Wire): Wire {
    const ready = this.node.ready();
    const messages = this.mailbox.send(ready.messages);
    if (ready.snapshot !== null) this.#storage.applySnapshot(ready.snapshot);
    this.#apply(ready.committedEntries);
    this.#storage.append(ready.entries);
    if (ready.hs !== null) this.#storage.setHardState(ready.hs);
    return { ...wireReady(ready), messages, ...end(ready) };
  }

  /** The recorded application has no state machine; it knows its configuration, which a refused change leaves as it is. */
  #apply(entries: readonly Entry[]): void {
    for (const { type, data } of entries) {
      if (type !== "configuration") continue;
      answerOf(() => this.#storage.setConfState(this.node.applyConfChange(decodeConfChange(data))));
    }
  }

  #advance(ready: Ready): Wire {
    const { node, mailbox } = this;
    const persistedMessages = mailbox.send(ready.persistedMessages);
    const lightReady = node.advance(ready);
    if (lightReady.commitIndex !== null) this.#storage.setCommit(lightReady.commitIndex);
    const light = { ...wireLight(lightReady), messages: mailbox.send(lightReady.messages) };
    this.#apply(lightReady.committedEntries);
    node.advanceApply();
    return { persistedMessages, light };
  }

  /** The write is on its way: messages that must wait for it get no id yet. */
  #advanceAsync(ready: Ready): Wire {
    this.node.advanceAppendAsync(ready);
    const applied = ready.committedEntries.at(-1);
    if (applied !== undefined) this.node.advanceApplyTo(applied.index);
    this.#waiting.push(ready);
    const persistedMessages = inOrder(ready.persistedMessages).map((message) => wireMessage(message));
    return { number: ready.number, persistedMessages };
  }

  #persist(number: number): Wire[] {
    this.node.onPersistReady(number);
    const written = this.#waiting.filter((waiting) => waiting.number <= number);
    this.#waiting.splice(0, written.length);
    return written.flatMap(({ persistedMessages }) => this.mailbox.send(persistedMessages));
  }
}

function answerOf(call: () => void): Wire {
  try {
    call();
    return { error: null };
  } catch (error) {
    if (error instanceof RaftError) return { error: CRATE_ERRORS[error.kind] };
    throw error;
  }
}
