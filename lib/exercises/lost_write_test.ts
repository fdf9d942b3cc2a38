import { match, strictEqual } from "node:assert/strict";
import type { DemoNode } from "../node.ts";
import type { Message, MessageType } from "../raft/mod.ts";
import { sendBeforeTheWrite } from "../scenario/lost_vote.ts";
import { checkLostWrite, type Double } from "./lost_write.ts";

/** A double of these nodes that hurries with messages of these types. */
function hasty(types: readonly MessageType[], ids: readonly number[] = [1, 2, 3]): Double {
  const hurries = ({ type }: Message) => types.includes(type);
  return (node) => {
    if (!ids.includes(node.id)) return;
    const takeTurn = node.takeTurn.bind(node), persisted = node.persisted.bind(node);
    node.takeTurn = () => {
      const turn = takeTurn();
      return turn && { ...turn, messages: [...turn.messages, ...turn.ready.persistedMessages.filter(hurries)] };
    };
    node.persisted = (number) => ({ messages: persisted(number).messages.filter((message) => !hurries(message)) });
  };
}

/** Acknowledgements leave at once, and once more when they may. */
function twice(node: DemoNode): void {
  const takeTurn = node.takeTurn.bind(node);
  node.takeTurn = () => {
    const turn = takeTurn();
    const early = turn?.ready.persistedMessages.filter(({ type }) => type === "AppendResponse") ?? [];
    return turn && { ...turn, messages: [...early, ...turn.messages] };
  };
}

/** Everything but a vote leaves at once. */
function allButVotes(node: DemoNode): void {
  const takeTurn = node.takeTurn.bind(node);
  node.takeTurn = () => {
    const turn = takeTurn();
    if (turn === null || turn.ready.persistedMessages.some(({ type }) => type.startsWith("RequestVote"))) return turn;
    return { ...turn, messages: [...turn.messages, ...turn.ready.persistedMessages] };
  };
}

Deno.test("lose a write: acknowledgements that hurry, on all nodes, on followers, on one of them, or in other ways", async () => {
  const right = {
    all: hasty(["AppendResponse"]),
    followers: hasty(["AppendResponse"], [2, 3]),
    "node 2": hasty(["AppendResponse"], [2]),
    "node 3": hasty(["AppendResponse"], [3]),
    "answers, too": hasty(["AppendResponse", "HeartbeatResponse"]),
    twice,
    allButVotes,
  };
  for (const [name, double] of Object.entries(right)) strictEqual(await checkLostWrite(double), null, name);
});

Deno.test("lose a write: what keeps every promise, hurries with votes, or never comes to the end", async () => {
  const wrong: [double: Double, says: RegExp][] = [
    [() => {}, /nobody was told/],
    [hasty(["HeartbeatResponse"]), /nobody was told/],
    [hasty(["AppendResponse"], [1]), /nobody was told/],
    [sendBeforeTheWrite, /A vote leaves before it is written/],
    [hasty(["AppendResponse", "RequestVoteResponse"]), /A vote leaves before it is written/],
    [hasty(["AppendResponse", "RequestVote"]), /before its own is written/],
    [(node) => void (node.takeTurn = () => null), /does not come to its end.* node 1 leads/],
    [(node) => void (node.persisted = () => ({ messages: [] })), /does not come to its end/],
  ];
  for (const [double, says] of wrong) match(await checkLostWrite(double) ?? "right", says);
});
