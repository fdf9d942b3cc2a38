import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DOMParser } from "linkedom";
import { basic, minorityPartition, play, scenarios } from "../scenario/mod.ts";
import { Cluster } from "../cluster.ts";
import { deno } from "../cli/main_cases.ts";
import { conditionOf, type Scene } from "../trace/fold.ts";
import { Trace } from "../trace/trace.ts";
import { dataOf } from "./data.ts";
import { embed, PLAYER_CLASS } from "./embed.ts";
import { captionOf, headlineOf, type MarkKind, momentsOf, stripOf } from "./moments.ts";
import { CARD, decode, type Frame, layoutOf, WIDTH } from "./page_script.js";
import { player } from "./player.ts";

const ODD = `</script><img src=x onerror=alert(1)> & "PAGE" <!-- \\`;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCRIPT = readFileSync(join(ROOT, "lib/player/page_script.js"), "utf8");

const documentOf = (page: string) => new DOMParser().parseFromString(page, "text/html");

/** Five nodes: an election, a write, two leaders in two terms, and the network heals. */
const PARTITION = play(minorityPartition).trace;
const RUNS = [...scenarios.map((scenario) => play(scenario).trace), slow()];

/** Messages that take three ticks; a link that is held, one that is cut one way; a log that is not empty; odd texts; a snapshot. */
function slow(): Trace {
  const trace = new Trace();
  const logs = [[1, 1], [1], []];
  const cluster = new Cluster({ nodes: 3, seed: 2, latency: 3, electionTick: 20, logs, observer: trace.record });
  cluster.campaign(1);
  cluster.run(10);
  cluster.network.hold(1, 3);
  cluster.propose({ kind: "Put", key: "</script><b>", value: '<!-- \u2028 \u001b[31m " \\ ${x} `' });
  cluster.run(4);
  cluster.network.cut(2, 1);
  cluster.run(8);
  cluster.network.heal();
  cluster.run(12);
  cluster.stop(3);
  cluster.propose({ kind: "Delete", key: "x" });
  cluster.run(8);
  cluster.leader()?.compact(0);
  cluster.restart(3);
  cluster.run(12);
  return trace;
}

/** What the page's own script makes of what it is told of `trace`, as JSON. */
function framesOf(trace: Trace, first = 0): Frame[] {
  const data = dataOf("t", momentsOf(trace.scenes()).slice(first));
  return decode(JSON.parse(JSON.stringify(data)));
}

Deno.test("the page's script has no wrong types, and one would be found", async () => {
  // Alone, since in a browser's program there are other types than in this one.
  const file = join(ROOT, ".jupyter", "player_page.js");
  mkdirSync(dirname(file), { recursive: true });
  for (const [script, says] of [[SCRIPT, /^$/], [SCRIPT.replace("frame.tick", "frame.tock"), /'tock'/]] as const) {
    const text = script.replaceAll("./data.ts", "../lib/player/data.ts");
    writeFileSync(file, `// @ts-check\n/// <reference lib="dom" />\n${text}`);
    const { status, stderr } = await deno("check", file);
    match(status === 0 ? "" : stderr, says);
  }
  rmSync(file);
});

/** What a frame is to hold. */
function sceneAsTold({ tick, state }: Scene) {
  const nodes = [...state.nodes.values()].map((node) => {
    const { node: id, clockPaused, term, vote, firstIndex: first, lastIndex: last, commit, applied } = node;
    const told = { id, condition: conditionOf(node), clockPaused, term, vote, first, last, commit, applied };
    return { ...told, log: node.log.terms() };
  });
  const broken = [...state.links].filter(([, link]) => link.state !== "open");
  return { tick, nodes, links: Object.fromEntries(broken.map(([way, link]) => [way, link.state])) };
}

Deno.test("the page decodes every tick as the trace tells it, from the first or a later one", () => {
  for (const trace of RUNS) {
    for (const from of [0, 9]) {
      const told = framesOf(trace, from).map(({ tick, nodes, links }) => ({
        tick,
        nodes: nodes.map(({ badge: _, log, first, ...node }) => ({
          ...node,
          first,
          log: log.slice(first).map(([term]) => term),
        })),
        links,
      }));
      deepStrictEqual(told, trace.scenes().slice(from).map(sceneAsTold));
    }
  }
});

Deno.test("every message that arrives or is lost is seen to, once", () => {
  const fates = { "on-its-way": "sent", delivered: "delivered", lost: "dropped" };
  for (const trace of RUNS) {
    const seen = framesOf(trace).flatMap(({ messages }) => messages.map((it) => ({ ...it, event: fates[it.fate] })));
    const [shown, told] = [seen, trace.of("message")].map((messages) =>
      messages.flatMap(({ event, from, to }) => event === "sent" ? [] : [`${event} ${from} ${to}`]).sort()
    );
    deepStrictEqual(shown, told);
  }
});

Deno.test("a message of three ticks is seen a third of the way further each time, also if it was on its way before", () => {
  const asked = framesOf(slow(), 2).slice(0, 2).map(({ messages }) =>
    messages.find(({ label, to }) => label === "RequestVote" && to === 2)
  );
  deepStrictEqual(asked.map((it) => `${it?.fate} ${it?.part.toFixed(2)}`), ["on-its-way 0.67", "delivered 1.00"]);
});

Deno.test("messages say what they are about and carry, and whether they refuse; entries are short; a stopped node has no letter", () => {
  const frames = RUNS.flatMap((trace) => framesOf(trace));
  const seen = new Set(frames.flatMap(({ messages, nodes }) => [
    ...messages.map(({ label, topic }) => `${topic}: ${label}`),
    ...nodes.flatMap(({ badge, log }) => [badge, ...log.map(([, command]) => command)]),
  ]));
  const labels = ["vote: RequestVote", "append: Append +1", "append: AppendResponse (no)", "snapshot: Snapshot"];
  for (const text of [...labels, "F0", "C1", "L1", "stopped", "x=a", "(empty)", "Delete x"]) ok(seen.has(text), text);
});

Deno.test("a part goes on until the next one, and one that began before the first frame is told", () => {
  const parts = framesOf(PARTITION).map(({ part }) => part);
  const starts = parts.flatMap((part, i) => part === parts[i - 1] ? [] : [`${i}: ${part.slice(0, 10)}`]);
  deepStrictEqual(starts, ["0: All is wel", "18: The networ", "43: The larger", "58: The networ"]);
  deepStrictEqual(framesOf(PARTITION, 30).map(({ part }) => part), parts.slice(30));
});

Deno.test("66 ticks on five nodes are a page of less than 50 KB, and the same page and strip by each call", async () => {
  const [one, other] = [1, 2].map(() => player(play(minorityPartition).trace, { title: "t" }));
  ok(one.page().length < 50_000, `${one.page().length}`);
  deepStrictEqual([one.page(), await one.svg()], [other.page(), await other.svg()]);
});

Deno.test("nothing in a title or a command is taken for markup, the page reaches for nothing, and its buttons have names", () => {
  const page = player(slow(), { title: ODD }).page();
  const document = documentOf(page);
  strictEqual(document.querySelectorAll("script, img, link, iframe, b").length, 2);
  strictEqual(document.querySelector("h1")?.textContent, ODD);
  strictEqual(JSON.parse(document.querySelector("#data")?.textContent ?? "").title, ODD);
  doesNotMatch(page.replaceAll("http://www.w3.org/2000/svg", ""), /https?:/);
  match(page, /Content-Security-Policy" content="default-src 'none';/);
  doesNotMatch(SCRIPT, /<\/|<!--|<script|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
  const names = [...document.querySelectorAll("button")].map(({ textContent }) => textContent);
  deepStrictEqual(names, ["To the start", "Step back", "Play", "Step forward", "To the end"]);
  strictEqual(document.querySelectorAll("input[aria-label=Tick], #news[aria-live=polite]").length, 2);
});

Deno.test("a caption is the story of a tick, in sentences; where it tells nothing it says which messages end, and which logs grow", () => {
  const captions = momentsOf(PARTITION.scenes()).map(captionOf);
  strictEqual(captions[0], "The election timeouts of nodes 1 to 5 are 11, 19, 16, 10 and 15 ticks.");
  strictEqual(captions[1], "No message arrives.");
  match(captions[10], /^Node 4 times out after 10 ticks: it campaigns in term 1 \(no leader was heard /);
  strictEqual(captions[13], "4 appends arrive; the logs of nodes 1, 2, 3 and 5 grow to index 1.");
  match(captions[18], / Nodes 1 and 4 are cut off from nodes 2, 3 and 5\. Node 4 is asked to Put/);
  strictEqual(captions[20], "1 answer to an append and 1 append arrive; 3 heartbeats are lost.");
});

Deno.test("faults, elections and leaders are marked; the strip begins, ends, and holds the first of each between", () => {
  const moments = momentsOf(PARTITION.scenes());
  const marked = (kind: MarkKind) => moments.filter(({ marks }) => marks.includes(kind)).map(({ tick }) => tick);
  deepStrictEqual([marked("fault"), marked("candidate"), marked("leader")], [[18, 58], [10, 31, 41], [12, 43]]);
  deepStrictEqual(stripOf(moments).map(({ tick }) => tick), [0, 10, 12, 17, 18, 43, 58, 66]);
  match(headlineOf(moments[18]), /^Nodes 1 and 4 are cut off from nodes 2, 3 and 5\.$/);
});

Deno.test("the strip is a document of its own: each picture has its tick and every node", async () => {
  for (const nodes of [1, 3, 9]) {
    const film = player(play(basic, { nodes }).trace, { title: ODD });
    const document = new DOMParser().parseFromString(await film.svg(), "text/xml");
    const texts = [...document.querySelectorAll("text")].map(({ textContent }) => textContent ?? "");
    const pictures = texts.filter((text) => /^tick \d+$/.test(text));
    ok(pictures.length >= 3 && pictures.length <= 8, `${pictures}`);
    strictEqual(document.querySelectorAll("circle").length, pictures.length * nodes);
    strictEqual(texts.filter((text) => /^[FCL]\d+$|^off$/.test(text)).length, pictures.length * nodes);
    for (const tick of pictures) ok(film.alt.includes(`T${tick.slice(1)}: `), `${tick} is not in the text alternative`);
  }
});

Deno.test("in a notebook the figure comes first, and the script holds title and page, whatever is in them", () => {
  const page = player(slow(), { title: ODD }).page();
  const document = documentOf(`<body>${embed(ODD, "<figure>the strip</figure>", page)}</body>`);
  strictEqual(document.querySelector(`.${PLAYER_CLASS} > figure`)?.textContent, "the strip");
  const [script, ...more] = [...document.querySelectorAll("script")].map(({ textContent }) => textContent ?? "");
  deepStrictEqual(more, []);
  const held = ["title", "srcdoc"].map((name) => JSON.parse(RegExp(`frame\\.${name} = (.*);`).exec(script)?.[1] ?? ""));
  deepStrictEqual(held, [`Player: ${ODD}`, page]);
});

Deno.test("no two nodes touch each other, and all are within the page", () => {
  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const { height, at } = layoutOf(Array.from({ length: count }, (_, i) => i + 1));
    const cards = [...at.values()];
    const wrong = cards.filter(({ x, y }, i) =>
      Math.min(x, WIDTH - x) < CARD.width / 2 || Math.min(y, height - y) < CARD.height / 2 ||
      cards.slice(i + 1).some((b) => Math.abs(x - b.x) <= CARD.width + 40 && Math.abs(y - b.y) <= CARD.height + 30)
    );
    deepStrictEqual(wrong, [], `${count} nodes`);
  }
});

Deno.test("what cannot be played is refused, and the error says why", () => {
  throws(() => player(new Trace(), { title: "t" }), /^RangeError: Cannot play ticks 0 to the end: .* run the cluster/);
  throws(() => player(slow(), { title: "t", from: 99 }), /^RangeError: Cannot play ticks 99 to the end/);
});
