import { deepStrictEqual, match } from "node:assert/strict";
import { embed } from "../player/embed.ts";
import { goodBut, notebookOf, shows } from "./notebook_cases.ts";
import { codeCells, type Notebook } from "./notebook_file.ts";
import { displayProblems, type Seen, type When } from "./lab_page.ts";

const FIGURE = notebookOf(goodBut(4, shows('<img alt="a &lt; &quot;b&quot;" src="x">')));
const PLAYED = notebookOf(goodBut(4, shows(embed("t", '<figure><img alt="strip" src="y"></figure>', "<img>"))));

const OPENED: Seen = { isIdle: true, isDirty: false, prompts: [], cells: [] };

const image = (alt: string, isDisplayed = true) => ({ images: [{ alt, isDisplayed }] });

/** What a notebook's second cell of code shows, and what is said of it: nothing if it is right. */
const CASES: [notebook: Notebook, shows: Partial<Seen["cells"][number]>, when: When, says: RegExp][] = [
  [FIGURE, image('a < "b"'), "untrusted", /^$/],
  [FIGURE, image('a < "b"', false), "run all", /^4 this image is not displayed: a < "b"$/],
  [FIGURE, image(""), "untrusted", /^4 1 images with their text alternatives, of 1$/],
  [FIGURE, {}, "run all", /^4 0 images with their text alternatives, of 1$/],
  [FIGURE, { ...image('a < "b"'), prompt: "[ ]:" }, "run all", /^4 did not run: \[ \]:$/],
  [FIGURE, { ...image('a < "b"'), errors: ["oops"] }, "run all", /^4 an error is displayed: oops$/],
  // A player is a strip as long as nobody trusts the notebook, and a frame with a title after a run.
  [PLAYED, image("strip"), "untrusted", /^$/],
  [PLAYED, { frames: ["Player: t"] }, "run all", /^$/],
  [PLAYED, {}, "untrusted", /0 images .* of 1/],
  [PLAYED, image("strip"), "run all", /1 images .* of 0\n.*0 players can be played, of 1/],
  [PLAYED, { frames: [""] }, "run all", /no title/],
];

Deno.test("what is displayed otherwise than a notebook keeps it is named with its cell", () => {
  for (const [notebook, shows, when, says] of CASES) {
    const empty = { errors: [], images: [], frames: [] };
    const cells = codeCells(notebook).map(({ number }, i) => ({
      ...empty,
      prompt: `[${i + 1}]:`,
      ...(number === 4 ? shows : {}),
    }));
    const found = displayProblems(notebook, { ...OPENED, cells }, when);
    match(found.map(({ cell, detail }) => `${cell} ${detail}`).join("\n"), says);
  }
  const [{ cell, detail }] = displayProblems(FIGURE, OPENED, "untrusted");
  deepStrictEqual([cell, detail], [null, `0 cells of code are displayed, of ${codeCells(FIGURE).length}`]);
});

Deno.test("a notebook that is changed by being opened, and whatever lies over one, are named", () => {
  const said = (seen: Partial<Seen>, when: When) =>
    displayProblems(notebookOf([]), { ...OPENED, ...seen }, when).map(({ cell, detail }) => `${cell} ${detail}`);
  deepStrictEqual(said({ isDirty: true }, "untrusted"), ["null it is marked as changed as soon as it is opened"]);
  deepStrictEqual(said({ isDirty: true }, "run all"), []);
  deepStrictEqual(said({ prompts: ["News?"] }, "run all"), ["null this lies over the notebook: News?"]);
});
