/**
 * What a leader knows of every node (paper Figure 2, nextIndex and matchIndex); crate items `raft::Progress`,
 * `raft::ProgressTracker` and `raft::Inflights`.
 *
 * A leader sends in one of three ways: `probe`, one `Append` at a time, while it does not know the follower's log;
 * `replicate`, a window of them, once it does; `snapshot`, none at all, while a snapshot is on its way.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { membersOf } from "./configuration.ts";
import type { ConfState, Index, NodeId, Ticks } from "./types.ts";

/** The `Append`s on their way to one follower, by their last indices: a queue in ascending order. */
export class Inflights {
  readonly #indices: Index[] = [];
  /** Where the oldest is in `#indices`: what stands before it has arrived. */
  #oldest = 0;

  /** How many are on their way. */
  get count(): number {
    return this.#indices.length - this.#oldest;
  }

  /** A message that ends at `last` was sent. */
  add(last: Index): void {
    this.#indices.push(last);
  }

  /** The follower holds everything up to `index`: messages that end there or before have arrived. */
  freeTo(index: Index): void {
    while (this.count > 0 && this.#indices[this.#oldest] <= index) this.freeFirst();
  }

  /** The oldest message has arrived, or is taken for lost. */
  freeFirst(): void {
    // Removing the first of an array moves all others, so remove many at once.
    if (++this.#oldest < 512) return;
    this.#indices.splice(0, this.#oldest);
    this.#oldest = 0;
  }

  /** A copy that changes on its own. */
  clone(): Inflights {
    const copy = new Inflights();
    for (const index of this.toJSON()) copy.add(index);
    return copy;
  }

  /** The last index of each. */
  toJSON(): Index[] {
    return this.#indices.slice(this.#oldest);
  }
}

/** How the leader sends to one follower. */
export type ProgressState =
  | { readonly kind: "probe"; /** Whether the one probe is on its way. */ paused: boolean }
  | { readonly kind: "replicate"; readonly inflights: Inflights }
  | { readonly kind: "snapshot"; /** The index of the snapshot on its way. */ readonly pendingSnapshot: Index };

/** What a leader knows of all nodes, itself among them, in ascending order of ids. */
export type ProgressTracker = ReadonlyMap<NodeId, Progress>;

/** A new leader knows nothing of the others, and tries the index after its own last (paper Figure 2). */
export function newTracker(confState: ConfState, nextIndex: Index, maxInflight: number): ProgressTracker {
  return new Map(membersOf(confState).map((id) => [id, new Progress(id, nextIndex, maxInflight)]));
}

/** What a leader knows of one node. */
export class Progress {
  /** The highest index known to be durable there, and equal to the leader's log. */
  matchIndex: Index = 0;
  /** With a lease: when the last heartbeat was sent that the node has answered; 0 is never. */
  answeredAt: Ticks = 0;
  /** Whether the node has answered in this term. */
  recentActive = false;
  /** How the leader sends to it. */
  state: ProgressState = { kind: "probe", paused: false };

  /**
   * A node of which nothing is known.
   *
   * @param id The node.
   * @param nextIndex The index of the next entry to send.
   * @param maxInflight The size of the window in `replicate`.
   */
  constructor(readonly id: NodeId, public nextIndex: Index, readonly maxInflight: number) {}

  /** A copy that changes on its own. */
  clone(): Progress {
    const copy = Object.assign(new Progress(this.id, this.nextIndex, this.maxInflight), this);
    const { state } = this;
    copy.state = state.kind === "replicate" ? { ...state, inflights: state.inflights.clone() } : { ...state };
    return copy;
  }

  /** Whether nothing may be sent now. */
  isPaused(): boolean {
    switch (this.state.kind) {
      case "probe":
        return this.state.paused;
      case "replicate":
        return this.inflightFull();
      case "snapshot":
        return true;
    }
  }

  /** Whether the window is full. */
  inflightFull(): boolean {
    return this.state.kind === "replicate" && this.state.inflights.count >= this.maxInflight;
  }

  /** Send no more probes until the follower answers. */
  pause(): void {
    if (this.state.kind === "probe") this.state.paused = true;
  }

  /** The next probe may be sent. */
  resume(): void {
    if (this.state.kind === "probe") this.state.paused = false;
  }

  /** Probe for the place where the logs agree; after a snapshot, after its index. */
  becomeProbe(): void {
    const stored = this.state.kind === "snapshot" ? this.state.pendingSnapshot : 0;
    this.state = { kind: "probe", paused: false };
    this.nextIndex = Math.max(this.matchIndex, stored) + 1;
  }

  /** The snapshot did not arrive: probe as if it had never been sent. */
  snapshotFailure(): void {
    this.state = { kind: "probe", paused: false };
    this.nextIndex = this.matchIndex + 1;
  }

  /** The logs agree: send ahead, without waiting for each answer. */
  becomeReplicate(): void {
    this.state = { kind: "replicate", inflights: new Inflights() };
    this.nextIndex = this.matchIndex + 1;
  }

  /** A snapshot is on its way: send nothing until its fate is known. */
  becomeSnapshot(pendingSnapshot: Index): void {
    this.state = { kind: "snapshot", pendingSnapshot };
  }

  /** An `Append` with entries up to `last` was sent. */
  sent(last: Index): void {
    assert(!this.isPaused(), "nothing is sent to a paused follower");
    if (this.state.kind !== "replicate") return this.pause();
    this.nextIndex = last + 1;
    this.state.inflights.add(last);
  }

  /** Take the oldest message of a full window for lost, so that the window cannot block for ever. */
  freeFirstIfFull(): void {
    if (this.state.kind === "replicate" && this.inflightFull()) this.state.inflights.freeFirst();
  }

  /** The follower holds everything up to `index`; whether that is news. */
  maybeUpdate(index: Index): boolean {
    const isNews = index > this.matchIndex;
    if (isNews) {
      this.matchIndex = index;
      this.resume();
    }
    this.nextIndex = Math.max(this.nextIndex, index + 1);
    return isNews;
  }

  /**
   * The follower rejected the `Append` whose prevLogIndex was `rejected`.
   *
   * @param hint The highest index at which the logs may agree.
   * @returns Whether that is news, for an old rejection says nothing.
   */
  stepBack(rejected: Index, hint: Index): boolean {
    if (this.state.kind === "replicate") {
      if (rejected <= this.matchIndex) return false;
      this.nextIndex = this.matchIndex + 1;
      return true;
    }
    if (this.nextIndex - 1 !== rejected) return false;
    this.nextIndex = Math.max(1, Math.min(rejected, hint + 1));
    this.resume();
    return true;
  }
}
