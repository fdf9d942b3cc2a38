import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SCRIPT } from "./page.ts";
import { places } from "./script_cases.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What `deno check` and `deno lint` say of `script`. */
function problemsOf(script: string): string[] {
  mkdirSync(join(ROOT, ".jupyter"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".jupyter", "player-"));
  const file = join(folder, "page.js");
  try {
    writeFileSync(file, `// @ts-check\n/// <reference lib="dom" />\nexport {};\n${script}`);
    return ["check", "lint"].flatMap((command) => {
      const options = { args: [command, file], cwd: ROOT, env: { NO_COLOR: "1" } };
      const { code, stderr } = new Deno.Command(Deno.execPath(), options).outputSync();
      return code === 0 ? [] : [`${command}: ${new TextDecoder().decode(stderr)}`];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

Deno.test("the page's script has no wrong types and no lint", () => deepStrictEqual(problemsOf(SCRIPT), []));

Deno.test("wrong types in the page's script would be found", () => {
  const [problem, ...more] = problemsOf(SCRIPT.replace("frame.tick + ", "frame.tock + "));
  ok(/^check: [^]*'tock'/.test(problem), problem);
  deepStrictEqual(more, []);
});

Deno.test("nothing in the page's script ends the script, makes markup of text, or reaches for the network", () => {
  doesNotMatch(SCRIPT, /<\/|<!--|<script/);
  doesNotMatch(SCRIPT, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
  doesNotMatch(SCRIPT, /\bfetch\b|XMLHttpRequest|WebSocket|sendBeacon|import\(/);
});

for (const width of [340, 560, 736, 876]) {
  Deno.test(`no two nodes touch each other, and all are within ${width} pixels`, () => {
    for (let count = 1; count <= 9; count++) {
      const { height, card, at } = places(count, width);
      strictEqual(at.length, count);
      for (const [id, a] of at) {
        ok(a.x >= card.width / 2 && a.x <= width - card.width / 2, `${count} nodes: node ${id} at x ${a.x}`);
        ok(a.y >= card.height / 2 && a.y <= height - card.height / 2, `${count} nodes: node ${id} at y ${a.y}`);
        for (const [other, b] of at) {
          const apart = Math.abs(a.x - b.x) > card.width + 8 || Math.abs(a.y - b.y) > card.height + 20;
          ok(other === id || apart, `${count} nodes: ${id} and ${other} touch`);
        }
      }
    }
  });
}
