/**
 * What the nodes of a world do for clients: they take commands and reads, and tell the observer what becomes of them.
 *
 * @module
 */
import { ClusterError } from "./cluster_options.ts";
import { Codec, type Command } from "./command.ts";
import type { Member } from "./member.ts";
import type { ReadyOutcome } from "./node_turn.ts";
import type { Index, NodeId, Term, Ticks } from "./raft/mod.ts";
import { shown } from "./arguments.ts";
import { RaftError } from "./raft/mod.ts";
import { type Receiver, type Request, Requests } from "./requests.ts";
import { type Observer, type ProposalRow, READ_WAYS, type ReadRow, type ReadWay } from "./trace/rows.ts";
import { list } from "./trace/text.ts";

/** Where a proposal was appended. */
export interface Appended {
  /** The entry's index. */
  readonly index: Index;
  /** The entry's term. */
  readonly term: Term;
}

/** Whose request it is, if a client asks that tries again. */
type Asker = Pick<ProposalRow, "by">;

/** What all nodes of one world do for clients. */
export class Service {
  /** The last row of each read, by number. */
  readonly #reads: ReadRow[] = [];
  /** By node: what it owes to clients that wait. */
  readonly #owed = new Map<NodeId, Requests>();

  /** Nodes whose leaders all have leases, or none; `now` is the tick, and `observe` is told of everything. */
  constructor(readonly leases: "leases" | "no leases", readonly now: () => Ticks, readonly observe: Observer) {}

  /** The last row of the last read that was asked for; `null` if there was none. */
  get lastRead(): ReadRow | null {
    return this.#reads.at(-1) ?? null;
  }

  /**
   * Refuse what cannot be asked for by any client: what is no command, or something else than a `Get` in any other way than through
   * the log.
   *
   * @throws {CommandError} naming the field, if it is no command.
   * @throws {ClusterError} if it is a write, or there is no such way.
   */
  requireAsked(command: Command, way: ReadWay): void {
    Codec.encode(command);
    this.requireWay(way);
    if (command.kind === "Get" || way === "log") return;
    throw new ClusterError(`Cannot ask for ${command.kind} ${command.key} by ${way}: a write goes through the log`);
  }

  /**
   * Refuse a way to read that there is not: a lease is had by all leaders, or by none.
   *
   * @throws {ClusterError} saying why.
   */
  requireWay(way: ReadWay): void {
    if (!READ_WAYS.includes(way)) {
      throw new ClusterError(`Cannot read: the way must be ${list(READ_WAYS, "or")}, and is ${shown(way)}`);
    }
    if (way !== "lease" || this.leases === "leases") return;
    const why = 'leaders have none here; make the cluster with checkQuorum and readOnlyOption "leaseBased"';
    throw new ClusterError(`Cannot read by lease: ${why}`);
  }

  /**
   * Ask a node to carry out `command`: where it was appended; `null` if it was passed on to the leader.
   *
   * @throws {RaftError} `ProposalDropped`, if there is no leader to take it.
   */
  propose({ id, node }: Member, command: Command, asker: Asker = {}): Appended | null {
    const tell = (result: ProposalRow["result"], at: Appended | null) => {
      const { index, term } = at ?? { index: null, term: null };
      this.observe({ kind: "proposal", tick: this.now(), node: id, command, result, index, term, ...asker });
    };
    try {
      node.propose(command);
    } catch (error) {
      if (error instanceof RaftError) tell("dropped", null);
      throw error;
    }
    const { hs: { term }, ss, lastIndex: index } = node.status();
    const appended = ss.raftState === "leader" ? { index, term } : null;
    tell(appended === null ? "forwarded" : "appended", appended);
    return appended;
  }

  /** Ask a node for what `key` is (thesis §6.4). What its store holds is answered at once. */
  read({ id, node }: Member, key: string, asked: ReadRow["way"], asker: Asker = {}): ReadRow {
    // Which of the two it is is decided for the whole node, as in the crate.
    const way = asked === "readIndex" && this.leases === "leases" ? "lease" : asked;
    const number = this.#reads.length + 1;
    const read = { kind: "read", tick: this.now(), node: id, number, key, way, index: null, ...asker } as const;
    if (way === "store") return this.#tellRead({ ...read, event: "answered", value: node.store.get(key) });
    const { role, log, term } = node.raft;
    const leads = role.kind === "leader" && log.matchTerm(log.committed, term);
    const event = leads ? "asked" : role.kind === "follower" && role.leaderId !== null ? "forwarded" : "refused";
    const row = this.#tellRead({ ...read, event, value: null });
    if (event !== "refused") node.readIndex(new TextEncoder().encode(`${number}`));
    return row;
  }

  /** Hand a client's request to a node that runs. Only a leader takes what must not be answered from a store alone. */
  take(member: Member, { by, command, way }: Request, receive: Receiver): void {
    const refuse = () => receive({ kind: "refused", leader: member.node.status().ss.leaderId });
    if (way === "store") {
      const { value } = this.read(member, command.key, way, { by });
      return receive({ kind: "done", value });
    }
    if (member.node.raft.role.kind !== "leader") return refuse();
    if (way !== "log") {
      const { event, number } = this.read(member, command.key, way, { by });
      return event === "asked" ? this.#owedBy(member.id).asked(number, receive) : refuse();
    }
    try {
      const appended = this.propose(member, command, { by });
      if (appended !== null) this.#owedBy(member.id).appended(appended.index, appended.term, receive);
    } catch (error) {
      if (!(error instanceof RaftError)) throw error;
      refuse();
    }
  }

  /** A node has done what was ready: whoever waits for some of it is answered. */
  answer({ id, node }: Member, { reads, applied }: ReadyOutcome): void {
    for (const { context, index } of reads) {
      const asked = this.#reads[Number(new TextDecoder().decode(context)) - 1];
      const value = node.store.get(asked.key);
      this.#tellRead({ ...asked, tick: this.now(), event: "answered", index, value });
      this.#owed.get(id)?.answered(asked.number, value);
    }
    this.#owed.get(id)?.applied(applied);
  }

  /** A node stops: it owes nothing any more. */
  forget(id: NodeId): void {
    this.#owed.delete(id);
  }

  #owedBy(id: NodeId): Requests {
    const owed = this.#owed.get(id) ?? new Requests();
    this.#owed.set(id, owed);
    return owed;
  }

  #tellRead(row: ReadRow): ReadRow {
    this.#reads[row.number - 1] = row;
    this.observe(row);
    return row;
  }
}
