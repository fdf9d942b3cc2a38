import { Buffer } from "node:buffer";
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { deno } from "./main_cases.ts";

const FOLDER = fileURLToPath(new URL("../../.jupyter/play/", import.meta.url));

/** Without the permission to open what it has written. */
const MAY = ["--allow-read", "--allow-write", "--allow-env=DISPLAY,WAYLAND_DISPLAY"];

const play = (...args: string[]) => deno("run", "--quiet", ...MAY, "lib/main.ts", "play", ...args);

Deno.test("play writes a page with as many nodes as are asked for, and says where it is", async () => {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}page.html`;
  const { status, stdout, stderr } = await play("--nodes", "7", "--seed", "3", file);
  deepStrictEqual([status, stdout, stderr], [0, `The page is in ${file}: open it in a browser\n`, ""]);
  const page = readFileSync(file, "utf8");
  rmSync(FOLDER, { recursive: true });
  match(page, /<h1>A cluster of 7 to break<\/h1>/);
  const packed = /id="plan">(.*)<\/script>/.exec(page)?.[1] ?? "";
  const { options } = JSON.parse(gunzipSync(Buffer.from(packed, "base64")).toString());
  deepStrictEqual([options.nodes, options.seed], [7, 3]);
});

Deno.test("play refuses what is no page and no cluster, and writes nothing", async () => {
  for (
    const [args, why] of [[["x.txt"], /must end in \.html/], [["--nodes", "10"], /nodes/], [
      ["a.html", "b.html"],
      /one page/,
    ]] as const
  ) {
    const { status, stdout, stderr } = await play(...args);
    deepStrictEqual([status, stdout], [2, ""]);
    match(stderr, why);
  }
  strictEqual((await play("--help")).stdout.startsWith("Usage: deno task play"), true);
});
