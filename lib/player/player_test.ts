import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DOMParser } from "linkedom";
import { deno } from "../cli/main_cases.ts";
import type { Command } from "../command.ts";
import { conditionOf, type Scene } from "../trace/fold.ts";
import { visible } from "../trace/text.ts";
import { Trace } from "../trace/trace.ts";
import { dataOf } from "./data.ts";
import { embed, PLAYER_CLASS } from "./embed.ts";
import { captionOf, headlineOf, type MarkKind, momentsOf, stripOf } from "./moments.ts";
import { CARD, decode, type Frame, layoutOf, WIDTH } from "./page_script.js";
import { player } from "./player.ts";
import { eventful, slow } from "./player_cases.ts";

const ODD = `</script><img src=x onerror=alert(1)> & "PAGE" <!-- \\`;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCRIPT = readFileSync(join(ROOT, "lib/player/page_script.js"), "utf8");

const documentOf = (page: string) => new DOMParser().parseFromString(page, "text/html");
const cellText = (command: Command | null) =>
  command?.kind === "Put" ? visible(`${command.key}=${command.value}`) : "(empty)";

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
    const { node: id, clockPaused, term, vote, firstIndex, lastIndex, commit, applied } = node;
    const log = node.log.entries().map(({ term, command }) => [term, cellText(command)]);
    const indices = { first: firstIndex, last: lastIndex, commit, applied };
    return { id, condition: conditionOf(node), clockPaused, term, vote, ...indices, log };
  });
  const broken = [...state.links].filter(([, link]) => link.state !== "open");
  return { tick, nodes, links: Object.fromEntries(broken.map(([way, link]) => [way, link.state])) };
}

Deno.test("the page decodes every tick as the trace tells it, from the first or a later one", () => {
  for (const trace of [eventful(), eventful(9, 60), eventful(1, 40), slow()]) {
    for (const first of [0, 17]) {
      const told = framesOf(trace, first).map(({ tick, nodes, links }) => ({
        tick,
        nodes: nodes.map(({ badge: _badge, log, ...node }) => ({ ...node, log: log.slice(node.first) })),
        links,
      }));
      deepStrictEqual(told, trace.scenes().slice(first).map(sceneAsTold));
    }
  }
});

Deno.test("every message that arrives or is lost is seen to, once", () => {
  const fates = { "on-its-way": "sent", delivered: "delivered", lost: "dropped" };
  for (const trace of [eventful(5, 80), slow()]) {
    const seen = framesOf(trace).flatMap(({ messages }) => messages.map((it) => ({ ...it, event: fates[it.fate] })));
    const [shown, told] = [seen, trace.of("message")].map((messages) =>
      messages.flatMap(({ event, from, to }) => event === "sent" ? [] : [`${event} ${from} ${to}`]).sort()
    );
    deepStrictEqual(shown, told);
  }
});

Deno.test("a message of three ticks is seen a third of the way further each time, also if it was on its way before", () => {
  const asked = framesOf(slow(), 1).slice(0, 2).map(({ messages }) =>
    messages.find(({ label, to }) => label === "RequestVote" && to === 2)
  );
  deepStrictEqual(asked.map((it) => `${it?.fate} ${it?.part.toFixed(2)}`), ["on-its-way 0.67", "delivered 1.00"]);
});

Deno.test("messages say what they are about and carry, and whether they refuse; a stopped node has no letter", () => {
  const seen = new Set(
    framesOf(eventful()).flatMap(({ messages, nodes }) => [
      ...messages.map(({ label, topic }) => `${topic}: ${label}`),
      ...nodes.map(({ badge }) => badge),
    ]),
  );
  const labels = ["vote: RequestVote", "append: Append +1", "append: AppendResponse (no)", "snapshot: Snapshot"];
  for (const text of [...labels, "F0", "C1", "L1", "stopped"]) ok(seen.has(text), text);
});

Deno.test("a part goes on until the next one, and one that began before the first frame is told", () => {
  const parts = framesOf(eventful()).map(({ part }) => part);
  const starts = parts.flatMap((part, i) => part === parts[i - 1] ? [] : [`${i}: ${part}`]);
  deepStrictEqual(starts, ["0: Everybody is well", "20: Cut off: 4 and 5", "45: Everybody can be reached again"]);
  deepStrictEqual(framesOf(eventful(), 30).map(({ part }) => part), parts.slice(30));
});

Deno.test("200 ticks on five nodes are a page of less than 150 KB, and the same page and strip by each call", async () => {
  const [one, other] = [1, 2].map(() => player(eventful(5, 200), { title: "t" }));
  ok(one.page().length < 150_000, `${one.page().length}`);
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
  strictEqual(document.querySelector("input")?.getAttribute("aria-label"), "Tick");
  strictEqual(document.querySelector("#news")?.getAttribute("aria-live"), "polite");
});

Deno.test("a caption is the story of a tick, in sentences; where nothing happens it says which messages end", () => {
  const captions = momentsOf(eventful().scenes()).map(captionOf);
  match(captions[9], /^Node 4 hears from no leader: it campaigns in term 1, with its own vote\.$/);
  match(captions[20], /^Nodes 4 and 5 are cut off from nodes 1, 2 and 3\. /);
  strictEqual(captions[0], "No message arrives.");
  const quiet = captions.find((caption) => /^\d+ [^.]* arrives?; \d+ [^.]* (is|are) lost\.$/.test(caption));
  strictEqual(quiet, "1 append and 1 answer to an append arrive; 3 heartbeats are lost.");
});

Deno.test("faults, elections and leaders are marked; the strip begins, ends, and holds the first of each between", () => {
  const moments = momentsOf(eventful().scenes());
  const marked = (kind: MarkKind) => moments.filter(({ marks }) => marks.includes(kind));
  deepStrictEqual(marked("fault").map(({ tick }) => tick), [21, 46, 61, 66, 76, 81]);
  deepStrictEqual([marked("candidate")[0].tick, marked("leader")[0].tick], [10, 12]);
  const strip = stripOf(moments);
  deepStrictEqual([strip.length, strip[0].tick, strip.at(-1)?.tick], [8, 1, 100]);
  for (const pattern of [/campaigns/, /elected leader of term 1/, /cut off/, /elected leader of term 2/, /commits/]) {
    ok(strip.some((moment) => pattern.test(headlineOf(moment))), `${pattern}`);
  }
});

Deno.test("the strip is a document of its own: each picture has its tick and every node", async () => {
  for (const nodes of [1, 3, 9]) {
    const film = player(eventful(nodes, 90), { title: ODD });
    const document = new DOMParser().parseFromString(await film.svg(), "text/xml");
    const texts = [...document.querySelectorAll("text")].map(({ textContent }) => textContent ?? "");
    const pictures = texts.filter((text) => /^tick \d+$/.test(text));
    ok(pictures.length >= 5 && pictures.length <= 8, `${pictures}`);
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
  throws(() => player(eventful(3, 10), { title: "t", from: 11 }), /^RangeError: Cannot play ticks 11 to the end/);
});
