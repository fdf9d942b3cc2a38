/**
 * The state of a cluster after every tick, folded from the rows of its trace.
 *
 * This is the only place that follows rows: charts, the player, the story, surveys and checks are functions of the scenes made
 * here. A scene is one tick: the cluster before it, what happened, the cluster at its end.
 *
 * What is done to a cluster between two ticks belongs to the second one, where its effect shows. What a scenario expects
 * belongs to the tick that is over.
 *
 * @module
 */
import { type Index, type NodeId, type Term, type Ticks, unreachable } from "../raft/mod.ts";
import type {
  EntrySummary,
  LinkFaultRow,
  MessageFaultRow,
  MessageRow,
  NodeFault,
  NodeRow,
  ProposalRow,
  ReadyRow,
  TracedMessage,
  TraceRow,
} from "./rows.ts";
import type { NodeCondition } from "./words.ts";

/** A node at one moment: its last row, and what else its rows tell of it. */
export interface NodeState extends Omit<NodeRow, "kind" | "tick"> {
  /** Whether its clock is paused. */
  readonly clockPaused: boolean;
  /** Its log. */
  readonly log: LogState;
  /** Its store. */
  readonly store: ReadonlyMap<string, string>;
}

/** The way from one node to another, as a key. */
export type Way = `${NodeId}>${NodeId}`;

/** A link that is not as it was at the beginning. */
export interface LinkState {
  /** Where it begins. */
  readonly from: NodeId;
  /** Where it ends. */
  readonly to: NodeId;
  /** What becomes of messages on it: they pass, are lost, or wait. */
  readonly state: "open" | "cut" | "held";
  /** Ticks a message takes on it; `null` if nobody has said. */
  readonly latency: Ticks | null;
}

/** A message on its way. */
export interface Flight {
  /** The envelope. */
  readonly id: number;
  /** The message. */
  readonly message: TracedMessage;
  /** When it was sent. */
  readonly sentAt: Ticks;
  /** Whether it was held back on purpose, or its link was. */
  readonly held: boolean;
}

/** A cluster at one moment. */
export interface ClusterState {
  /** The last tick that is over. */
  readonly tick: Ticks;
  /** Every node, in the order of ids. */
  readonly nodes: ReadonlyMap<NodeId, NodeState>;
  /** The links that something was done to. */
  readonly links: ReadonlyMap<Way, LinkState>;
  /** What is on its way, in the order of sending. */
  readonly inFlight: ReadonlyMap<number, Flight>;
  /** By index: what clients asked a leader for, and nobody has applied yet. */
  readonly waiting: ReadonlyMap<Index, readonly ProposalRow[]>;
}

/** One tick: what happened since the tick before, and what came of it. */
export interface Scene {
  /** The tick. */
  readonly tick: Ticks;
  /** The cluster at the end of the tick before. */
  readonly before: ClusterState;
  /** What was done, and what happened, in order; no rows of nodes. */
  readonly rows: readonly TraceRow[];
  /** The cluster at the end of this tick. */
  readonly state: ClusterState;
}

/** What a node is at this moment. */
export function conditionOf({ running, role }: NodeState): NodeCondition {
  return running ? role : "stopped";
}

/** The running leader of the latest term, if any. */
export function leaderOf({ nodes }: ClusterState): NodeState | null {
  const leaders = [...nodes.values()].filter((node) => conditionOf(node) === "leader");
  return leaders.sort((a, b) => b.term - a.term).at(0) ?? null;
}

/** The link from one node to another. */
export function linkOf({ links }: ClusterState, from: NodeId, to: NodeId): LinkState {
  return links.get(`${from}>${to}`) ?? { from, to, state: "open", latency: null };
}

/**
 * A log that does not change. Logs that grew from each other share their entries, so that a run of any length is folded in
 * time proportional to it.
 */
export class LogState {
  readonly #entries: EntrySummary[];
  readonly #start: number;
  readonly #end: number;

  private constructor(readonly firstIndex: Index, entries: EntrySummary[], start: number, end: number) {
    this.#entries = entries;
    this.#start = start;
    this.#end = end;
  }

  /** A log without entries, whose first will have the index `firstIndex`. */
  static empty(firstIndex: Index = 1): LogState {
    return new LogState(firstIndex, [], 0, 0);
  }

  /** The index of the last entry; `firstIndex - 1` if there is none. */
  get lastIndex(): Index {
    return this.firstIndex + this.#end - this.#start - 1;
  }

  /** The entry at `index`, if it is here. */
  entry(index: Index): EntrySummary | undefined {
    if (index < this.firstIndex || index > this.lastIndex) return undefined;
    return this.#entries[this.#start + index - this.firstIndex];
  }

  /** The entries from `index` on (default: all). */
  entries(index: Index = this.firstIndex): EntrySummary[] {
    return this.#entries.slice(this.#start + Math.max(0, index - this.firstIndex), this.#end);
  }

  /** The terms of all entries. */
  terms(): Term[] {
    return this.entries().map(({ term }) => term);
  }

  /** This log with `entries` in place of whatever stands at their first index and behind it. */
  append(entries: readonly EntrySummary[]): LogState {
    if (entries.length === 0) return this;
    const first = entries[0].index;
    if (this.lastIndex < this.firstIndex) return new LogState(first, [...entries], 0, entries.length);
    const end = this.#start + first - this.firstIndex;
    // Whoever holds the whole array may let it grow; anybody else takes a copy of a part.
    const isShared = end !== this.#entries.length || end !== this.#end;
    const all = isShared ? this.#entries.slice(this.#start, end) : this.#entries;
    const start = isShared ? 0 : this.#start;
    for (const entry of entries) all.push(entry);
    return new LogState(this.firstIndex, all, start, all.length);
  }

  /** This log without the entries before `index`, which were compacted. */
  from(index: Index): LogState {
    const skipped = index - this.firstIndex;
    if (skipped <= 0) return this;
    if (index > this.lastIndex) return LogState.empty(index);
    return new LogState(index, this.#entries, this.#start + skipped, this.#end);
  }
}

const START: ClusterState = { tick: 0, nodes: new Map(), links: new Map(), inFlight: new Map(), waiting: new Map() };

/**
 * Folds rows as they come, without keeping them.
 *
 * @example
 * ```ts
 * import { Cluster, Fold } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const fold = new Fold();
 * const cluster = new Cluster({ nodes: 3, seed: 1, observer: (row) => fold.hear(row) });
 * cluster.run(13);
 * strictEqual(fold.end().state.nodes.get(1)?.role, "leader");
 * ```
 */
export class Fold {
  #before: ClusterState = START;
  #tick: Ticks | null = null;
  #rows: TraceRow[] = [];
  readonly #nodes = new Map<NodeId, NodeState>();
  readonly #links = new Map<Way, LinkState>();
  readonly #inFlight = new Map<number, Flight>();
  readonly #waiting = new Map<Index, readonly ProposalRow[]>();
  /** The nodes whose store was copied since the last scene, so that no earlier scene sees it change. */
  readonly #ownStores = new Set<NodeId>();

  /** Take in a row; the scene that is over, if the row begins another. */
  hear(row: TraceRow): Scene | null {
    const isOver = this.#tick !== null &&
      !(row.kind === "expectation" || row.kind === "node" && row.tick === this.#tick);
    const scene = isOver ? this.#close() : null;
    if (row.kind === "node") this.#tick = row.tick;
    else this.#rows.push(row);
    this.#take(row);
    return scene;
  }

  /** The last scene: if no tick has ended since the one before, what was done since. */
  end(): Scene {
    return { tick: this.#tick ?? this.#before.tick, before: this.#before, rows: [...this.#rows], state: this.#state() };
  }

  /** The cluster as it is after the last row. */
  #state(): ClusterState {
    this.#ownStores.clear();
    return {
      tick: this.#tick ?? this.#before.tick,
      nodes: new Map([...this.#nodes].sort(([a], [b]) => a - b)),
      links: new Map(this.#links),
      inFlight: new Map(this.#inFlight),
      waiting: new Map(this.#waiting),
    };
  }

  #close(): Scene {
    const scene = this.end();
    this.#before = scene.state;
    this.#tick = null;
    this.#rows = [];
    return scene;
  }

  #take(row: TraceRow): void {
    switch (row.kind) {
      case "node":
        return this.#takeNode(row);
      case "message":
        return this.#takeMessage(row);
      case "proposal":
        if (row.index !== null) this.#waiting.set(row.index, [...this.#waiting.get(row.index) ?? [], row]);
        return;
      case "commit":
        return this.#change(row.node, { commit: row.index });
      case "apply": {
        const { outcome } = row;
        if (outcome.kind === "Put") this.#store(row.node, (store) => store.set(outcome.key, outcome.value));
        if (outcome.kind === "Delete") this.#store(row.node, (store) => store.delete(outcome.key));
        this.#waiting.delete(row.index);
        return;
      }
      case "restore":
        this.#ownStores.delete(row.node);
        return this.#change(row.node, { store: new Map(row.pairs) });
      case "ready":
        return this.#takeReady(row);
      case "log":
        return this.#change(row.node, { log: LogState.empty(row.entries.at(0)?.index ?? 1).append(row.entries) });
      case "nodeFault":
        return this.#change(row.node, NODE_AFTER[row.fault]);
      case "linkFault":
        return this.#takeLinkFault(row);
      case "messageFault":
        return this.#takeMessageFault(row);
      case "part":
      case "expectation":
        return;
      default:
        return unreachable(row);
    }
  }

  #node(id: NodeId): NodeState {
    return this.#nodes.get(id) ?? newNode(id);
  }

  #change(id: NodeId, change: Partial<NodeState>): void {
    this.#nodes.set(id, { ...this.#node(id), ...change });
  }

  #store(id: NodeId, change: (store: Map<string, string>) => void): void {
    const { store } = this.#node(id);
    const own = this.#ownStores.has(id) && store instanceof Map ? store : new Map(store);
    this.#ownStores.add(id);
    change(own);
    this.#change(id, { store: own });
  }

  #takeNode({ kind: _kind, tick: _tick, ...state }: NodeRow): void {
    this.#change(state.node, { ...state, log: this.#node(state.node).log.from(state.firstIndex) });
  }

  /** A snapshot takes the whole log's place. */
  #takeReady({ node, snapshot, entries }: ReadyRow): void {
    const log = snapshot === null ? this.#node(node).log : LogState.empty(snapshot + 1);
    if (snapshot !== null || entries.length > 0) this.#change(node, { log: log.append(entries) });
  }

  #takeMessage(row: MessageRow): void {
    const { id, event } = row;
    if (event !== "sent") this.#inFlight.delete(id);
    else {
      const held = this.#links.get(`${row.from}>${row.to}`)?.state === "held";
      this.#inFlight.set(id, { id, message: row, sentAt: row.tick, held });
    }
  }

  #takeLinkFault({ from, to, fault, latency }: LinkFaultRow): void {
    const way: Way = `${from}>${to}`;
    const before = this.#links.get(way)?.state ?? "open";
    const state = fault === "delay" ? before : LINK_AFTER[fault];
    this.#links.set(way, { from, to, state, latency });
    for (const flight of this.#inFlight.values()) {
      if (flight.message.from !== from || flight.message.to !== to || state === "cut") continue;
      this.#inFlight.set(flight.id, { ...flight, held: state === "held" });
    }
  }

  #takeMessageFault({ id, fault }: MessageFaultRow): void {
    const flight = this.#inFlight.get(id);
    if (flight !== undefined) this.#inFlight.set(id, { ...flight, held: fault === "hold" });
  }
}

/** The scenes of `rows`, in order; in the last, no tick may have ended yet. */
export function scenesOf(rows: readonly TraceRow[]): Scene[] {
  const fold = new Fold();
  const scenes = rows.flatMap((row) => fold.hear(row) ?? []);
  return rows.length === 0 ? [] : [...scenes, fold.end()];
}

/** What a fault changes of a node. */
const NODE_AFTER: Readonly<Record<NodeFault, Partial<NodeState>>> = {
  stop: { running: false },
  restart: { running: true, role: "follower", leader: null, progress: [] },
  pauseClock: { clockPaused: true },
  resumeClock: { clockPaused: false },
};

/** What a fault makes of a link. */
const LINK_AFTER = { cut: "cut", hold: "held", mend: "open" } as const;

function newNode(node: NodeId): NodeState {
  return {
    node,
    running: true,
    role: "follower",
    term: 0,
    vote: null,
    leader: null,
    firstIndex: 1,
    lastIndex: 0,
    commit: 0,
    applied: 0,
    progress: [],
    clockPaused: false,
    log: LogState.empty(),
    store: new Map(),
  };
}
