import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { embed } from "../player/embed.ts";
import type { Seen } from "./browser.ts";
import { GOOD, goodBut, notebookOf } from "./notebook_cases.ts";
import { imageProblems, keptImages, runProblems } from "./seen.ts";

const html = (text: string) => ({ output_type: "display_data", data: { "text/html": text }, metadata: {} });
const NOTEBOOK = notebookOf(
  goodBut(4, { code: "1;", count: 2, outputs: [html('<img alt="a &lt; &quot;b&quot;" src="x">')] }),
);

const STRIP = '<figure><img alt="strip" src="y"></figure>';
const PLAYED = notebookOf(goodBut(4, { code: "1;", count: 2, outputs: [html(embed("t", STRIP, "<img>"))] }));

/** What is seen of `PLAYED`, its player with these images and frames. */
function played(strip: readonly string[], frames: string[]): Seen {
  const pictures = strip.map((alt) => ({ alt, width: 9, height: 9, shown: 9 }));
  const { cells, ...rest } = seen({});
  return {
    ...rest,
    cells: cells.map((cell, i) => ({ ...cell, images: [], players: i === 1 ? [{ strip: pictures, frames }] : [] })),
  };
}

/** What is seen of `NOTEBOOK`, its image as `image` says. */
function seen(image: Partial<Seen["cells"][number]["images"][number]>): Seen {
  const images = [[], [{ alt: 'a < "b"', width: 9, height: 9, shown: 9, ...image }], [], []];
  const cells = images.map((images, i) => ({
    prompt: `[${i + 1}]:`,
    text: `text ${i}`,
    errors: 0,
    images,
    players: [],
  }));
  return { light: true, idle: true, cells };
}

Deno.test("the text alternatives that are kept are read as a browser reads them", () => {
  deepStrictEqual(keptImages(NOTEBOOK).map(({ figures }) => figures), [[], ['a < "b"'], [], []]);
  deepStrictEqual(keptImages(notebookOf(GOOD)).flatMap(({ figures }) => figures), []);
  deepStrictEqual(keptImages(PLAYED)[1], { figures: [], strips: ["strip"] });
});

Deno.test("an image that is not there, not loaded, or not displayed is named with its cell", () => {
  deepStrictEqual(imageProblems(NOTEBOOK, seen({}), "dark", "strip"), []);
  for (const image of [{ width: 0 }, { height: 0 }, { shown: 0 }, { alt: "" }]) {
    const [{ cell, rule }, ...more] = imageProblems(NOTEBOOK, seen(image), "dark", "strip");
    deepStrictEqual([cell, rule, more], [4, "dark", []]);
  }
});

Deno.test("a player is a strip as long as nobody trusts the notebook, and a frame with a title after a run", () => {
  const says = (seen: Seen, as: "strip" | "frame") => imageProblems(PLAYED, seen, "r", as).map(({ detail }) => detail);
  deepStrictEqual(says(played(["strip"], []), "strip"), []);
  deepStrictEqual(says(played([], ["Player: t"]), "frame"), []);
  match(says(played([], []), "strip").join(), /0 images .* of 1/);
  match(says(played(["strip"], []), "frame").join(), /1 images .* of 0/);
  match(says(played([], []), "frame").join(), /0 players can be played, of 1/);
  match(says(played([], [""]), "frame").join(), /no title/);
});

Deno.test("a notebook that is displayed in part only is named", () => {
  const [{ cell, detail }] = imageProblems(NOTEBOOK, { ...seen({}), cells: [] }, "dark", "strip");
  deepStrictEqual([cell, detail], [null, "0 cells of code are displayed, of 4"]);
});

Deno.test("a cell that did not run, shows an error, or shows something else is named", () => {
  const kept = seen({});
  deepStrictEqual(runProblems(NOTEBOOK, kept, kept, "run"), []);
  for (
    const [change, says] of [[{ prompt: "[ ]:" }, /run/], [{ errors: 1 }, /error/], [{ text: "else" }, /else/]] as const
  ) {
    const came = { ...kept, cells: kept.cells.map((cell, i) => i === 1 ? { ...cell, ...change } : cell) };
    const [{ cell, detail }, ...more] = runProblems(NOTEBOOK, kept, came, "run");
    deepStrictEqual([cell, more], [4, []]);
    match(detail, says);
  }
  strictEqual(runProblems(NOTEBOOK, kept, { ...kept, cells: [] }, "run").length, 4);
});

Deno.test("of a text that is another one, the part is told where it differs", () => {
  const says = (text: string) => {
    const cells = seen({}).cells.map((cell) => ({ ...cell, text }));
    return runProblems(NOTEBOOK, seen({}), { ...seen({}), cells }, "run")[0].detail;
  };
  match(says("text one"), /: "one" in place of "0"$/);
  match(says("text"), /: "" in place of " 0"$/);
});
