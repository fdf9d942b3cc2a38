import { deepStrictEqual, doesNotMatch, fail, match, ok, strictEqual, throws } from "node:assert/strict";
import { basic } from "../scenario/basic.ts";
import { figure8 } from "../scenario/figure_8.ts";
import { lostVote, playLostVote } from "../scenario/lost_vote.ts";
import { minorityPartition } from "../scenario/minority_partition.ts";
import { noQuorum } from "../scenario/no_quorum.ts";
import { play } from "../scenario/run.ts";
import { Trace } from "../trace/trace.ts";
import { begin, crashing, divided, long, muddled, quiet } from "./chart_cases.ts";
import { ALL_CONDITIONS, ROLES, termColour } from "./palette.ts";
import { TimeAxis } from "./axes.ts";
import { logTable, roleLanes, spaceTime, termStaircase, timeline } from "./mod.ts";
import { textsIn } from "./overlap_cases.ts";
import { viewOf } from "./spans.ts";
import { marks, textsOf } from "./svg_cases.ts";
import { stepsOf } from "./timeline.ts";

const title = "What node 1 says holds";
const { trace: played } = play(basic);

Deno.test("a timeline has three step lines a node, a mark for each restart, and says where everyone ends", async () => {
  const figure = timeline(crashing(3, 1), { title });
  const svg = await figure.svg();
  for (const line of ["commit", "last log index", "applied"]) {
    strictEqual(svg.match(new RegExp(`aria-description="${line}"`, "g"))?.length, 1, line);
  }
  strictEqual(svg.match(/>▲</g)?.length, 1 + 2);
  strictEqual(textsIn(svg).filter((text) => text === "applied 8").length, 3);
  match(figure.alt, /In the end nodes 1, 2 and 3 are in term 2 with last log index 8, commit 8 and applied 8\./);
  match(figure.alt, /Nodes are restarted 2 times\. Clients ask node 1 at ticks 13, 14, 15, 16, 17 and 18\.$/);
});

Deno.test("a line of a timeline ends where its node stood when it stopped, though it came there in that tick", () => {
  const view = viewOf(play(noQuorum, { nodes: 4 }).trace, { title, to: 40 });
  const axis = new TimeAxis(view.from, view.to, { left: 0, right: 0, top: 0, bottom: 0 });
  const drawn = stepsOf(view, 1, ({ commit }) => commit, axis).filter(({ y }) => !Number.isNaN(y));
  deepStrictEqual(drawn.slice(-2).map(({ x, y }) => [x, y]), [[axis.px(18), 1], [axis.px(18), 2]]);
});

Deno.test("a term staircase has a line a node, and says who ends in which term", async () => {
  const { trace, cluster } = begin(5, 1);
  cluster.network.partition([5], [1, 2, 3, 4]);
  cluster.run(120);
  const figure = termStaircase(trace, { title });
  for (const node of cluster.ids) match(await figure.svg(), new RegExp(`aria-description="node ${node}"`));
  const { term } = trace.at(120)[4];
  ok(term > 3);
  match(figure.alt, new RegExp(`In the end node 5 is in term ${term}; nodes 1 to 4 are in term 1\\.`));
  ok((await textsOf(figure)).includes(`term ${term}: node 5`));
});

Deno.test("a space-time diagram has an arrow a message; those that go the same way share a label", async () => {
  const figure = spaceTime(played, { title, from: 10, to: 13 });
  strictEqual((await figure.svg()).match(/aria-label="arrow"/g)?.length, 4);
  match(figure.alt, /2 RequestVote, 2 RequestVoteResponse/);
  const labels = await textsOf(figure);
  for (const label of ["RequestVote", "RequestVoteResponse"]) ok(labels.includes(label), label);
  const round = begin(3, 1);
  round.cluster.run(20);
  const texts = await textsOf(spaceTime(round.trace, { title, from: 14, to: 18 }));
  strictEqual(texts.filter((text) => text === "Append, Heartbeat").length, 2);
  ok(!texts.includes("Append"));
});

Deno.test("a lost message is dashed, and ends in × half a lane away", async () => {
  const { trace, cluster } = begin(3, 1);
  cluster.network.cut(1, 3);
  cluster.run(12);
  const figure = spaceTime(trace, { title });
  match(figure.alt, /lost 1/);
  const svg = await figure.svg();
  match(svg, /<g(?=[^>]* aria-label="link")[^>]* stroke-dasharray="4,3"/);
  const [, cross] = /aria-description="lost \(×\)"[^>]*>.*?translate\([\d.]+,([\d.]+)\)/.exec(svg) ?? [];
  strictEqual(Number(cross), 18 + 96, "where the lanes of nodes 1 and 2 meet");
});

Deno.test("a space-time diagram shows 60 messages at most, leaves out heartbeats first, and says so", async () => {
  const { trace, cluster } = begin(3, 1);
  cluster.run(80);
  const figure = spaceTime(trace, { title });
  const heartbeats = trace.of("message").filter(({ event, type }) => event === "sent" && type.startsWith("Heartbeat"));
  match(figure.caption, new RegExp(`left out are ${heartbeats.length} heartbeats and answers to them\\.`));
  ok(!(await textsOf(figure)).some((text) => text.startsWith("Heartbeat")));
  const busy = spaceTime(quiet(5, 1, 40), { title });
  match(busy.caption, /60 are shown; left out are \d+ heartbeats and .*, and \d+ messages sent from tick \d+ on/);
  const messages = (await busy.svg()).replace(/<g[^>]* aria-description="client[^>]*>/g, "");
  ok((messages.match(/aria-label="(?:arrow|link)"/g)?.length ?? 0) <= 60);
});

Deno.test("a log table has a cell an entry, pale and dashed until it is committed, and the leader's indices", async () => {
  const figure = logTable(played, { title, tick: 17 });
  const svg = await figure.svg();
  deepStrictEqual([marks(svg, "known to be committed", "rect"), marks(svg, "not known to be committed", "rect")], [
    3,
    3,
  ]);
  match(svg, /<g(?=[^>]* aria-description="not known to be committed")[^>]* stroke-dasharray="3,2"/);
  const labels = await textsOf(figure);
  deepStrictEqual(["x = a", "●", "▼"].map((sign) => labels.filter((text) => text === sign).length), [3, 1 + 3, 1 + 3]);
  strictEqual(
    figure.alt,
    "The logs of 3 nodes at tick 17. Node 1: leader of term 1, indices 1 to 2 of term 1, committed up to 1; " +
      "nodes 2 and 3: follower in term 1, indices 1 to 2 of term 1, committed up to 1. " +
      "The leader's indices are match 2 and next 3 for node 1; match 1 and next 3 for nodes 2 and 3.",
  );
  throws(() => logTable(played, { title, tick: 99 }), /Cannot show the logs at tick 99: the last tick .* is 20/);
  throws(() => logTable(played, { title, tick: -1 }), /tick must be a whole number from 0, and is -1$/);
});

Deno.test("a log table shows what was overwritten as long as it is there, and what a snapshot holds", async () => {
  const alt = (tick: number) => logTable(divided(3, 1), { title, tick }).alt;
  match(alt(40), /Node 1: leader of term 1, indices 1 to 3 of term 1, nothing committed/);
  match(
    alt(divided(3, 1).lastTick()),
    /Nodes 1 and 3: follower in term 2, indices 1 to 2 of term 2, committed up to 2;/,
  );
  const snapshot = logTable(crashing(3, 1), { title });
  match(snapshot.alt, /Node 1: follower in term 2, a snapshot up to index 6, index 7 of term 1, index 8 of term 2/);
  strictEqual(marks(await snapshot.svg(), "in a snapshot", "rect"), 6 + 7);
});

Deno.test("what is said of role lanes has the numbers of the run, and of the ticks that are shown", () => {
  const alt = (trace = quiet(3, 1), window = {}) => roleLanes(trace, { title, ...window }).alt;
  strictEqual(
    alt(),
    "The roles of 3 nodes, tick 0 to 22. Node 1 leads term 1 from tick 13 to 22. Clients ask node 1 at ticks 13, 14 and 15.",
  );
  match(
    alt(quiet(3, 1), { from: 14, to: 15 }),
    /tick 14 to 15\. Node 1 leads term 1 from tick 14 to 15\. Clients ask node 1 at ticks 14 and 15\.$/,
  );
  strictEqual(
    alt(crashing(3, 1)),
    "The roles of 3 nodes, tick 0 to 84. Node 1 leads term 1 from tick 13 to 41; node 3 leads term 2 from tick 59 to 84. " +
      "Node 2 is stopped from tick 13 to 26; node 1 is stopped from tick 42 to 71. " +
      "Clients ask node 1 at ticks 13, 14, 15, 16, 17 and 18.",
  );
  match(alt(long(3, 1, 700)), /The nodes are divided 11 times; first, from tick 60 to 99 node 1 .*; last, from tick/);
  match(roleLanes(long(3, 1, 1000), { title }).caption, /each step of the drawing stands for \d+ ticks/);
});

Deno.test("role lanes have a bar for each role in each term, with letter and term; stopped nodes have dashes", async () => {
  const figure = roleLanes(quiet(3, 1), { title });
  const svg = await figure.svg();
  deepStrictEqual(["follower", "candidate", "leader"].map((role) => marks(svg, role, "rect")), [3 + 2, 1, 1]);
  strictEqual(marks(svg, "new term", "line"), 1);
  const labels = await textsOf(figure);
  for (const label of ["F0", "C1", "L1", "F1", "term 1"]) ok(labels.includes(label), label);
  const stopped = await roleLanes(crashing(3, 1), { title }).svg();
  strictEqual(marks(stopped, "stopped", "rect"), 2);
  match(stopped, /<g(?=[^>]* aria-description="stopped")[^>]* stroke-dasharray="4,2"/);
});

Deno.test("nodes are divided from the tick of the cut to the last before that of the mending", () => {
  const { trace, cluster } = begin(5, 1);
  cluster.run(20);
  cluster.network.partition([1, 2], [3, 4, 5]);
  cluster.run(38);
  cluster.network.heal();
  cluster.run(2);
  match(roleLanes(trace, { title }).alt, /From tick 20 to 57 nodes 1 and 2 are cut off from nodes 3, 4 and 5\.$/);
  match(roleLanes(trace, { title, from: 30, to: 40 }).alt, /From tick 30 to 40 nodes 1 and 2 are cut off/);
  doesNotMatch(roleLanes(trace, { title, to: 19 }).alt, /cut off/);
});

Deno.test("a link that is cut one way, or that others go round, divides nobody", () => {
  const { trace, cluster } = begin(3, 1);
  for (const [from, to] of [[1, 3], [3, 1], [1, 2], [2, 1]]) {
    cluster.network.cut(from, to);
    cluster.run(10);
  }
  match(roleLanes(trace, { title }).alt, /\. From tick 30 to 40 node 1 is cut off from nodes 2 and 3\. M/);
});

Deno.test("the lanes of each side are shaded, and say who is on it", async () => {
  const { trace, cluster } = begin(5, 1);
  cluster.network.partition([1], [2, 3], [4, 5]);
  cluster.run(40);
  const figure = roleLanes(trace, { title });
  const svg = await figure.svg();
  const sides = ["divided: one side", "another side", "a third side"];
  deepStrictEqual(sides.map((side) => marks(svg, side, "rect")), [1, 2, 2]);
  const labels = await textsOf(figure);
  for (const label of ["alone", "with 3", "with 2", "with 5", "with 4", ...sides]) ok(labels.includes(label), label);
  match(figure.alt, /node 1, nodes 2 and 3 and nodes 4 and 5 are cut off from each other\./);
  match(roleLanes(muddled(4, 1), { title }).alt, /node 1, node 2, node 3 and node 4 are cut off from each other/);
  for (const label of ["stopped", "messages lost", "clock paused"]) ok(!labels.includes(label), label);
});

Deno.test("the staircase and the timeline shade where nodes are divided, and say so", async () => {
  for (const [chart, panels] of [[termStaircase, 1], [timeline, 5]] as const) {
    const figure = chart(divided(5, 1), { title });
    match(figure.alt, /From tick 12 to 57 nodes 4 and 5 are cut off from nodes 1, 2 and 3\./);
    strictEqual((await figure.svg()).match(/<g[^>]*fill-opacity="0.6"[^>]*><rect/g)?.length, panels);
    ok((await textsOf(figure)).includes("nodes are divided"));
  }
});

Deno.test("lost messages are shaded with whom they were for, beside a division and before a crash too", async () => {
  const lossy = begin(3, 1);
  lossy.cluster.run(13);
  lossy.cluster.network.intercept(({ from }) => (from === 1 ? "drop" : "carry"));
  lossy.cluster.run(9);
  const figure = roleLanes(lossy.trace, { title });
  match(figure.alt, /Messages from node 1 to nodes 2 and 3 are lost from tick 15 to 21\.$/);
  strictEqual(marks(await figure.svg(), "messages lost", "rect"), 3);
  ok((await textsOf(figure)).includes("lost: to 2, 3"));
  for (const end of ["divided", "stopped"]) {
    const { trace, cluster } = begin(3, 1);
    cluster.run(12);
    for (const { id } of cluster.network.inFlight()) cluster.network.dropMessage(id);
    if (end === "divided") cluster.network.partition([1], [2, 3]);
    else cluster.stop(1);
    cluster.run(20);
    match(roleLanes(trace, { title }).alt, /Messages .* are lost at tick 12\./, end);
  }
});

Deno.test("a paused clock is marked, and said", async () => {
  const { trace, cluster } = begin(3, 1);
  cluster.run(5);
  cluster.pauseClock(2);
  cluster.run(30);
  cluster.resumeClock(2);
  cluster.pauseClock(3);
  cluster.run(10);
  const figure = roleLanes(trace, { title });
  match(figure.alt, /The clock of node 2 is paused from tick 5 to 34; the clock of node 3 .* from tick 35 to 45/);
  strictEqual(marks(await figure.svg(), "clock paused", "line"), 2);
});

/** Three nodes; a client asks the leader, which stops before it can answer, and is there again. */
function unanswered(): Trace {
  const { trace, cluster } = begin(3, 1);
  cluster.run(20);
  cluster.propose({ kind: "Put", key: "x", value: "a" }, 1);
  cluster.run(3);
  cluster.propose({ kind: "Put", key: "x", value: "b" }, 1);
  cluster.stop(1);
  cluster.restart(1);
  cluster.run(2);
  return trace;
}

Deno.test("a space-time diagram has a lane for clients: what they ask for, and what they are told", async () => {
  const figure = spaceTime(unanswered(), { title, from: 19 });
  match(
    figure.alt,
    /At tick 20 a client asks node 1 for Put x = a; it is told that this is done at tick 22; at tick 23 a client asks node 1 for Put x = b; the node stops/,
  );
  match(figure.alt, /Node 1 is restarted at tick 23\.$/);
  const labels = await textsOf(figure);
  for (const label of ["client", "Put x = a", "done", "Put x = b", "no answer", "stops and restarts"]) {
    ok(labels.includes(label), label);
  }
  strictEqual(marks(await figure.svg(), "client's request, or its answer", "path"), 2 + 1 + 1);
  const { trace } = play(minorityPartition);
  const { tick } = trace.scenes().find(({ answers }) => answers.some(({ outcome }) => outcome === "replaced")) ??
    fail();
  const replaced = await textsOf(spaceTime(trace, { title, from: tick - 2, to: tick + 1 }));
  ok(replaced.includes("lost: another entry took its place"));
  ok(!(await textsOf(spaceTime(quiet(3, 1, 0), { title }))).includes("client"));
});

Deno.test("a space-time diagram shows how long disks write, and that a crash cuts a write short", async () => {
  const trace = new Trace();
  await playLostVote(lostVote, trace.record);
  const figure = spaceTime(trace, { title, to: 16 });
  match(
    figure.alt,
    /the disk of node 3 writes from tick 1 to 4 and does not finish; the disk of node 3 writes from tick 6 to 15\./i,
  );
  strictEqual(marks(await figure.svg(), "disk writes", "rect"), 2);
});

Deno.test("role lanes draw election timers if they are asked for, and say what was drawn", async () => {
  const figure = roleLanes(quiet(3, 1), { title, timers: true });
  match(figure.alt, /Node 1's election timeouts are 11, 12\. Node 2's election timeouts are 19, 14\./);
  match(figure.caption, /election timer: as high as there are ticks left/);
  const labels = await textsOf(figure);
  for (const label of ["11", "19", "ticks until its election timeout"]) ok(labels.includes(label), label);
  ok(!(await textsOf(roleLanes(quiet(3, 1), { title }))).includes("ticks until its election timeout"));
});

Deno.test("where clients ask and nodes restart is marked in role lanes and timelines", async () => {
  for (const chart of [roleLanes, timeline]) {
    const svg = await chart(unanswered(), { title }).svg();
    deepStrictEqual([svg.match(/>▼</g)?.length, svg.match(/>▲</g)?.length], chart === timeline ? [2, 2] : [3, 2]);
  }
});

Deno.test("a window names no term that began before it, and terms that begin close together are all named", async () => {
  for (const chart of [roleLanes, timeline]) {
    const texts = await textsOf(chart(crashing(3, 1), { title, from: 20, to: 70 }));
    ok(!texts.includes("term 1") && texts.includes("term 2"), texts.join());
    const close = await textsOf(chart(play(figure8).trace, { title }));
    for (let term = 1; term <= 5; term++) ok(close.includes(`term ${term}`), `term ${term}`);
  }
});

Deno.test("what is lost one way is told so", () => {
  const { trace, cluster } = begin(3, 1);
  cluster.run(13);
  cluster.network.cut(1, 3);
  cluster.run(9);
  match(roleLanes(trace, { title }).alt, /Messages from node 1 to node 3 are lost from tick \d+ to \d+\./);
});

Deno.test("terms have colours of their own, none of a role; after eight they come again, hatched", async () => {
  const colours = Array.from({ length: 8 }, (_, i) => termColour(i + 1));
  strictEqual(
    new Set([...colours, ...ALL_CONDITIONS.map((condition) => ROLES[condition].fill)]).size,
    8 + ALL_CONDITIONS.length,
  );
  const { trace, cluster } = begin(1, 1);
  for (let i = 0; i < 9; i++) {
    cluster.run(25);
    cluster.stop(1);
    cluster.restart(1);
  }
  const figure = logTable(trace, { title });
  strictEqual(marks(await figure.svg(), "term 9 or later", "rect"), 1);
});
