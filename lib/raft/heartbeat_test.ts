import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { HeartbeatResponse, NodeId } from "./mod.ts";
import { bytes, commit, drain, elect, entry, leaderOfThree, newPeer } from "./paper_cases.ts";

function alive(from: NodeId): HeartbeatResponse {
  return { type: "HeartbeatResponse", from, to: 1, term: 1, commit: 0 };
}

Deno.test("a heartbeat tells no one to commit what it is not known to hold", () => {
  const { node } = leaderOfThree();
  node.ping();
  const heartbeat = { type: "Heartbeat", from: 1, term: 1 };
  deepStrictEqual(node.ready().messages, [{ ...heartbeat, to: 2, leaderCommit: 1 }, {
    ...heartbeat,
    to: 3,
    leaderCommit: 0,
  }]);
});

Deno.test("a follower commits with a heartbeat, and answers how far it has", () => {
  const peer = newPeer(1, { log: [1, 1, 1], hs: { commit: 1 } });
  for (const [told, committed] of [[0, 1], [2, 2], [1, 2], [3, 3]]) {
    peer.node.step({ type: "Heartbeat", from: 2, to: 1, term: 1, leaderCommit: told });
    strictEqual(commit(peer), committed);
    deepStrictEqual(drain(peer), [{ type: "HeartbeatResponse", from: 1, to: 2, term: 1, commit: committed }]);
  }
});

Deno.test("only a leader sends heartbeats when it is asked to", () => {
  const peer = newPeer(1);
  peer.node.ping();
  strictEqual(peer.node.hasReady(), false);
  elect(peer);
  peer.node.ping();
  deepStrictEqual(drain(peer).map(({ type, to }) => [type, to]), [["Heartbeat", 2], ["Heartbeat", 3]]);
});

Deno.test("a heartbeat's answer makes the leader send again what a lost probe carried", () => {
  const peer = leaderOfThree();
  peer.node.propose(bytes("some data"));
  deepStrictEqual(drain(peer).map(({ to }) => to), [2], "node 3 has not answered the first probe");
  peer.node.step(alive(3));
  const again = drain(peer);
  deepStrictEqual(again.map((m) => m.type === "Append" && [m.to, m.prevLogIndex, m.entries]), [[3, 0, [entry(1, 1)]]]);
  strictEqual(drain(peer).length, 0, "one probe an answer");
});

Deno.test("a heartbeat's answer frees one slot of a full window", () => {
  const peer = leaderOfThree({ maxInflightMsgs: 2 });
  for (const data of ["a", "b", "c", "d"]) peer.node.propose(bytes(data));
  const sentTo2 = () => drain(peer).filter(({ to }) => to === 2).map((m) => m.type === "Append" && m.entries[0].index);
  deepStrictEqual(sentTo2(), [2, 3]);
  peer.node.step(alive(2));
  deepStrictEqual(sentTo2(), [4]);
  peer.node.propose(bytes("e"));
  deepStrictEqual(sentTo2(), [], "one slot, and it is used");
  peer.node.step(alive(2));
  deepStrictEqual(sentTo2(), [5]);
});
