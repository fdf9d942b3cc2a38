import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { DOMParser } from "linkedom";
import { basic, minorityPartition, play } from "../scenario/mod.ts";
import { embed, PLAYER_CLASS } from "./embed.ts";
import { captionOf, headlineOf, type MarkKind, momentsOf, stripOf } from "./moments.ts";
import { player, sandbox } from "./player.ts";

const ODD = `</script><img src=x onerror=alert(1)> & "PAGE" <!-- \\`;

const documentOf = (page: string) => new DOMParser().parseFromString(page, "text/html");

/** Five nodes: an election, a write, two leaders in two terms, and the network heals. */
const PARTITION = play(minorityPartition).trace;

Deno.test("a caption is the story of a tick, in sentences; where nothing happens it says which messages end", () => {
  const captions = momentsOf(PARTITION.scenes()).map(captionOf);
  strictEqual(captions[0], "No message arrives.");
  strictEqual(captions[10], "Node 4 hears from no leader: it campaigns in term 1, with its own vote.");
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
