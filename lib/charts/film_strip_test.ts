import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { DOMParser } from "linkedom";
import { basic, minorityPartition, play } from "../scenario/mod.ts";
import { quiet } from "../trace/quiet.ts";
import { filmStrip, headlineOf, type MarkKind, momentsOf, stripOf } from "./film_strip.ts";

const ODD = `</script><img src=x onerror=alert(1)> & "PAGE" <!-- \\`;

/** Five nodes: an election, a write, two leaders in two terms, and the network heals. */
const PARTITION = play(minorityPartition).trace;

Deno.test("faults, elections and leaders are marked; the strip begins, ends, and holds the first of each between", () => {
  const moments = momentsOf(PARTITION.scenes());
  const marked = (kind: MarkKind) => moments.filter(({ marks }) => marks.includes(kind)).map(({ tick }) => tick);
  deepStrictEqual([marked("fault"), marked("candidate"), marked("leader")], [[18, 58], [10, 31, 41], [12, 43]]);
  deepStrictEqual(stripOf(moments).map(({ tick }) => tick), [0, 10, 12, 17, 18, 43, 58, 66]);
  match(headlineOf(moments[18]), /^Nodes 1 and 4 are cut off from nodes 2, 3 and 5\.$/);
  strictEqual(quiet(moments[20]), "1 answer to an append and 1 append arrive; 3 heartbeats are lost");
});

Deno.test("the strip is a document of its own: each picture has its tick and every node", async () => {
  for (const nodes of [1, 3, 9]) {
    const film = filmStrip(ODD, play(basic, { nodes }).trace.scenes());
    const document = new DOMParser().parseFromString(await film.svg(), "text/xml");
    const texts = [...document.querySelectorAll("text")].map(({ textContent }) => textContent ?? "");
    const pictures = texts.filter((text) => /^tick \d+$/.test(text));
    ok(pictures.length >= 3 && pictures.length <= 8, `${pictures}`);
    strictEqual(document.querySelectorAll("circle").length, pictures.length * nodes);
    strictEqual(texts.filter((text) => /^[FCL]\d+$|^off$/.test(text)).length, pictures.length * nodes);
    for (const tick of pictures) ok(film.alt.includes(`T${tick.slice(1)}: `), `${tick} is not in the text alternative`);
  }
});
