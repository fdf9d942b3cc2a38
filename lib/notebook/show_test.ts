import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pngOf } from "../charts/png.ts";
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

Deno.test("a figure's image is a PNG of its width, and carries its title and its text alternative", async () => {
  const png = await pngOf('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"/>');
  const html = figureHtml({ title: "A < B", alt: 'says "x" & y', caption: "c" }, png);
  match(
    html,
    /<img alt="A &lt; B. says &quot;x&quot; &amp; y" width="90" src="data:image\/png;base64,iVBORw0KGgo[\w+/=]+">/,
  );
});

Deno.test("the versions are those of deno.json", () => {
  const { version, imports } = JSON.parse(readFileSync(new URL("../../deno.json", import.meta.url), "utf8"));
  const packages = ["zod", "@observablehq/plot", "@resvg/resvg-wasm", "fflate"]
    .map((name) => imports[name].replace(`npm:${name}@`, `${name} `));
  strictEqual(versions(), [`hello-raft ${version}`, ...packages].join(", "));
});
