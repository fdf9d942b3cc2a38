/**
 * What a node hands over, as rows of a table: one `Ready`, and the turns of a cluster's nodes about one index.
 *
 * @module
 */
import type { Entry, HardState, Index, Message, Ready, Snapshot } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";

/** One bullet of the crate's documentation that is to be carried out. */
export interface ReadyBullet {
  /** Its number. */
  readonly bullet: number;
  /** The field of the `Ready`. */
  readonly field: keyof Ready;
  /** What is in it, in words. */
  readonly contents: string;
  /** What is to be done with it. */
  readonly todo: "send" | "store" | "apply";
}

/**
 * The bullets of `ready` that ask for something, in the order of the documentation.
 *
 * @example
 * ```ts
 * import { MemStorage, RawNode, readyBullets, seededRandom } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const node = new RawNode({ id: 1, random: seededRandom(1) }, MemStorage.newWithConfState({ voters: [1, 2] }));
 * node.campaign();
 * deepStrictEqual(readyBullets(node.ready()), [
 *   { bullet: 5, field: "hs", contents: "term 1, vote 1, commit 0", todo: "store" },
 *   { bullet: 6, field: "persistedMessages", contents: "RequestVote to 2", todo: "send" },
 * ]);
 * ```
 */
export function readyBullets(ready: Ready): ReadyBullet[] {
  const all: ReadyBullet[] = [
    { bullet: 1, field: "messages", contents: sent(ready.messages), todo: "send" },
    { bullet: 2, field: "snapshot", contents: snapshotText(ready.snapshot), todo: "store" },
    { bullet: 3, field: "committedEntries", contents: indexText(ready.committedEntries), todo: "apply" },
    { bullet: 4, field: "entries", contents: indexText(ready.entries), todo: "store" },
    { bullet: 5, field: "hs", contents: hardStateText(ready.hs), todo: "store" },
    { bullet: 6, field: "persistedMessages", contents: sent(ready.persistedMessages), todo: "send" },
  ];
  return all.filter(({ contents }) => contents !== "");
}

/** A node's turn of the ready loop; the columns are numbered as the documentation's bullets are. */
export interface TurnRow {
  /** When. */
  readonly tick: number;
  /** Whose. */
  readonly node: number;
  /** What it sent at once. */
  readonly "1 send": string;
  /** What it applied. */
  readonly "3 apply": string;
  /** What it stored. */
  readonly "4 store": string;
  /** What it sent once that was stored. */
  readonly "6 then send": string;
}

/**
 * The turns in which nodes stored or applied the entry at `index`, in order.
 *
 * @example
 * ```ts
 * import { Cluster, Trace, turnsAbout } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const trace = new Trace();
 * const cluster = new Cluster({ nodes: 3, seed: 1, observer: trace.record });
 * cluster.run(20);
 * deepStrictEqual(turnsAbout(trace, 1).map(({ node }) => node), [1, 2, 3, 1, 2, 3]);
 * ```
 */
export function turnsAbout(trace: Pick<Trace, "of">, index: Index): TurnRow[] {
  const rows = trace.of("ready").filter(({ entries, committedEntries, light }) =>
    [...entries.map((entry) => entry.index), ...committedEntries, ...light.committedEntries].includes(index)
  );
  return rows.map(({ tick, node, messages, committedEntries, light, entries, persistedMessages }) => ({
    tick,
    node,
    "1 send": sent(messages),
    "3 apply": [...committedEntries, ...light.committedEntries].join(", "),
    "4 store": entries.map((entry) => entry.index).join(", "),
    "6 then send": sent(persistedMessages),
  }));
}

function sent(messages: readonly Pick<Message, "type" | "to">[]): string {
  return messages.map(({ type, to }) => `${type} to ${to}`).join(", ");
}

function indexText(entries: readonly Entry[]): string {
  return entries.map(({ index }) => `index ${index}`).join(", ");
}

function hardStateText(hs: HardState | null): string {
  return hs === null ? "" : `term ${hs.term}, vote ${hs.vote ?? "nobody"}, commit ${hs.commit}`;
}

function snapshotText(snapshot: Snapshot | null): string {
  return snapshot === null ? "" : `up to index ${snapshot.metadata.index}`;
}
