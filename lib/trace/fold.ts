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
import { assert, type Index, type NodeId, type Term, type Ticks, unreachable } from "../raft/mod.ts";
import type { LinkFault } from "../network.ts";
import type { ApplyRow, EntrySummary, NodeFault, NodeRow, ReadyRow, TracedMessage, TraceRow } from "./rows.ts";
import type { NodeCondition } from "./words.ts";

/** A node at one moment: its last row, and what else its rows tell of it. */
export interface NodeState extends Omit<NodeRow, "kind" | "tick"> {
  /** Whether its clock is paused. */
  readonly clockPaused: boolean;
  /** Its log. */
  readonly log: LogState;
  /** Its store. */
  readonly store: MapState<string, string>;
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
}

/** A message on its way. */
export interface Flight {
  /** The envelope. */
  readonly id: number;
  /** The message. */
  readonly message: TracedMessage;
  /** When it was sent. */
  readonly sentAt: Ticks;
}

/** A cluster at one moment. */
export interface ClusterState {
  /** The last tick that is over. */
  readonly tick: Ticks;
  /** Every node, in the order of ids. */
  readonly nodes: ReadonlyMap<NodeId, NodeState>;
  /** The links that something was done to. */
  readonly links: ReadonlyMap<Way, LinkState>;
  /** What is on its way, by envelope. */
  readonly inFlight: MapState<number, Flight>;
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
export function linkOf({ links }: Pick<ClusterState, "links">, from: NodeId, to: NodeId): LinkState {
  return links.get(`${from}>${to}`) ?? { from, to, state: "open" };
}

/**
 * A map that does not change. Maps that grew from each other share the values of the last one, so that a run of any length is
 * folded in time proportional to it; an earlier one takes back what was changed since, and is slower to read.
 */
export class MapState<K, V> {
  /** Shared: what the last of the maps that grew from each other holds. */
  readonly #last: Map<K, V>;
  /** What was changed then: what stood there before, and the map after it. */
  #next: { readonly key: K; readonly before: V | undefined; readonly after: MapState<K, V> } | null = null;

  private constructor(last: Map<K, V>) {
    this.#last = last;
  }

  /** A map of `pairs`. */
  static of<K, V>(pairs: Iterable<readonly [K, V]> = []): MapState<K, V> {
    return new MapState(new Map(pairs));
  }

  /** What is at `key`, if anything is. */
  get(key: K): V | undefined {
    for (let next = this.#next; next !== null; next = next.after.#next) if (next.key === key) return next.before;
    return this.#last.get(key);
  }

  /** All values. */
  values(): V[] {
    const values = new Map<K, V | undefined>(this.#last);
    const since: { key: K; before: V | undefined }[] = [];
    for (let next = this.#next; next !== null; next = next.after.#next) since.push(next);
    for (const { key, before } of since.reverse()) values.set(key, before);
    return [...values.values()].filter((value) => value !== undefined);
  }

  /** This map, the last of those that share its values, with `value` at `key`; with nothing there if that is `undefined`. */
  set(key: K, value: V | undefined): MapState<K, V> {
    assert(this.#next === null, "only the last of the maps that share their values grows");
    const after = new MapState(this.#last);
    this.#next = { key, before: this.#last.get(key), after };
    if (value === undefined) this.#last.delete(key);
    else this.#last.set(key, value);
    return after;
  }
}

/**
 * A log that does not change. Logs that grew from each other share their entries, so that a run of any length is folded in
 * time proportional to it.
 */
export class LogState {
  /** Shared: they may begin before `firstIndex`, and go on behind `lastIndex`. */
  readonly #shared: EntrySummary[];

  private constructor(
    readonly firstIndex: Index,
    /** The index of the last entry; `firstIndex - 1` if there is none. */
    readonly lastIndex: Index,
    shared: EntrySummary[],
  ) {
    this.#shared = shared;
  }

  /** A log without entries, whose first will have the index `firstIndex`. */
  static empty(firstIndex: Index = 1): LogState {
    return new LogState(firstIndex, firstIndex - 1, []);
  }

  /** The entry at `index`, if it is here. */
  entry(index: Index): EntrySummary | undefined {
    return index < this.firstIndex || index > this.lastIndex ? undefined : this.#shared[this.#place(index)];
  }

  /** The entries from `index` on (default: all). */
  entries(index: Index = this.firstIndex): EntrySummary[] {
    return this.#shared.slice(this.#place(Math.max(index, this.firstIndex)), this.#place(this.lastIndex + 1));
  }

  /** The terms of all entries. */
  terms(): Term[] {
    return this.entries().map(({ term }) => term);
  }

  /** This log with `entries` in place of whatever stands at their first index and behind it. */
  append(entries: readonly EntrySummary[]): LogState {
    if (entries.length === 0) return this;
    const [{ index }] = entries;
    const isEmpty = this.lastIndex < this.firstIndex;
    // Whoever holds the shared entries to their end may let them grow; anybody else takes a copy of a part.
    const isGrowing = !isEmpty && index === this.lastIndex + 1 && this.#place(index) === this.#shared.length;
    const all = isGrowing ? this.#shared : this.entries().slice(0, index - this.firstIndex);
    for (const entry of entries) all.push(entry);
    return new LogState(isEmpty ? index : this.firstIndex, index + entries.length - 1, all);
  }

  /** This log without the entries before `index`, which were compacted. */
  from(index: Index): LogState {
    if (index <= this.firstIndex) return this;
    return index > this.lastIndex ? LogState.empty(index) : new LogState(index, this.lastIndex, this.#shared);
  }

  #place(index: Index): number {
    return index - (this.#shared.at(0)?.index ?? this.firstIndex);
  }
}

const START: ClusterState = { tick: 0, nodes: new Map(), links: new Map(), inFlight: MapState.of() };

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
  #inFlight = MapState.of<number, Flight>();

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
    const tick = this.#tick ?? this.#before.tick;
    const nodes = new Map([...this.#nodes].sort(([a], [b]) => a - b));
    const state = { tick, nodes, links: new Map(this.#links), inFlight: this.#inFlight };
    return { tick, before: this.#before, rows: [...this.#rows], state };
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
        // Whatever is done to a message, it is on its way until it arrives or is lost.
        this.#inFlight = this.#inFlight.set(
          row.id,
          row.event === "sent" ? { id: row.id, message: row, sentAt: row.tick } : undefined,
        );
        return;
      case "commit":
        return this.#change(row.node, { commit: row.index });
      case "apply":
        return this.#takeApply(row);
      case "restore":
        return this.#change(row.node, { store: MapState.of(row.pairs) });
      case "ready":
        return this.#takeReady(row);
      case "log":
        return this.#change(row.node, { log: LogState.empty(row.entries.at(0)?.index ?? 1).append(row.entries) });
      case "nodeFault":
        return this.#change(row.node, NODE_AFTER[row.fault]);
      case "linkFault": {
        const link = linkOf({ links: this.#links }, row.from, row.to);
        this.#links.set(`${row.from}>${row.to}`, { ...link, ...LINK_AFTER[row.fault] });
        return;
      }
      case "messageFault":
      case "proposal":
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

  #takeApply({ node, outcome }: ApplyRow): void {
    switch (outcome.kind) {
      case "Put":
        return this.#change(node, { store: this.#node(node).store.set(outcome.key, outcome.value) });
      case "Delete":
        return this.#change(node, { store: this.#node(node).store.set(outcome.key, undefined) });
      case "Get":
      case "Empty":
      case "Rejected":
        return;
      default:
        return unreachable(outcome);
    }
  }

  #takeNode({ kind: _kind, tick: _tick, ...state }: NodeRow): void {
    this.#change(state.node, { ...state, log: this.#node(state.node).log.from(state.firstIndex) });
  }

  /** A snapshot takes the whole log's place. */
  #takeReady({ node, snapshot, entries }: ReadyRow): void {
    const log = snapshot === null ? this.#node(node).log : LogState.empty(snapshot + 1);
    if (snapshot !== null || entries.length > 0) this.#change(node, { log: log.append(entries) });
  }
}

/** The scenes of `rows`, in order, none of which is kept; in the last, no tick may have ended yet. */
export function* scenesOf(rows: readonly TraceRow[]): Generator<Scene, void> {
  const fold = new Fold();
  for (const row of rows) {
    const scene = fold.hear(row);
    if (scene !== null) yield scene;
  }
  if (rows.length > 0) yield fold.end();
}

/** What a fault changes of a node. */
const NODE_AFTER: Readonly<Record<NodeFault, Partial<NodeState>>> = {
  stop: { running: false },
  restart: { running: true, role: "follower", leader: null, progress: [] },
  pauseClock: { clockPaused: true },
  resumeClock: { clockPaused: false },
};

/** What a fault changes of a link. */
const LINK_AFTER: Readonly<Record<LinkFault, Partial<LinkState>>> = {
  cut: { state: "cut" },
  hold: { state: "held" },
  mend: { state: "open" },
  delay: {},
};

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
    store: MapState.of(),
  };
}
