/**
 * The state of a cluster after every tick, folded from the rows of its trace.
 *
 * This is the only place that follows rows: charts, the player, the story, surveys and checks are functions of the scenes made
 * here. A scene is one tick: the cluster before it, what happened, the cluster after it.
 *
 * First time passes: messages arrive, clocks tick, nodes act. Then things are done by hand, while the clock shows the same tick:
 * a proposal, a cut, a stop. Tick 0 is the beginning, before any time has passed.
 *
 * @module
 */
import type { ConfState, Index, NodeId, Term, Ticks } from "../raft/mod.ts";
import { assert, newConfState, unreachable } from "../raft/mod.ts";
import type { LinkFault } from "../network.ts";
import type {
  ApplyRow,
  EntrySummary,
  NodeFault,
  NodeRow,
  OnNode,
  ProposalRow,
  ReadyRow,
  TracedMessage,
  TraceRow,
} from "./rows.ts";
import type { Command } from "../command.ts";
import type { NodeCondition } from "./words.ts";

/** A node at one moment: its last row, and what else its rows tell of it. */
export interface NodeState extends Omit<NodeRow, "kind" | "tick"> {
  /** Whether its clock is paused. */
  readonly clockPaused: boolean;
  /** Who belongs to the cluster, as far as it has applied the log. */
  readonly configuration: ConfState;
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

/** What became of a client's request, as the node that was asked can tell. */
export interface Answer {
  /** When it is known. */
  readonly tick: Ticks;
  /** When the node was asked. */
  readonly asked: Ticks;
  /** The node that was asked, and appended the command as leader. */
  readonly node: NodeId;
  /** Where it appended it. */
  readonly index: Index;
  /** In which term. */
  readonly term: Term;
  /** What it was asked for. */
  readonly command: Command;
  /** The node applied it; or another entry took its index; or the node stopped before either, and nobody answers. */
  readonly outcome: "applied" | "replaced" | "none";
}

/** What happened from one moment to another. */
export interface Change {
  /** The cluster before. */
  readonly before: ClusterState;
  /** What happened, in order; no rows of nodes. */
  readonly rows: readonly TraceRow[];
  /** What clients came to know. */
  readonly answers: readonly Answer[];
  /** The cluster afterwards. */
  readonly state: ClusterState;
}

/** One tick: what happened in it, and what came of it. */
export interface Scene extends Change {
  /** The tick. */
  readonly tick: Ticks;
  /** What time brought. */
  readonly passing: Change;
  /** What was done by hand then, and what came of that at once. */
  readonly byHand: Change;
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

/** At least so many changes after one that is kept whole, and not before as many as it has values, another one is. */
const APART = 200;

/**
 * A map that does not change. Maps that grew from each other share the values of the last one, so that a run of any length is
 * folded in time proportional to it; an earlier one takes back what was changed between it and the next that is kept whole.
 */
export class MapState<K, V> {
  /** Shared: what the last of the maps that grew from each other holds. */
  readonly #last: Map<K, V>;
  /** What it holds, if it is kept whole; else how many changes ago one was. */
  readonly #kept: ReadonlyMap<K, V> | null;
  readonly #changes: number;
  /** What was changed then: what stood there before, and the map after it. */
  #next: { readonly key: K; readonly before: V | undefined; readonly after: MapState<K, V> } | null = null;

  private constructor(last: Map<K, V>, changes = 0) {
    const isKept = changes >= Math.max(APART, last.size);
    this.#last = last;
    this.#kept = isKept ? new Map(last) : null;
    this.#changes = isKept ? 0 : changes;
  }

  /** A map of `pairs`. */
  static of<K, V>(pairs: Iterable<readonly [K, V]> = []): MapState<K, V> {
    return new MapState(new Map(pairs));
  }

  /** What is at `key`, if anything is. */
  get(key: K): V | undefined {
    const { kept, since } = this.#back();
    const change = since.find((each) => each.key === key);
    return change === undefined ? kept.get(key) : change.before;
  }

  /** All values. */
  values(): V[] {
    const { kept, since } = this.#back();
    const values = new Map<K, V | undefined>(kept);
    for (const { key, before } of since.reverse()) values.set(key, before);
    return [...values.values()].filter((value) => value !== undefined);
  }

  /** The next map that is kept whole, and what was changed up to it. */
  #back() {
    const since: { readonly key: K; readonly before: V | undefined }[] = [];
    let [kept, next] = [this.#kept, this.#next];
    for (; kept === null && next !== null; [kept, next] = [next.after.#kept, next.after.#next]) since.push(next);
    return { kept: kept ?? this.#last, since };
  }

  /** This map, the last of those that share its values, with `value` at `key`; with nothing there if that is `undefined`. */
  set(key: K, value: V | undefined): MapState<K, V> {
    assert(this.#next === null, "only the last of the maps that share their values grows");
    const before = this.#last.get(key);
    if (value === undefined) this.#last.delete(key);
    else this.#last.set(key, value);
    const after = new MapState(this.#last, this.#changes + 1);
    this.#next = { key, before, after };
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
  /** Whether the last tick is over: its nodes have been told of. */
  isOver = false;
  #tick: Ticks | null = null;
  /** What time brought in this tick, once something is done by hand. */
  #passing: Change | null = null;
  #before: ClusterState = START;
  #rows: TraceRow[] = [];
  #answers: Answer[] = [];
  readonly #nodes = new Map<NodeId, NodeState>();
  readonly #links = new Map<Way, LinkState>();
  #inFlight = MapState.of<number, Flight>();
  /** Of which nodes a configuration was told. All others take all nodes for voters. */
  readonly #configured = new Set<NodeId>();
  /** What clients asked for and have no answer to, by node and index. */
  readonly #asked = new Map<NodeId, Map<Index, ProposalRow[]>>();

  /** Take in a row; the scene that is over, if the row begins another. */
  hear(row: TraceRow): Scene | null {
    const scene = this.#tick === null || row.tick === this.#tick ? null : this.end();
    if (scene !== null) {
      this.#begin(scene.state);
      [this.#passing, this.isOver] = [null, false];
    }
    this.#tick = row.tick;
    if (row.kind === "node") {
      this.isOver = true;
    } else {
      if (this.isOver && this.#passing === null) {
        this.#passing = this.#change();
        this.#begin(this.#passing.state);
      }
      this.#rows.push(row);
    }
    this.#take(row);
    return scene;
  }

  /** The scene of the last tick, as far as it has come. */
  end(): Scene {
    const last = this.#change();
    const passing = this.#passing ?? last;
    const { state } = last;
    const byHand = this.#passing === null ? { before: state, rows: [], answers: [], state } : last;
    const rows = [...passing.rows, ...byHand.rows];
    const answers = [...passing.answers, ...byHand.answers];
    return { tick: state.tick, before: passing.before, rows, answers, state, passing, byHand };
  }

  /** What came since the last moment. */
  #change(): Change {
    const nodes = new Map([...this.#nodes].sort(([a], [b]) => a - b));
    const state = { tick: this.#tick ?? 0, nodes, links: new Map(this.#links), inFlight: this.#inFlight };
    return { before: this.#before, rows: [...this.#rows], answers: [...this.#answers], state };
  }

  #begin(state: ClusterState): void {
    [this.#before, this.#rows, this.#answers] = [state, [], []];
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
        return this.#set(row.node, { commit: row.index });
      case "apply":
        return this.#takeApply(row);
      case "restore":
        this.#giveUp(row, row.index);
        return this.#set(row.node, { store: MapState.of(row.pairs) });
      case "ready":
        return this.#takeReady(row);
      case "log":
        return this.#set(row.node, { log: LogState.empty(row.entries.at(0)?.index ?? 1).append(row.entries) });
      case "nodeFault":
        if (row.fault === "stop") this.#giveUp(row);
        return this.#set(row.node, NODE_AFTER[row.fault]);
      case "linkFault": {
        const link = linkOf({ links: this.#links }, row.from, row.to);
        this.#links.set(`${row.from}>${row.to}`, { ...link, ...LINK_AFTER[row.fault] });
        return;
      }
      case "proposal":
        return this.#takeProposal(row);
      case "configuration":
        this.#configured.add(row.node);
        return this.#set(row.node, { configuration: row.configuration });
      case "confChange":
      case "transfer":
      case "read":
      case "request":
      case "messageFault":
      case "write":
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

  #set(id: NodeId, change: Partial<NodeState>): void {
    const isNew = !this.#nodes.has(id);
    this.#nodes.set(id, { ...this.#node(id), ...change });
    if (isNew) this.#addVoter();
  }

  /** Another node has come into sight. */
  #addVoter(): void {
    const configuration = newConfState({ voters: [...this.#nodes.keys()] });
    for (const [id, node] of this.#nodes) {
      if (!this.#configured.has(id)) this.#nodes.set(id, { ...node, configuration });
    }
  }

  #takeProposal(row: ProposalRow): void {
    if (row.result !== "appended" || row.index === null) return;
    // A client that tries again says itself what it is told.
    if (row.by !== undefined) return;
    const asked = this.#asked.get(row.node) ?? new Map<Index, ProposalRow[]>();
    // What this node appended here before is gone here, but may be elsewhere, and be committed yet.
    this.#asked.set(row.node, asked.set(row.index, [...asked.get(row.index) ?? [], row]));
  }

  /** Whoever asked `node` for what it appended at `index` gets an answer, by the term of that, or none for ever. */
  #answer({ node, tick }: OnNode, index: Index, outcomeOf: (term: Term) => Answer["outcome"]): void {
    for (const { tick: asked, term, command } of this.#asked.get(node)?.get(index) ?? []) {
      if (term !== null) this.#answers.push({ tick, asked, node, index, term, command, outcome: outcomeOf(term) });
    }
    this.#asked.get(node)?.delete(index);
  }

  /** Nobody who asked `node` for something up to `last` gets an answer from it. */
  #giveUp(row: OnNode, last: Index = Infinity): void {
    for (const index of [...this.#asked.get(row.node)?.keys() ?? []]) {
      if (index <= last) this.#answer(row, index, () => "none");
    }
  }

  #takeApply(row: ApplyRow): void {
    const { node, index, term, outcome } = row;
    this.#answer(row, index, (asked) => asked === term ? "applied" : "replaced");
    switch (outcome.kind) {
      case "Put":
        return this.#set(node, { store: this.#node(node).store.set(outcome.key, outcome.value) });
      case "Delete":
        return this.#set(node, { store: this.#node(node).store.set(outcome.key, undefined) });
      case "Get":
      case "Empty":
      case "Configuration":
      case "Repeated":
      case "Rejected":
        return;
      default:
        return unreachable(outcome);
    }
  }

  #takeNode({ kind: _kind, tick: _tick, ...state }: NodeRow): void {
    // Whole: what the row leaves out is not there any more.
    const { clockPaused, configuration, log, store } = this.#node(state.node);
    const isNew = !this.#nodes.has(state.node);
    this.#nodes.set(state.node, { ...state, clockPaused, configuration, store, log: log.from(state.firstIndex) });
    if (isNew) this.#addVoter();
  }

  /** A snapshot takes the whole log's place. */
  #takeReady({ node, snapshot, entries }: ReadyRow): void {
    const log = snapshot === null ? this.#node(node).log : LogState.empty(snapshot + 1);
    if (snapshot !== null || entries.length > 0) this.#set(node, { log: log.append(entries) });
  }
}

/** The scenes of `rows`, in order, none of which is kept; the tick of the last may not be over yet. */
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
  stop: { running: false, timer: null },
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
    timer: null,
    clockPaused: false,
    configuration: newConfState({ voters: [] }),
    log: LogState.empty(),
    store: MapState.of(),
  };
}
