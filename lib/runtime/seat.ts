/**
 * What the world knows of one node: what its task last reported, and what it still owes.
 *
 * Nothing here is shared with the task; a thread could be between them.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { CommitRow, ProposalRow } from "../trace/rows.ts";
import { type Index, type NodeId, RaftError, type Status, type Term, type Ticks } from "../raft/mod.ts";
import { KvStore } from "../state_machine.ts";
import type { NodeView } from "../world.ts";
import type { Envelope } from "../network.ts";
import { type Appended, proposalRow } from "../report.ts";
import type { Channel } from "./channel.ts";
import type { Input, Report } from "./parcel.ts";
import { RuntimeError } from "./runtime.ts";

/** One run of a node, from its start to its end. */
export interface Life {
  /** What it takes. */
  readonly inbox: Channel<Input>;
  /** What it reports. */
  readonly outbox: Channel<Report>;
  /** Settles at its end; rejects if it failed. */
  readonly over: Promise<void>;
  /** End it, as a crash would. */
  crash(): void;
}

/** Where a node can run, and run again. */
export interface Home {
  /** Start the node on what its disk holds. */
  start(): Life;
  /** Let go of it, for good. */
  close(): Promise<void>;
}

/** A client that waits for an answer. */
interface Client {
  readonly command: Command;
  readonly resolve: (at: Appended | null) => void;
  readonly reject: (error: Error) => void;
}

/** One node, as it was last reported. */
export class Seat implements NodeView {
  /** Its present run; `null` while it is stopped. */
  life: Life | null = null;
  /** Whether its clock stands still. */
  clockPaused = false;
  /** What every election timeout is to be; `null`: random; `undefined`: nothing was said. */
  timeout: Ticks | null | undefined;
  /** Ticks that it was given and has not taken. */
  ticksOwed: Ticks = 0;
  /** Envelopes that lie in its inbox, by their ids. */
  readonly envelopes = new Map<number, Envelope>();
  /** Clients that wait, by their tickets. */
  readonly clients = new Map<number, Client>();
  #status: Status | null = null;
  #store = new KvStore();
  /** The terms of its log, from `#first` on. */
  #terms: Term[] = [];
  #first: Index = 1;

  /** A node that has not started yet. */
  constructor(readonly id: NodeId, readonly home: Home, readonly compact: (keep: number) => void) {}

  /** Its store, as far as it has reported. */
  get store(): KvStore {
    return this.#store;
  }

  /** Whether it has reported anything. */
  get isKnown(): boolean {
    return this.#status !== null;
  }

  /** What it knew at its last report. */
  status(): Status {
    if (this.#status === null) throw new RuntimeError(`Cannot look at node ${this.id}: it has not started yet`);
    return this.#status;
  }

  /** The term of every entry it has stored, from the first that is not compacted on. */
  terms(): Term[] {
    return [...this.#terms];
  }

  /** What a start makes of it, until it reports: nobody leads before it has campaigned. */
  forgetRole(): void {
    const { hs, ss, ...rest } = this.status();
    this.#status = { ...rest, hs, ss: { ...ss, raftState: "follower", leaderId: null }, progress: [] };
  }

  /** Whether it found another log at its start than its reports came to: nobody told of it yet, or its disk forgot some. */
  findsAnother({ log, status }: Report): boolean {
    const first = log?.at(0)?.index ?? status.firstIndex;
    const isKnown = first === this.#first && log?.length === this.#terms.length;
    return log !== null && !(isKnown && log.every(({ term }, i) => term === this.#terms[i]));
  }

  /** Learn what it has reported. Returns what has become of its commit index; `null` if it is the same. */
  hear(tick: Ticks, report: Report): CommitRow | null {
    const { status, log, restored, applied } = report;
    const { hs: { term, commit: index }, ss: { raftState: role } } = status;
    const previous = log === null ? this.status().hs.commit : index;
    this.#hearOfLog(report);
    this.#status = status;
    if (restored !== null) this.#store = new KvStore(restored.pairs);
    for (const { index, outcome } of applied) {
      const isChange = outcome.kind === "Put" || outcome.kind === "Delete";
      if (isChange && index > (restored?.index ?? 0)) this.#store.apply(outcome);
    }
    return index === previous ? null : { kind: "commit", tick, node: this.id, role, term, previous, index };
  }

  #hearOfLog({ status, log, turns }: Report): void {
    if (log !== null) [this.#terms, this.#first] = [log.map(({ term }) => term), log.at(0)?.index ?? status.firstIndex];
    for (const { ready: { snapshot, entries } } of turns) {
      if (snapshot !== null) [this.#terms, this.#first] = [[], snapshot.metadata.index + 1];
      if (entries.length > 0) this.#terms.length = entries[0].index - this.#first;
      for (const { term } of entries) this.#terms.push(term);
    }
    if (status.firstIndex > this.#first) this.#terms.splice(0, status.firstIndex - this.#first);
    this.#first = status.firstIndex;
  }

  /** What it has done of what it owed; the envelopes, and whether it took them. */
  settle({ ticks, envelopes }: Report): [taken: boolean, envelope: Envelope][] {
    this.ticksOwed -= ticks;
    return envelopes.flatMap(({ id, taken }) => {
      const envelope = this.envelopes.get(id);
      this.envelopes.delete(id);
      return envelope === undefined ? [] : [[taken, envelope]];
    });
  }

  /** Its answers to clients, who go on now; as rows. */
  answer(tick: Ticks, { answers }: Report): ProposalRow[] {
    return answers.flatMap(({ ticket, at, refusal }) => {
      const client = this.clients.get(ticket);
      if (client === undefined) return [];
      this.clients.delete(ticket);
      if (refusal === null) client.resolve(at);
      else client.reject(new RaftError("ProposalDropped", refusal));
      const result = refusal !== null ? "dropped" : at === null ? "forwarded" : "appended";
      return [proposalRow(tick, this.id, client.command, result, at)];
    });
  }

  /** The end of its run: what it owed it will not do. Returns the envelopes that nobody took. */
  end(why: string): Envelope[] {
    this.life?.crash();
    this.life?.inbox.close();
    this.life?.outbox.close();
    this.life = null;
    this.ticksOwed = 0;
    const lost = [...this.envelopes.values()];
    this.envelopes.clear();
    for (const { reject } of this.clients.values()) reject(new RuntimeError(why));
    this.clients.clear();
    return lost;
  }

  /** Whether a message fits into its inbox. */
  takes(envelope: Envelope): boolean {
    const { id, message } = envelope;
    if (this.life?.inbox.offer({ do: "step", envelope: id, message }) !== true) return false;
    this.envelopes.set(envelope.id, envelope);
    return true;
  }
}
