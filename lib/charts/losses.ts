/**
 * Where messages were lost, node by node; not those that a division of the nodes came between.
 *
 * @module
 */
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Span } from "./divisions.ts";
import type { History } from "./history.ts";
import { nodeList, ticksText } from "./text.ts";

/** From one tick to another a node lost messages to or from `peers`. */
export interface Loss extends Span {
  /** The node. */
  readonly node: NodeId;
  /** The other ends of the messages. */
  readonly peers: readonly NodeId[];
}

/** Losses that are at most this many ticks apart are drawn, and told, as one. */
const GAP = 4;

/** The losses of every node. */
export function lossesOf({ lost }: History): Loss[] {
  const losses: Loss[] = [];
  const open = new Map<NodeId, { peers: Set<NodeId>; from: Ticks; to: Ticks }>();
  const close = (node: NodeId) => {
    const loss = open.get(node);
    if (loss !== undefined) losses.push({ ...loss, node, peers: [...loss.peers].sort((a, b) => a - b) });
  };
  for (const { from, to, tick } of lost) {
    for (const [node, peer] of [[from, to], [to, from]]) {
      const loss = open.get(node);
      if (loss !== undefined && tick - loss.to <= GAP) {
        loss.peers.add(peer);
        loss.to = tick;
      } else {
        close(node);
        open.set(node, { peers: new Set([peer]), from: tick, to: tick });
      }
    }
  }
  for (const node of open.keys()) close(node);
  return losses;
}

/** Who lost messages, and from when to when. */
export function lossesText({ ids }: History, losses: readonly Loss[]): string {
  if (losses.length === 0) return "";
  const between = losses.flatMap(({ from, to }) => [from, to]);
  const losers = [...new Set(losses.map(({ node }) => node))].sort((a, b) => a - b);
  const who = losers.length === ids.length ? "every node" : nodeList(losers);
  return `Messages to and from ${who} are lost ${ticksText(Math.min(...between), Math.max(...between))}.`;
}
