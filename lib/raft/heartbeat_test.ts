import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { alive, appendsTo2, commit, drain, entry, heartbeat, newLeader, newPeer, propose } from "./paper_cases.ts";
import { sent } from "./paper_cases.ts";

Deno.test("only a leader sends heartbeats, and they tell no one to commit what it is not known to hold", () => {
  const follower = newPeer(1);
  follower.node.ping();
  strictEqual(follower.node.hasReady(), false);
  const peer = newLeader();
  peer.node.ping();
  const header = { type: "Heartbeat", from: 1, term: 1 };
  deepStrictEqual(drain(peer), [{ ...header, to: 2, leaderCommit: 1 }, { ...header, to: 3, leaderCommit: 0 }]);
});

Deno.test("a follower commits with a heartbeat, and answers how far it has", () => {
  const peer = newPeer(1, { log: [1, 1, 1], hs: { commit: 1 } });
  for (const [told, committed] of [[0, 1], [2, 2], [1, 2], [3, 3]]) {
    peer.node.step(heartbeat(1, told));
    strictEqual(commit(peer), committed);
    deepStrictEqual(drain(peer), [{ type: "HeartbeatResponse", from: 1, to: 2, term: 1, commit: committed }]);
  }
});

Deno.test("a heartbeat's answer makes the leader send again what a lost probe carried", () => {
  const peer = newLeader();
  propose(peer, "some data");
  deepStrictEqual(sent(drain(peer)), ["Append to 2"], "node 3 has not answered the first probe");
  peer.node.step(alive(3));
  const again = drain(peer);
  deepStrictEqual(again.map((m) => m.type === "Append" && [m.to, m.prevLogIndex, m.entries]), [[3, 0, [entry(1, 1)]]]);
  strictEqual(drain(peer).length, 0, "one probe an answer");
});

Deno.test("a heartbeat's answer frees one slot of a full window", () => {
  const peer = newLeader({ config: { maxInflightMsgs: 2 } });
  propose(peer, "a", "b", "c", "d");
  deepStrictEqual(appendsTo2(drain(peer)), [[1, [2]], [2, [3]]]);
  peer.node.step(alive(2));
  deepStrictEqual(appendsTo2(drain(peer)), [[3, [4]]]);
  propose(peer, "e");
  deepStrictEqual(appendsTo2(drain(peer)), [], "one slot, and it is used");
  peer.node.step(alive(2));
  deepStrictEqual(appendsTo2(drain(peer)), [[4, [5]]]);
});
