import { deepStrictEqual, match } from "node:assert/strict";
import { embed } from "../player/embed.ts";
import { goodBut, notebookOf, shows } from "./notebook_cases.ts";
import { displayProblems, type Seen, type When } from "./lab_page.ts";

const FIGURE = notebookOf(goodBut(4, shows('<img alt="a &lt; &quot;b&quot;" src="x">')));
const PLAYED = notebookOf(goodBut(4, shows(embed("t", '<figure><img alt="strip" src="y"></figure>', "<img>"))));

/** What is seen of a notebook: its second cell of code shows `cell`, the others nothing. */
function seen(cell: Partial<Seen["cells"][number]>): Seen {
  const cells = [1, 2, 3, 4].map((i) => ({ prompt: `[${i}]:`, errors: [], images: [], frames: [] }));
  return { isIdle: true, cells: cells.map((empty, i) => i === 1 ? { ...empty, ...cell } : empty) };
}

const image = (alt: string, isDisplayed = true) => ({ images: [{ alt, isDisplayed }] });

const problems = (notebook: typeof FIGURE, what: Partial<Seen["cells"][number]>, when: When) =>
  displayProblems(notebook, seen(what), when).map(({ cell, detail }) => `${cell} ${detail}`).join("\n");

Deno.test("an image that is missing, not displayed, or without its text alternative is named with its cell", () => {
  for (const when of ["untrusted", "run all"] as const) {
    deepStrictEqual(problems(FIGURE, image('a < "b"'), when), "");
    match(problems(FIGURE, image('a < "b"', false), when), /^4 this image is not displayed: a < "b"$/);
    match(problems(FIGURE, image(""), when), /^4 1 images with their text alternatives, of 1$/);
    match(problems(FIGURE, {}, when), /^4 0 images with their text alternatives, of 1$/);
  }
});

Deno.test("a player is a strip as long as nobody trusts the notebook, and a frame with a title after a run", () => {
  deepStrictEqual(problems(PLAYED, image("strip"), "untrusted"), "");
  deepStrictEqual(problems(PLAYED, { frames: ["Player: t"] }, "run all"), "");
  match(problems(PLAYED, {}, "untrusted"), /0 images .* of 1/);
  match(problems(PLAYED, image("strip"), "run all"), /1 images .* of 0\n.*0 players can be played, of 1/);
  match(problems(PLAYED, { frames: [""] }, "run all"), /no title/);
});

Deno.test("a cell that did not run or shows an error is named, and so is a notebook that is displayed in part", () => {
  const good = image('a < "b"');
  match(problems(FIGURE, { ...good, prompt: "[ ]:" }, "run all"), /^4 did not run: \[ \]:$/);
  match(problems(FIGURE, { ...good, errors: ["oops"] }, "run all"), /^4 an error is displayed: oops$/);
  const [{ cell, detail }] = displayProblems(FIGURE, { isIdle: true, cells: [] }, "untrusted");
  deepStrictEqual([cell, detail], [null, "0 cells of code are displayed, of 4"]);
});
