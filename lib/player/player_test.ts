import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DOMParser } from "linkedom";
import { Trace } from "../trace/trace.ts";
import { embed, PLAYER_CLASS } from "./embed.ts";
import { captionOf, headlineOf, type MarkKind, momentsOf, stripOf } from "./moments.ts";
import { layoutOf } from "./page_script.js";
import { player } from "./player.ts";
import { compacted, eventful, slow } from "./player_cases.ts";

const ODD = `</script><img src=x onerror=alert(1)> & "PAGE" <!-- \\`;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCRIPT = readFileSync(join(ROOT, "lib/player/page_script.js"), "utf8");

const documentOf = (page: string) => new DOMParser().parseFromString(page, "text/html");

/** What `deno check` says of the page's script: alone, since in a browser's program there are other types than in this one. */
function problemsOf(script: string): string {
  mkdirSync(join(ROOT, ".jupyter"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".jupyter", "player-"));
  try {
    const file = join(folder, "page.js");
    const text = script.replaceAll("./data.ts", "../../lib/player/data.ts");
    writeFileSync(file, `// @ts-check\n/// <reference lib="dom" />\n${text}`);
    const options = { args: ["check", file], cwd: ROOT, env: { NO_COLOR: "1" } };
    const { code, stderr } = new Deno.Command(Deno.execPath(), options).outputSync();
    return code === 0 ? "" : new TextDecoder().decode(stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

Deno.test("the page's script has no wrong types, and one would be found", () => {
  strictEqual(problemsOf(SCRIPT), "");
  match(problemsOf(SCRIPT.replace("frame.tick", "frame.tock")), /'tock'/);
});

Deno.test("200 ticks on five nodes are a page of less than 150 KB, and the same page and strip by each call", async () => {
  const [one, other] = [1, 2].map(() => player(eventful(5, 200), { title: "t" }));
  const size = new TextEncoder().encode(one.page()).length;
  ok(size < 150_000, `${size}`);
  strictEqual(one.page(), other.page());
  strictEqual(await one.svg(), await other.svg());
});

Deno.test("nothing in a title or a command is taken for markup, and the page reaches for nothing", () => {
  const page = player(slow(), { title: ODD }).page();
  const document = documentOf(page);
  strictEqual(document.querySelectorAll("script").length, 2);
  strictEqual(document.querySelectorAll("img, link, iframe, b").length, 0);
  strictEqual(document.querySelector("h1")?.textContent, ODD);
  strictEqual(JSON.parse(document.querySelector("#data")?.textContent ?? "").title, ODD);
  doesNotMatch(page.replaceAll("http://www.w3.org/2000/svg", ""), /https?:/);
  match(page, /Content-Security-Policy" content="default-src 'none';/);
  doesNotMatch(SCRIPT, /<\/|<!--|<script|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
});

Deno.test("every button has a name, the time line too, and what happens is told to screen readers", () => {
  const document = documentOf(player(slow(), { title: "t" }).page());
  const names = [...document.querySelectorAll("button")].map((it) => it.getAttribute("aria-label") ?? it.textContent);
  deepStrictEqual(names, ["To the start", "Step back", "Play", "Step forward", "To the end"]);
  strictEqual(document.querySelector("input")?.getAttribute("aria-label"), "Tick");
  strictEqual(document.querySelector("#news")?.getAttribute("aria-live"), "polite");
});

Deno.test("a caption is the story of a tick, in sentences; where nothing happens it says which messages end", () => {
  const captions = new Map(momentsOf(eventful().scenes()).map((moment) => [moment.tick, captionOf(moment)]));
  match(captions.get(10) ?? "", /^Node 4 hears from no leader: it campaigns in term 1, with its own vote\.$/);
  match(captions.get(21) ?? "", /^Nodes 4 and 5 are cut off from nodes 1, 2 and 3\. /);
  strictEqual(captions.get(1), "No message arrives.");
  const quiet = [...captions.values()].filter((caption) =>
    /^\d+ [^.]* arrives?; \d+ [^.]* (is|are) lost\.$/.test(caption)
  );
  strictEqual(quiet[0], "1 append and 1 answer to an append arrive; 3 heartbeats are lost.");
  const trace = eventful(1, 1);
  trace.record({ kind: "expectation", tick: 1, text: "a leader", holds: false, found: "none" });
  strictEqual(captionOf(momentsOf(trace.scenes())[0]), "Not as expected: a leader (found: none).");
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
  match(
    await player(compacted(), { title: "t" }).svg(),
    /<circle [^>]*fill="#8c8c8c"[^>]*dasharray="\d[^>]*><text[^>]*>off</,
  );
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
  for (const [width, count] of [340, 560, 876].flatMap((width) => [1, 2, 3, 5, 9].map((n) => [width, n]))) {
    const { height, card, at } = layoutOf(Array.from({ length: count }, (_, i) => i + 1), width, 72);
    for (const [id, a] of at) {
      const room = { x: Math.min(a.x, width - a.x), y: Math.min(a.y, height - a.y) };
      ok(room.x >= card.width / 2 && room.y >= card.height / 2, `${count} nodes: node ${id} at ${a.x}, ${a.y}`);
      for (const [other, b] of at) {
        const isApart = Math.abs(a.x - b.x) > card.width + 8 || Math.abs(a.y - b.y) > card.height + 20;
        ok(other === id || isApart, `${count} nodes: ${id} and ${other} touch`);
      }
    }
  }
});

Deno.test("what cannot be played is refused, and the error says why", () => {
  const trace = eventful(3, 10);
  throws(() => player(new Trace(), { title: "t" }), /^RangeError: Cannot play ticks 0 to the end: .* run the cluster/);
  throws(() => player(trace, { title: "t", from: 11 }), /^RangeError: Cannot play ticks 11 to the end/);
});
