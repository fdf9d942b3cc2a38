import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { printed } from "./console_cases.ts";
import { cellsOf, htmlTable, textTable } from "./rows.ts";
import { figureHtml, show, versions } from "./show.ts";

const ROWS = [{ node: 1, role: "leader", match: null }, { node: 10, role: "<follower>" }];

Deno.test("in a terminal, rows are an aligned table: numbers to the right, null a dash, what is missing empty", () => {
  deepStrictEqual(printed(() => show(ROWS)), ["node  role        match", "   1  leader      –", "  10  <follower>"]);
});

Deno.test("in a terminal, figures and players are title, text alternative and how to read them, and not drawn", () => {
  const words = { title: "Found", alt: "In words", caption: "To read" };
  const svg = () => Promise.reject(new Error("drawn"));
  const page = () => {
    throw new Error("put together");
  };
  for (const figure of [{ ...words, svg }, { ...words, svg, page }]) {
    deepStrictEqual(printed(() => show(figure)), ["Found", "In words", "To read"]);
  }
});

Deno.test("text is text", () => deepStrictEqual(printed(() => show("a < b")), ["a < b"]));

Deno.test("no rows are an empty table", () => {
  strictEqual(textTable(cellsOf([])), "");
  match(htmlTable(cellsOf([])), /<tbody>\n<\/tbody>/);
});

Deno.test("an HTML table has its headings in a head of its own, and nothing in a cell is taken for HTML", () => {
  const html = htmlTable(cellsOf(ROWS));
  match(html, /<thead><tr><th scope="col" style="text-align: right">node<\/th>/);
  match(html, /<td style="text-align: right">10<\/td><td style="text-align: left">&lt;follower&gt;<\/td>/);
});

Deno.test("a figure's image carries its title and its text alternative, whatever characters are in it", () => {
  const html = figureHtml({ title: "A < B", alt: 'says "x" & y', caption: "c" }, "<svg>–</svg>");
  match(
    html,
    /<img alt="A &lt; B. says &quot;x&quot; &amp; y" src="data:image\/svg\+xml;base64,PHN2Zz7igJM8L3N2Zz4=">/,
  );
});

Deno.test("the versions are those of deno.json", () => {
  const { version, imports } = JSON.parse(readFileSync(new URL("../../deno.json", import.meta.url), "utf8"));
  const plot = imports["@observablehq/plot"].replace("npm:@observablehq/plot@", "");
  strictEqual(
    versions(),
    `hello-raft ${version}, zod ${imports.zod.replace("npm:zod@", "")}, @observablehq/plot ${plot}`,
  );
});
