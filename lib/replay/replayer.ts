/**
 * Carry out a recorded run on this library's `RawNode`, and compare every answer with the crate's.
 *
 * Floor 8.
 *
 * @module
 */
import { type Message, RaftError, RawNode, type Ready } from "../raft/mod.ts";
import { CrateStorage } from "./crate_storage.ts";
import type { Header, Operation, RecordedRun } from "./format.ts";
import { type Wire, wireLight, wireMessage, wireReady, wireState } from "./wire.ts";

/** The first answer that was not the crate's. */
export interface Difference {
  /** The number of the operation, from 1. */
  readonly number: number;
  /** The operation as recorded. */
  readonly operation: Operation;
  /** Where in the answer, as a path. */
  readonly path: string;
  /** The crate's answer there. */
  readonly expected: unknown;
  /** This library's answer there. */
  readonly actual: unknown;
}

/** What the crate says where this library throws. */
const CRATE_ERRORS: Readonly<Record<string, string>> = {
  ProposalDropped: "raft: proposal dropped",
  StepLocalMsg: "raft: cannot step raft local message",
  StepPeerNotFound: "raft: cannot step as peer not found",
};

interface Member {
  readonly storage: CrateStorage;
  node: RawNode;
  /** The state the crate was in, as far as it is recorded. */
  expected: Record<string, unknown>;
  /** Messages of asynchronous `Ready`s that wait for their write. */
  readonly waiting: { readonly number: number; readonly messages: readonly Message[] }[];
}

/** The first difference between `run` and what this library does; `null` if every answer is the same. */
export function replay(run: RecordedRun): Difference | null {
  const replayer = new Replayer(run.header);
  for (const [i, operation] of run.operations.entries()) {
    const difference = replayer.carryOut(operation);
    if (difference !== null) return { number: i + 1, operation, ...difference };
  }
  return null;
}

type Mismatch = Pick<Difference, "path" | "expected" | "actual">;

class Replayer {
  readonly #members = new Map<number, Member>();
  readonly #inFlight = new Map<number, Message>();
  #lastMessageId = 0;

  constructor(readonly header: Header) {}

  carryOut(operation: Operation): Mismatch | null {
    if (operation.op === "drop") {
      this.#inFlight.delete(operation.message);
      return null;
    }
    if (operation.op === "init") this.#init(operation.node);
    const member = this.#member(operation.node);
    const answer = this.#perform(member, operation);
    for (const [field, value] of Object.entries(operation.state)) {
      if (value === null) delete member.expected[field];
      else member.expected[field] = value;
    }
    const { op: _op, node: _node, state: _state, ...recorded } = operation;
    return firstMismatch({ ...recorded, ...answer }, recorded, "") ??
      firstMismatch(wireState(member.node), member.expected, "state");
  }

  /** Do it; what it answered, beside the node's state. */
  #perform(member: Member, operation: Exclude<Operation, { op: "drop" }>): Wire {
    const { node, storage } = member;
    switch (operation.op) {
      case "init":
        return {};
      case "tick":
        return { result: node.tick() };
      case "campaign":
        return answerOf(() => node.campaign());
      case "propose":
        return answerOf(() => node.propose(new TextEncoder().encode(operation.data)));
      case "ready":
        return { ready: this.#readyTurn(member) };
      case "readyAsync":
        return { ready: this.#asyncReadyTurn(member) };
      case "persist":
        return { messages: this.#persist(member, operation.number) };
      case "deliver":
      case "duplicate":
        return answerOf(() => node.step(this.#take(operation)));
      case "reportSnapshot":
        node.reportSnapshot(operation.peer, operation.ok ? "finish" : "failure");
        return {};
      case "compact":
        storage.compact(operation.index);
        return {};
      case "restart":
        member.node = this.#start(operation.node, storage, operation.applied);
        return {};
    }
  }

  /** One turn of the documented loop. */
  #readyTurn({ node, storage }: Member): Wire {
    const ready = node.ready();
    const messages = this.#send(ready.messages);
    store(storage, ready);
    const persistedMessages = this.#send(ready.persistedMessages);
    const light = node.advance(ready);
    if (light.commitIndex !== null) storage.setCommit(light.commitIndex);
    const lightMessages = this.#send(light.messages);
    node.advanceApply();
    return {
      ...wireReady(ready),
      messages,
      persistedMessages,
      light: { ...wireLight(light), messages: lightMessages },
    };
  }

  /** The same with the write still on its way: messages that must wait for it get no id yet. */
  #asyncReadyTurn({ node, storage, waiting }: Member): Wire {
    const ready = node.ready();
    const messages = this.#send(ready.messages);
    store(storage, ready);
    node.advanceAppendAsync(ready);
    const applied = ready.committedEntries.at(-1);
    if (applied !== undefined) node.advanceApplyTo(applied.index);
    waiting.push({ number: ready.number, messages: ready.persistedMessages });
    const persistedMessages = inOrder(ready.persistedMessages).map((message) => wireMessage(message));
    return { ...wireReady(ready), number: ready.number, messages, persistedMessages };
  }

  #persist({ node, waiting }: Member, number: number): Wire[] {
    node.onPersistReady(number);
    const sent: Wire[] = [];
    while (waiting.length > 0 && waiting[0].number <= number) {
      sent.push(...this.#send(waiting[0].messages));
      waiting.shift();
    }
    return sent;
  }

  #init(id: number): void {
    const storage = new CrateStorage({ voters: this.header.voters });
    this.#members.set(id, { storage, node: this.#start(id, storage, 0), expected: {}, waiting: [] });
  }

  #start(id: number, storage: CrateStorage, applied: number): RawNode {
    const { config, nodes, electionTimeouts } = this.header;
    const timeout = electionTimeouts[nodes.indexOf(id)];
    const { electionTick, heartbeatTick, maxInflightMsgs } = config;
    const maxSizePerMsg = config.maxEntriesPerMessage === 1 ? 0 : Infinity;
    const random = (low: number) => low;
    const [minElectionTick, maxElectionTick] = [timeout, timeout + 1];
    return new RawNode(
      {
        id,
        applied,
        electionTick,
        heartbeatTick,
        minElectionTick,
        maxElectionTick,
        maxInflightMsgs,
        maxSizePerMsg,
        random,
      },
      storage,
    );
  }

  #member(id: number): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new Error(`Cannot replay: node ${id} was never started`);
    return member;
  }

  #send(messages: readonly Message[]): Wire[] {
    return inOrder(messages).map((message) => {
      this.#inFlight.set(++this.#lastMessageId, message);
      return wireMessage(message, this.#lastMessageId);
    });
  }

  #take({ op, message: id }: { op: "deliver" | "duplicate"; message: number }): Message {
    const message = this.#inFlight.get(id);
    if (message === undefined) throw new Error(`Cannot replay: message ${id} is not in flight`);
    if (op === "deliver") this.#inFlight.delete(id);
    return message;
  }
}

/** By receiver: the crate's own order is a hash map's. */
function inOrder(messages: readonly Message[]): Message[] {
  return [...messages].sort((a, b) => a.to - b.to);
}

function store(storage: CrateStorage, { snapshot, entries, hs }: Ready): void {
  if (snapshot !== null) storage.applySnapshot(snapshot);
  storage.append(entries);
  if (hs !== null) storage.setHardState(hs);
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

/** The first place in which two answers differ. */
function firstMismatch(actual: unknown, expected: unknown, path: string): Mismatch | null {
  if (!isComposite(actual) || !isComposite(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return actual === expected ? null : { path, expected, actual };
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const key of keys) {
    const mismatch = firstMismatch(actual[key], expected[key], path === "" ? key : `${path}.${key}`);
    if (mismatch !== null) return mismatch;
  }
  return null;
}

function isComposite(value: unknown): value is Wire {
  return typeof value === "object" && value !== null;
}
