import { deepStrictEqual, match, ok } from "node:assert/strict";
import { Cluster } from "../cluster.ts";
import { Trace } from "../trace/trace.ts";
import { marksOf, momentsOf } from "./marks.ts";
import { compacted, eventful, slow } from "./player_cases.ts";
import { groupsOf, scenesOf } from "./scenes.ts";
import { commandText, happenings } from "./words.ts";

/** What happens at each tick. */
function told(trace: Trace): string[] {
  const scenes = scenesOf(trace);
  return scenes.map((scene, i) => `${scene.tick}: ${happenings(scene, scenes[i - 1] ?? null).join(" ")}`);
}

Deno.test("messages that are taken in hand are told, and marked", () => {
  const trace = new Trace();
  const cluster = new Cluster({ observer: trace.record });
  cluster.campaign(1);
  cluster.tick();
  for (const { id } of cluster.network.inFlight()) cluster.network.holdMessage(id);
  cluster.network.duplicateMessage(cluster.network.inFlight()[0].id);
  cluster.tick();
  match(told(trace)[1], /^2: 2 messages are held back \(RequestVoteResponse\)\. 1 message is sent a second time \(/);
  ok(marksOf(scenesOf(trace)).some(({ at, kind }) => at === 1 && kind === "nodeFault"));
});

Deno.test("an eventful run is told in order, from the first candidate to the last commit", () => {
  const lines = told(eventful(5, 100)).join("\n");
  const story = [
    /\n10: Node 4 campaigns in term 1\.\n11: Nodes 1, 2, 3 and 5 vote for node 4\.\n12: Node 4 is elected leader of term 1\.\n/,
    /\n21: The network is divided: nodes 1, 2 and 3 \| nodes 4 and 5\./,
    /\d+ messages are lost \(Append\)/,
    /Node \d campaigns in term 2\./,
    /Node \d is elected leader of term 2\./,
    /\n46: Every link is open again\./,
    /Node 4 steps down in term 2\./,
    /\n61: Node 5 is stopped\./,
    /\n66: Node 1 is muted: its clock stands still\./,
    /\n76: Node 5 is restarted on what it had stored\./,
    /\n81: Node 1 is no longer muted: its clock goes on\./,
  ];
  let at = 0;
  for (const pattern of story) {
    const found = lines.slice(at).search(pattern);
    ok(found >= 0, `${pattern} after ${lines.slice(at, at + 200)}`);
    at += found;
  }
  match(lines, /Node 4 replaces its log from index \d+ on\./);
  match(lines, /Node 4 is asked for x = \d+, and appends it at index \d+\./);
  match(lines, /Nodes [\d, ]+ and \d learn that index \d+ is committed\./);
});

Deno.test("single links, odd commands and snapshots are told", () => {
  const lines = told(slow()).join("\n");
  match(lines, /The link 1 → 3 is held: messages wait \(3 ticks a message\)\./);
  match(lines, /The link 2 → 1 is cut \(3 ticks a message\)\./);
  match(lines, /asked for <\/script><b> = <!-- \\u2028 \\u001b\[31m " \\ \$\{x\} `, and appends/);
  match(told(compacted()).join("\n"), /Node \d takes a snapshot up to index \d\./);
  deepStrictEqual([null, { kind: "Get", key: "k" } as const].map(commandText), ["(empty)", "Get k"]);
});

Deno.test("what a scenario expects belongs to the tick that is over, everything else to the next", () => {
  const trace = eventful(3, 5);
  trace.record({ kind: "expectation", tick: 5, text: "a leader", holds: false, found: "none" });
  trace.record({ kind: "part", tick: 5, title: "More" });
  const scenes = scenesOf(trace);
  deepStrictEqual(scenes.length, 5);
  match(happenings(scenes[4], scenes[3]).join(" "), /Not as expected: a leader; found: none\.$/);
});

Deno.test("nodes are apart if nothing gets from one to another either way; what is held only waits", () => {
  const [scene] = scenesOf(eventful(5, 1));
  deepStrictEqual(groupsOf(scene), [[1, 2, 3, 4, 5]]);
  const from = ([2, 3, 4, 5] as const).map((id) => [`1>${id}`, "cut"] as const);
  const to = ([2, 3, 4, 5] as const).map((id) => [`${id}>1`, "cut"] as const);
  deepStrictEqual(groupsOf({ ...scene, broken: new Map(from) }), [[1, 2, 3, 4, 5]]);
  deepStrictEqual(groupsOf({ ...scene, broken: new Map([...from, ...to]) }), [[1], [2, 3, 4, 5]]);
  deepStrictEqual(groupsOf({ ...scene, broken: new Map([...from, ...to, ["2>1", "held"]]) }), [[1, 2, 3, 4, 5]]);
});

Deno.test("links that are cut one way, or held, are not told as a division", () => {
  for (const [change, says] of [["cut", "is cut"], ["hold", "is held: messages wait"]] as const) {
    const trace = new Trace();
    const cluster = new Cluster({ nodes: 4, seed: 1, observer: trace.record });
    cluster.tick();
    for (const id of [2, 3, 4]) cluster.network[change](1, id);
    cluster.tick();
    match(told(trace)[1], RegExp(`^2: 3 links: each ${says}\\.`));
  }
});

Deno.test("faults, elections and leaders are marked; the strip begins, ends, and holds the first of each between", () => {
  const scenes = scenesOf(eventful(5, 100));
  const marks = marksOf(scenes);
  deepStrictEqual(marks.filter(({ kind }) => kind === "nodeFault").map(({ at }) => scenes[at].tick), [
    21,
    46,
    61,
    66,
    76,
    81,
  ]);
  deepStrictEqual(marks.slice(0, 2).map(({ at, kind }) => [scenes[at].tick, kind]), [[10, "election"], [12, "leader"]]);
  const moments = momentsOf(scenes, 0);
  deepStrictEqual([moments.length, moments[0].at, moments.at(-1)?.at], [8, 0, 99]);
  for (const pattern of [/campaigns/, /elected leader of term 1/, /divided/, /elected leader of term 2/, /commits/]) {
    ok(moments.some(({ text }) => pattern.test(text)), `${pattern}`);
  }
  ok(momentsOf(scenes, 50).every(({ at }) => at >= 50));
  deepStrictEqual(momentsOf(scenes.slice(0, 1), 0).map(({ at }) => at), [0]);
});
