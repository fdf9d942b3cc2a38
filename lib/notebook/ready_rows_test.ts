import { deepStrictEqual } from "node:assert/strict";
import { Cluster } from "../cluster.ts";
import type { Ready } from "../raft/mod.ts";
import { Trace } from "../trace/trace.ts";
import { readyBullets, turnsAbout } from "./ready_rows.ts";

const nothing: Ready = {
  number: 1,
  ss: null,
  readStates: [],
  messages: [],
  snapshot: null,
  committedEntries: [],
  entries: [],
  hs: null,
  persistedMessages: [],
  mustSync: false,
};

Deno.test("a Ready is told by its bullets, and what is empty is left out", () => {
  deepStrictEqual(readyBullets(nothing), []);
  const confState = { voters: [1], learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false };
  const entry = (index: number) => ({ type: "command", term: 2, index, data: new Uint8Array() }) as const;
  const full: Ready = {
    ...nothing,
    messages: [{ type: "Heartbeat", from: 1, to: 2, term: 2, leaderCommit: 0 }],
    snapshot: { data: new Uint8Array(), metadata: { index: 4, term: 1, confState } },
    committedEntries: [entry(5)],
    entries: [entry(6), entry(7)],
    hs: { term: 2, vote: null, commit: 5 },
    persistedMessages: [{ type: "HeartbeatResponse", from: 1, to: 3, term: 2, commit: 5 }],
  };
  deepStrictEqual(readyBullets(full).map(({ bullet, contents }) => [bullet, contents]), [
    [1, "Heartbeat to 2"],
    [2, "up to index 4"],
    [3, "index 5"],
    [4, "index 6, index 7"],
    [5, "term 2, vote nobody, commit 5"],
    [6, "HeartbeatResponse to 3"],
  ]);
});

Deno.test("an entry is followed from its leader's log into the last store, also where one node is the majority", () => {
  const told = (nodes: number) => {
    const trace = new Trace();
    const cluster = new Cluster({ nodes, seed: 1, heartbeatTick: 9, observer: trace.record });
    cluster.runUntil("it is at rest", () => cluster.nodes().every((node) => node.status().applied === 1));
    cluster.run(1);
    cluster.propose({ kind: "Put", key: "x", value: "a" });
    cluster.run(5);
    return turnsAbout(trace, 2).map((
      row,
    ) => [row.node, row["1 send"], row["3 apply"], row["4 store"], row["6 then send"]]);
  };
  const [[leader], [follower]] = told(2);
  deepStrictEqual(told(2), [
    [leader, `Append to ${follower}`, "", "2", ""],
    [follower, "", "", "2", `AppendResponse to ${leader}`],
    [leader, `Append to ${follower}`, "2", "", ""],
    [follower, "", "2", "", `AppendResponse to ${leader}`],
  ]);
  deepStrictEqual(told(1), [[1, "", "2", "2", ""]]);
});
