import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { basic } from "../scenario/basic.ts";
import { play } from "../scenario/run.ts";
import { begin, crashing, divided, quiet } from "./chart_cases.ts";
import { logTable, spaceTime, termStaircase, timeline } from "./mod.ts";
import { labelsOf, marks, textsOf } from "./svg_cases.ts";

const title = "What node 1 says holds";
const { trace: played } = play(basic);

Deno.test("a timeline has three step lines a node, a mark for each restart, and says where everyone ends", async () => {
  const figure = timeline(crashing(3, 1), { title });
  const svg = await figure.svg();
  for (const line of ["commit", "last log index", "applied"]) {
    strictEqual(svg.match(new RegExp(`aria-description="${line}"`, "g"))?.length, 1, line);
  }
  strictEqual(svg.match(/>▲</g)?.length, 1 + 2);
  strictEqual(labelsOf(svg).filter(({ text }) => text === "applied 8").length, 3);
  match(figure.alt, /In the end nodes 1, 2 and 3 are in term 2 with last log index 8, commit 8 and applied 8\./);
  match(figure.alt, /Nodes are restarted 2 times\.$/);
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
  const lane = (node: number) => {
    const { y1, y2 } = labelsOf(svg).find(({ text }) => text === `node ${node}`) ?? { y1: NaN, y2: NaN };
    return (y1 + y2) / 2;
  };
  const [, heading] = /<g transform="translate\(0,(\d+)\)"/.exec(svg) ?? [];
  const [, cross] = /aria-description="lost \(×\)"[^>]*>.*?translate\([\d.]+,([\d.]+)\)/.exec(svg) ?? [];
  ok(Math.abs(Number(cross) + Number(heading) - (lane(1) + lane(2)) / 2) < 3, `${cross}`);
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
  ok(((await busy.svg()).match(/aria-label="(?:arrow|link)"/g)?.length ?? 0) <= 60);
});

Deno.test("a log table has a cell an entry, pale and dashed until it is committed, and the leader's indices", async () => {
  const figure = logTable(played, { title, tick: 17 });
  const svg = await figure.svg();
  deepStrictEqual([marks(svg, "known to be committed", "rect"), marks(svg, "not known to be", "rect")], [3, 3]);
  match(svg, /<g(?=[^>]* aria-description="not known to be")[^>]* stroke-dasharray="3,2"/);
  const labels = await textsOf(figure);
  deepStrictEqual(["x = 1", "●", "▼"].map((sign) => labels.filter((text) => text === sign).length), [3, 1 + 3, 1 + 3]);
  strictEqual(
    figure.alt,
    "The logs of 3 nodes at the end of tick 17. Node 1: leader of term 1, indices 1 to 2 of term 1, committed up to 1; " +
      "nodes 2 and 3: follower in term 1, indices 1 to 2 of term 1, committed up to 1. " +
      "The leader's indices are match 2 and next 3 for node 1; match 1 and next 3 for nodes 2 and 3.",
  );
  throws(
    () => logTable(played, { title, tick: 99 }),
    /Cannot show the logs at tick 99: the last tick of the trace is 20/,
  );
  throws(() => logTable(played, { title, tick: -1 }), /Cannot use tick: -1/);
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
