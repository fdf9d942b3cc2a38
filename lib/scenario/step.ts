/**
 * What a scenario is made of: steps, and conditions on what the cluster has become. Plain data, so that JSON can carry it.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { ReadyStep } from "../node.ts";
import type { NodeFault } from "../trace/rows.ts";
import type { Index, MessageType, NodeId, StateRole, Term, Ticks } from "../raft/mod.ts";

/**
 * A node or several: an id; `"all"`; those that run: `"leader"`, `"followers"` (all that do not lead the latest term),
 * `"follower 1"`, `"follower 2"`, … by their ids; or a name given by a `name` step.
 */
export type NodeWord = NodeId | string;

/** Nodes, by one word or several. */
export type Nodes = NodeWord | readonly NodeWord[];

/** A number that every node has. */
export type Quantity = "term" | "commit" | "applied" | "lastIndex";

/** Something that holds of a cluster, or does not. It cannot be asked of no node at all. */
export type Condition =
  /** One of `by` (default: any) leads the latest term. */
  | { readonly is: "leader"; readonly by?: Nodes }
  /** This many running nodes take themselves for a leader. */
  | { readonly is: "leaders"; readonly count: number }
  /** These nodes have this role. */
  | { readonly is: "role"; readonly nodes: Nodes; readonly role: StateRole }
  /** This number of these nodes is that: it `equals` it, or is `atLeast`, `atMost`, or between both. */
  | {
    readonly is: "number";
    readonly nodes: Nodes;
    readonly what: Quantity;
    readonly equals?: number;
    readonly atLeast?: number;
    readonly atMost?: number;
  }
  /** This number of these nodes is still what it was at the mark `since`. */
  | { readonly is: "unchanged"; readonly nodes: Nodes; readonly what: Quantity; readonly since: string }
  /** This number of these nodes is greater than at the mark `since`. */
  | { readonly is: "grown"; readonly nodes: Nodes; readonly what: Quantity; readonly since: string }
  /** In the stores of these nodes this key has this value; `null`: none. Default: the key and value of the options. */
  | { readonly is: "value"; readonly nodes: Nodes; readonly key?: string; readonly value?: string | null }
  /** The logs of these nodes, from index 1 on, are entries of these terms. */
  | { readonly is: "log"; readonly nodes: Nodes; readonly terms: readonly Term[] }
  /** These nodes (default: all that run) follow one leader, and all have applied all of its log. */
  | { readonly is: "agreed"; readonly nodes?: Nodes };

/** Messages, by what they are and between whom; what is left out may be anything. */
export interface MessageFilter {
  /** Their type. */
  readonly type?: MessageType;
  /** Their senders. */
  readonly from?: Nodes;
  /** Their receivers. */
  readonly to?: Nodes;
  /** The index they speak of; of an `Append`, the one before its entries. */
  readonly index?: Index;
}

/** Links, both ways unless `oneWay`. */
export interface Links {
  /** Where they begin. */
  readonly from: Nodes;
  /** Where they end. */
  readonly to: Nodes;
  /** Only from `from` to `to`. */
  readonly oneWay?: boolean;
}

/** What can be done. */
export type Action =
  /** From here on `as` means `nodes` (default: all), without those of `except`. */
  | { readonly do: "name"; readonly as: string; readonly nodes?: Nodes; readonly except?: Nodes }
  /** Remember the numbers of all nodes as they are here. */
  | { readonly do: "mark"; readonly as: string }
  /** Let ticks pass. */
  | { readonly do: "run"; readonly ticks: Ticks }
  /** Let ticks pass until it holds; at most `within` (default 400), else the scenario has failed. */
  | { readonly do: "runUntil"; readonly until: Condition; readonly within?: Ticks }
  /** A client asks `to` (default: the leader) for `command` (default: Put the key and value of the options). */
  | { readonly do: "propose"; readonly to?: Nodes; readonly command?: Command }
  /** Start an election. */
  | { readonly do: "campaign"; readonly nodes: Nodes }
  /** Crash nodes, start them again on what they stored, stop their clocks, let them go on. */
  | { readonly do: NodeFault; readonly nodes: Nodes }
  /** Crash nodes after this step of their ready loop, 1 to 7, the next time they have something to sync. */
  | { readonly do: "crashAfter"; readonly nodes: Nodes; readonly step: ReadyStep }
  /** Make every election timeout this long; `null`: random again. */
  | { readonly do: "fixTimeout"; readonly nodes: Nodes; readonly ticks: Ticks | null }
  /** Snapshot the store, and discard the log but for the last `keep` applied entries. */
  | { readonly do: "compact"; readonly nodes: Nodes; readonly keep: number }
  /** Lose what is on these links; let it wait; let it pass again. */
  | { readonly do: "cut" | "hold" | "mend" } & Links
  /** Let messages take this long on these links. */
  | { readonly do: "delay"; readonly ticks: Ticks } & Links
  /** Cut every link between different groups. */
  | { readonly do: "partition"; readonly groups: readonly Nodes[] }
  /** Mend every link. */
  | { readonly do: "heal" }
  /** Of what is in flight now: lose it, let it wait, let it arrive next, send it a second time. */
  | { readonly do: "dropMessages" | "holdMessages" | "releaseMessages" | "duplicateMessages" } & MessageFilter
  /** Lose the next `count` such messages that are sent. */
  | { readonly do: "dropNext"; readonly count: number } & MessageFilter
  /** It must hold here, or the scenario has failed. */
  | { readonly do: "expect"; readonly that: Condition; readonly text?: string };

/** A step of a scenario: an action; with a title, a new part of the story begins. */
export type Step = Action & {
  /** What is about to be done, as a sentence. */
  readonly title?: string;
};

/** The numbers of a node at a mark. */
export type Numbers = Readonly<Record<Quantity, Term | Index>>;
