import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basic } from "../scenario/basic.ts";
import { play } from "../scenario/run.ts";
import { Trace } from "../trace/trace.ts";
import { begin, crashing, divided, long, muddled, quiet } from "./chart_cases.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import { labelsOf } from "./label_cases.ts";
import { logTable, roleLanes, spaceTime, termStaircase, timeline } from "./mod.ts";
import { isAlone, isReadable, isWellFormed, marks } from "./svg_cases.ts";

const CHARTS: Record<string, (trace: Trace, options: ChartOptions) => Figure> = {
  logTable,
  roleLanes,
  spaceTime,
  termStaircase,
  timeline,
};
const title = "Node 1 is elected, and what it says holds";

function played(): Trace {
  return play(basic).trace;
}

for (const [name, chart] of Object.entries(CHARTS)) {
  for (const nodes of [1, 2, 3, 5, 9]) {
    Deno.test(`${name} is readable and stands alone with ${nodes} nodes, whatever happens to them`, async () => {
      for (const seed of [1, 2, 3]) {
        const traces = { quiet: quiet(nodes, seed), divided: divided(nodes, seed), crashing: crashing(nodes, seed) };
        for (
          const [kind, trace] of Object.entries({
            ...traces,
            busy: quiet(nodes, seed, 25),
            muddled: muddled(nodes, seed),
            long: long(nodes, seed, 700),
          })
        ) {
          const svg = await chart(trace, { title }).svg();
          isAlone(svg);
          isWellFormed(svg);
          isReadable(svg, `${name}, ${nodes} nodes, seed ${seed}, ${kind}`);
        }
      }
    });
  }

  Deno.test(`${name} of nothing says so, and one of a single tick is drawn`, async () => {
    const empty = chart(new Trace(), { title });
    match(empty.alt, /^Nothing happened yet/);
    const svg = await empty.svg();
    match(svg, />Nothing happened yet<\/text>/);
    isAlone(svg);
    const { trace, cluster } = begin(3, 1);
    cluster.tick();
    const figure = chart(trace, { title });
    isAlone(await figure.svg());
    isReadable(await figure.svg(), name);
    for (const node of ["node 1", "node 2", "node 3"]) {
      ok(labelsOf(await figure.svg()).some(({ text }) => text === node));
    }
  });

  Deno.test(`${name} of 10,000 ticks stays small and readable`, async () => {
    const svg = await chart(long(5, 1, 10_000), { title }).svg();
    isReadable(svg, name);
    ok(svg.length < 300_000, `${svg.length} bytes`);
  });

  Deno.test(`${name} shows its title, wrapped if it is long, and refuses to be without one`, async () => {
    const words = `<script> & "quotes" ${"and so on ".repeat(30)}\u0007end`;
    const figure = chart(played(), { title: words });
    const svg = await figure.svg();
    isWellFormed(svg);
    isReadable(svg, name);
    const shown = labelsOf(svg).map(({ text }) => text).join(" ");
    ok(shown.includes("and so on and so on") && shown.includes("\\u0007end"), shown);
    for (const bad of ["", " \n"]) {
      throws(() => chart(played(), { title: bad }), /Cannot make a figure without a title/);
    }
    throws(() => chart(played(), { title, from: 9, to: 3 }), /Cannot show ticks 9 to 3: from must not/);
    throws(() => chart(played(), { title, from: 1.5 }), /Cannot use from: 1.5/);
  });
}

Deno.test("the same run makes the same bytes, at every call and in every process", async () => {
  const hashes: Record<string, string> = {};
  for (const [name, chart] of Object.entries(CHARTS)) {
    const figure = chart(crashing(3, 1), { title });
    const svg = await figure.svg();
    strictEqual(await figure.svg(), svg, name);
    strictEqual(await chart(crashing(3, 1), { title }).svg(), svg, name);
    hashes[name] = createHash("sha256").update(svg).digest("hex").slice(0, 12);
  }
  deepStrictEqual(hashes, {
    logTable: "1b0b2e0f0b3d",
    roleLanes: "9b359212b575",
    spaceTime: "b903ea188685",
    termStaircase: "e4cfccb5ff99",
    timeline: "83c7c166fc61",
  });
});

Deno.test("role lanes have a bar for each role in each term, with letter and term, and shades where messages are lost", async () => {
  const svg = await roleLanes(played(), { title }).svg();
  strictEqual(marks(svg, "roles", "rect"), 3 + 2 + 2);
  strictEqual(marks(svg, "new term", "line"), 1);
  const labels = labelsOf(svg).map(({ text }) => text);
  for (const label of ["F0", "C1", "L1", "F1", "term 1"]) ok(labels.includes(label), label);
  strictEqual(marks(svg, "messages lost", "rect"), 0);
  const { trace, cluster } = begin(3, 1);
  cluster.run(13);
  cluster.network.intercept(({ from }) => (from === 1 ? "drop" : "carry"));
  cluster.run(9);
  const lossy = roleLanes(trace, { title });
  match(lossy.alt, /Messages to and from every node are lost from tick 15 to 21\.$/);
  strictEqual(marks(await lossy.svg(), "messages lost", "rect"), 3);
  ok(labelsOf(await lossy.svg()).some(({ text }) => text === "lost: 2, 3"));
  const stopped = await roleLanes(crashing(3, 1), { title }).svg();
  strictEqual(marks(stopped, "stopped", "rect"), 2);
  match(stopped, /<g(?=[^>]* aria-description="stopped")[^>]* stroke-dasharray="4,2"/);
});

Deno.test("what is said of role lanes has the numbers of the run", () => {
  strictEqual(
    roleLanes(played(), { title }).alt,
    "The roles of 3 nodes, tick 1 to 20. Node 1 leads term 1 from tick 13 to 20.",
  );
  strictEqual(
    roleLanes(crashing(3, 1), { title }).alt,
    "The roles of 3 nodes, tick 1 to 84. Node 1 leads term 1 from tick 13 to 42; node 3 leads term 2 from tick 59 to 84. " +
      "Node 2 is stopped from tick 14 to 27; node 1 is stopped from tick 43 to 72.",
  );
  match(roleLanes(divided(3, 1), { title }).alt, /84\. From tick 14 to 59 node 1 is cut off from nodes 2 and 3\.$/);
  match(
    roleLanes(long(3, 1, 1000), { title }).alt,
    /There are \d+ leaderships: the longest is that node \d leads term/,
  );
  match(roleLanes(long(3, 1, 1000), { title }).caption, /each step of the drawing stands for \d+ ticks/);
  match(
    roleLanes(played(), { title, from: 14, to: 15 }).alt,
    /tick 14 to 15\. Node 1 leads term 1 from tick 14 to 15\.$/,
  );
});

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
  const height = (nodes: number) =>
    timeline(quiet(nodes, 1), { title }).svg().then((text) => Number(/height="(\d+)"/.exec(text)?.[1]));
  ok(await height(9) - await height(8) >= 60);
});

Deno.test("a term staircase has a line a node, and says who ends in which term", async () => {
  const { trace, cluster } = begin(5, 1);
  cluster.network.partition([5], [1, 2, 3, 4]);
  cluster.run(120);
  const figure = termStaircase(trace, { title });
  for (const node of cluster.ids) match(await figure.svg(), new RegExp(`aria-description="node ${node}"`));
  const term = trace.at(120)[4].term;
  ok(term > 3);
  match(figure.alt, new RegExp(`In the end node 5 is in term ${term}; nodes 1 to 4 are in term 1\\.`));
  ok(labelsOf(await figure.svg()).some(({ text }) => text === `term ${term}: node 5`));
});

Deno.test("a space-time diagram has an arrow a message, and lost ones are dashed and end in × half a lane away", async () => {
  const figure = spaceTime(played(), { title, from: 10, to: 13 });
  const svg = await figure.svg();
  strictEqual(svg.match(/aria-label="arrow"/g)?.length, 4);
  match(figure.alt, /2 RequestVote, 2 RequestVoteResponse/);
  for (const label of ["RequestVote", "RequestVoteResponse"]) {
    ok(labelsOf(svg).some(({ text }) => text === label), label);
  }

  const round = begin(3, 1);
  round.cluster.run(20);
  const texts = labelsOf(await spaceTime(round.trace, { title, from: 14, to: 18 }).svg()).map(({ text }) => text);
  strictEqual(texts.filter((text) => text === "Append, Heartbeat").length, 2);
  ok(!texts.includes("Append"), "messages that go the same way share a label");

  const { trace, cluster } = begin(3, 1);
  cluster.network.cut(1, 3);
  cluster.run(12);
  const cut = spaceTime(trace, { title });
  const svgOfCut = await cut.svg();
  const lane = (node: number) => {
    const name = labelsOf(svgOfCut).find(({ text }) => text === `node ${node}`);
    return name === undefined ? NaN : (name.y1 + name.y2) / 2;
  };
  const [, heading] = /<g transform="translate\(0,(\d+)\)"/.exec(svgOfCut) ?? [];
  const [, group = ""] = /aria-description="lost"[^>]*>(.*?)<\/g>/.exec(svgOfCut) ?? [];
  const crosses = [...group.matchAll(/translate\([\d.]+,([\d.]+)\)/g)].map(([, y]) => Number(y) + Number(heading));
  strictEqual(crosses.length, 1);
  ok(Math.abs(crosses[0] - (lane(1) + lane(2)) / 2) < 3, `${crosses} between ${lane(1)} and ${lane(2)}`);
  match(await cut.svg(), /<g(?=[^>]* aria-label="link")[^>]* stroke-dasharray="4,3"/);
  match(cut.alt, /lost 1/);
});

Deno.test("a space-time diagram shows 60 messages at most, leaves out heartbeats first, and says so", async () => {
  const { trace, cluster } = begin(3, 1);
  cluster.run(80);
  const figure = spaceTime(trace, { title });
  const heartbeats = trace.of("message").filter(({ event, type }) => event === "sent" && type.startsWith("Heartbeat"));
  match(figure.caption, new RegExp(`left out are ${heartbeats.length} heartbeats and answers to them\\.`));
  ok(!labelsOf(await figure.svg()).some(({ text }) => text.startsWith("Heartbeat")));
  const busy = spaceTime(quiet(5, 1, 40), { title });
  match(
    busy.caption,
    /60 are shown; left out are \d+ heartbeats and answers to them, and \d+ messages sent from tick \d+ on/,
  );
  ok(((await busy.svg()).match(/aria-label="(?:arrow|link)"/g)?.length ?? 0) <= 60);
});

Deno.test("a log table has a cell an entry, pale and dashed until it is committed, and the leader's indices", async () => {
  const figure = logTable(played(), { title, tick: 17 });
  const svg = await figure.svg();
  deepStrictEqual([marks(svg, "committed", "rect"), marks(svg, "open", "rect")], [3, 3]);
  match(svg, /<g(?=[^>]* aria-description="open")[^>]* stroke-dasharray="3,2"/);
  const labels = labelsOf(svg).map(({ text }) => text);
  strictEqual(labels.filter((text) => text === "x = 1").length, 3);
  deepStrictEqual(["●", "▼"].map((sign) => labels.filter((text) => text === sign).length), [1 + 3, 1 + 3]);
  strictEqual(
    figure.alt,
    "The logs of 3 nodes at the end of tick 17. Node 1: leader of term 1, indices 1 to 2 of term 1, committed up to 1; " +
      "nodes 2 and 3: follower in term 1, indices 1 to 2 of term 1, committed up to 1. " +
      "The leader's indices are match 2 and next 3 for node 1; match 1 and next 3 for nodes 2 and 3.",
  );
  throws(
    () => logTable(played(), { title, tick: 99 }),
    /Cannot show the logs at tick 99: the last tick of the trace is 20/,
  );
  throws(() => logTable(played(), { title, tick: -1 }), /Cannot use tick: -1/);
});

Deno.test("a log table shows what was overwritten as long as it is there, and what a snapshot holds", async () => {
  const trace = divided(3, 1);
  match(
    logTable(trace, { title, tick: 40 }).alt,
    /Node 1: leader of term 1, indices 1 to 3 of term 1, nothing committed/,
  );
  match(
    logTable(trace, { title }).alt,
    /Nodes 1 and 3: follower in term 2, indices 1 to 2 of term 2, committed up to 2;/,
  );
  const snapshot = logTable(crashing(3, 1), { title });
  match(snapshot.alt, /Node 1: follower in term 2, a snapshot up to index 6, index 7 of term 1, index 8 of term 2/);
  strictEqual(marks(await snapshot.svg(), "snapshot", "rect"), 6 + 7);
});

Deno.test("Plot and its document are loaded by the first picture, and by nothing else", () => {
  const folder = fileURLToPath(new URL("./", import.meta.url));
  const modules = readdirSync(folder).filter((file) => !/_(test|cases)\.ts$/.test(file));
  const loading = modules.flatMap((file) => {
    const lines = readFileSync(`${folder}${file}`, "utf8").split("\n");
    return lines.filter((line) => /"(@observablehq|linkedom)/.test(line) && !line.startsWith("import type "))
      .map((line) => `${file}: ${line.trim()}`);
  });
  strictEqual(loading.length, 1, loading.join("\n"));
  match(loading[0], /^svg\.ts: const .* = await Promise\.all\(\[import\("[^"]*"\), import\("[^"]*"\)\]\);$/);
});
