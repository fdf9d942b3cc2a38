import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { DOMParser } from "linkedom";
import { Trace } from "../trace/trace.ts";
import { embed, PLAYER_CLASS } from "./embed.ts";
import { player } from "./player.ts";
import { compacted, eventful, slow } from "./player_cases.ts";
import { dataIn, decoded } from "./script_cases.ts";

const ODD = `</script><img src=x onerror=alert(1)> & "PAGE" <!-- \\`;

Deno.test("200 ticks on five nodes, with proposals and a partition, are a page of less than 300 KB", async () => {
  const film = player(eventful(5, 200), { title: "t" });
  const size = new TextEncoder().encode(film.page()).length;
  ok(size < 150_000, `${size}`);
  const html = embed(film.title, await film.svg(), film.page());
  ok(JSON.stringify(html).length < 300_000);
});

Deno.test("the same run is the same page and the same strip, to the byte", async () => {
  const [one, other] = [1, 2].map(() => player(eventful(3, 60), { title: "t" }));
  strictEqual(one.page(), other.page());
  strictEqual(one.page(), one.page());
  strictEqual(await one.svg(), await other.svg());
});

Deno.test("the page holds the data of the ticks that were asked for, whatever is in them", () => {
  const trace = slow();
  const page = player(trace, { title: ODD, from: 5, to: 20 }).page();
  const frames = decoded(dataIn(page));
  deepStrictEqual([frames.length, frames[0].tick, frames.at(-1)?.tick], [16, 5, 20]);
  strictEqual(dataIn(page).title, ODD);
  ok(frames.at(-1)?.nodes[0].log.some((entry) => entry?.command.startsWith("</script><b> = <!-- \\u2028")));
});

Deno.test("nothing in a title or a command is taken for markup, and the page fetches nothing", () => {
  const page = player(slow(), { title: ODD }).page();
  const document = new DOMParser().parseFromString(page, "text/html");
  strictEqual(document.querySelectorAll("script").length, 2);
  strictEqual(document.querySelectorAll("img, link, iframe, b").length, 0);
  strictEqual(document.querySelector("h1")?.textContent, ODD);
  doesNotMatch(page.replace(/http:\/\/www\.w3\.org\/2000\/svg/g, ""), /https?:/);
  match(page, /Content-Security-Policy" content="default-src 'none';/);
});

Deno.test("every button has a name, the time line too, and what happens is told to screen readers", () => {
  const document = new DOMParser().parseFromString(player(slow(), { title: "t" }).page(), "text/html");
  const names = [...document.querySelectorAll("button")].map((button) =>
    button.getAttribute("aria-label") ?? button.textContent
  );
  deepStrictEqual(names, ["To the start", "Step back", "Play", "Step forward", "To the end"]);
  strictEqual(document.querySelector("input")?.getAttribute("aria-label"), "Tick");
  strictEqual(document.querySelector("#news")?.getAttribute("aria-live"), "polite");
  strictEqual(document.querySelector("html")?.getAttribute("lang"), "en");
});

Deno.test("the strip is a document of its own with 6 to 8 pictures, each with its tick and every node", async () => {
  for (const nodes of [3, 5, 9]) {
    const film = player(eventful(nodes, 120), { title: ODD });
    const svg = await film.svg();
    const document = new DOMParser().parseFromString(svg, "text/xml");
    const texts = [...document.querySelectorAll("text")].map(({ textContent }) => textContent ?? "");
    const pictures = texts.filter((text) => /^tick \d+$/.test(text));
    ok(pictures.length >= 6 && pictures.length <= 8, `${pictures}`);
    strictEqual(document.querySelectorAll("circle").length, pictures.length * nodes);
    strictEqual(texts.filter((text) => /^[FCL]\d+$|^off$/.test(text)).length, pictures.length * nodes);
    strictEqual(texts.filter((text) => /^c \d+$/.test(text)).length, pictures.length * nodes);
    for (const tick of pictures) ok(film.alt.includes(`T${tick.slice(1)}: `), `${tick} is not in the text alternative`);
  }
});

Deno.test("a stopped node is dashed and off, a link that is cut is dotted", async () => {
  const stopped = await player(compacted(), { title: "t" }).svg();
  match(stopped, /<circle [^>]*fill="#8c8c8c"[^>]*stroke-dasharray[^>]*>\s*<text[^>]*>off</);
  match(await player(eventful(5, 100), { title: "t" }).svg(), /stroke="#b00040" stroke-dasharray/);
});

Deno.test("in a notebook the figure comes first, and the script holds title and page, whatever is in them", () => {
  const page = player(slow(), { title: ODD }).page();
  const html = embed(ODD, "<figure>the strip</figure>", page);
  const document = new DOMParser().parseFromString(`<body>${html}</body>`, "text/html");
  strictEqual(document.querySelector(`.${PLAYER_CLASS} > figure`)?.textContent, "the strip");
  const scripts = [...document.querySelectorAll("script")].map(({ textContent }) => textContent ?? "");
  strictEqual(scripts.length, 1);
  const [, name, title, held] = /const \[name, title, page\] = \[("[^"]*"), ("(?:[^"\\]|\\.)*"), ("(?:[^"\\]|\\.)*")\];/
    .exec(scripts[0]) ?? [];
  deepStrictEqual([JSON.parse(title), JSON.parse(held)], [`Player: ${ODD}`, page]);
  match(html, new RegExp(`class="${PLAYER_CLASS} ${JSON.parse(name)}"`));
});

Deno.test("what cannot be played is refused, and the error says why", () => {
  const trace = eventful(3, 10);
  throws(() => player(new Trace(), { title: "t" }), /^RangeError: Cannot play ticks 0 to the end: .* run the cluster/);
  throws(() => player(trace, { title: "t", from: 11 }), /^RangeError: Cannot play ticks 11 to the end/);
  throws(() => player(trace, { title: " " }), /^RangeError: .*title/);
  throws(() => player(trace, { title: "t", from: 5, to: 4 }), /^RangeError: .*from must not be greater/);
  throws(() => player(trace, { title: "t", to: 1.5 }), /^RangeError: Cannot use to: 1\.5/);
});
