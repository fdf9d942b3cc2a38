/**
 * "Seven messages" (notebook 03): which messages may leave while the disk still writes.
 *
 * @module
 */
import type { Command } from "../command.ts";
import { DemoNode } from "../node.ts";
import { MemStorage, type Message, type NodeId, seededRandom } from "../raft/mod.ts";

/** Of each of the seven, why it may leave or must wait. */
const REASONS: readonly string[] = [
  "it says that the candidate has voted for itself, and nobody must be able to forget that",
  "it is a vote, and a vote must not be forgotten",
  "it promises nothing about the leader's own disk",
  "it promises nothing about the leader's own disk, and the write before it need not be done either",
  "the leader will count this node's disk",
  "the crate's rule goes by role: all that a follower says waits, in order, whatever it says",
  "the others are a majority, and the leader's own disk need not be in it",
];

const PUT: Command = { kind: "Put", key: "x", value: "a" };
const EMPTY_LOG = { lastLogIndex: 0, lastLogTerm: 0, commit: 0, commitTerm: 0 };
const REQUEST: Message = { type: "RequestVote", from: 1, to: 2, term: 1, ...EMPTY_LOG };
const HEARTBEAT: Message = { type: "Heartbeat", from: 1, to: 2, term: 1, leaderCommit: 0 };

/**
 * Whether these are the messages, by their numbers from 1 to 7, that may leave before the write that is under way is done.
 *
 * @returns What is said of the first that is not so; `null` if all are.
 *
 * @example
 * ```ts
 * import { checkLeaving } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(checkLeaving([2]) ?? "", /Message 2 must wait/);
 * ```
 */
export function checkLeaving(numbers: readonly number[]): string | null {
  const isNumber = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 7;
  if (!Array.isArray(numbers) || !numbers.every(isNumber)) return "It takes a list of numbers from 1 to 7.";
  const leaves = leavesAtOnce();
  const wrong = leaves.findIndex((does, i) => does !== numbers.includes(i + 1));
  return wrong < 0 ? null : `Message ${wrong + 1} ${leaves[wrong] ? "may leave" : "must wait"}: ${REASONS[wrong]}.`;
}

/** Of each of the seven, whether a turn whose write has only begun hands it out. */
function leavesAtOnce(): boolean[] {
  const candidate = newNode(1), voter = newNode(2);
  candidate.campaign();
  voter.step(REQUEST);
  const [leader, second, third] = threeNodes();
  leader.propose(PUT);
  const put = begin(leader);
  leader.propose(PUT);
  const next = begin(leader);
  deliver(put.sent, second, third);
  const acknowledgement = begin(second);
  second.step(HEARTBEAT);
  const answer = begin(second);
  deliver([...second.persisted(answer.number).messages, ...settle(third)], leader);
  const news = begin(leader);
  const turns = [begin(candidate), begin(voter), put, next, acknowledgement, answer, news];
  return turns.map(({ sent }) => sent.length > 0);
}

function newNode(id: NodeId): DemoNode {
  return new DemoNode({ id, random: seededRandom(1) }, MemStorage.newWithConfState({ voters: [1, 2, 3] }));
}

/** Three nodes of which node 1 leads, and nobody has anything to say. */
function threeNodes(): DemoNode[] {
  const nodes = [1, 2, 3].map(newNode);
  nodes[0].campaign();
  for (let said = nodes.flatMap(settle); said.length > 0; said = nodes.flatMap(settle)) deliver(said, ...nodes);
  return nodes;
}

/** A turn whose write begins and is not done: its number, and what leaves. */
function begin(node: DemoNode): { readonly number: number; readonly sent: readonly Message[] } {
  const turn = node.takeTurn();
  return { number: turn?.ready.number ?? 0, sent: turn?.messages ?? [] };
}

/** All turns of a node, as if its disk took no time. */
function settle(node: DemoNode): Message[] {
  const sent: Message[] = [];
  for (let turn = node.takeTurn(); turn !== null; turn = node.takeTurn()) {
    sent.push(...turn.messages, ...node.persisted(turn.ready.number).messages);
  }
  return sent;
}

function deliver(messages: readonly Message[], ...nodes: readonly DemoNode[]): void {
  for (const node of nodes) for (const message of messages) if (message.to === node.id) node.step(message);
}
