import { deepStrictEqual, doesNotMatch, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, strFromU8 } from "fflate";
import { DOMParser } from "linkedom";
import { commandOf, deno } from "../cli/main_cases.ts";
import { basic, play, type Scenario } from "../scenario/mod.ts";
import { embed, PLAYER_CLASS } from "./embed.ts";
import { PLAYABLE } from "./library.ts";
import { ringOf } from "./page/ring.ts";
import { player, sandbox } from "./player.ts";

const ODD = `</script><img src=x onerror=alert(1)> & "PAGE" <!-- \\`;
const HERE = fileURLToPath(new URL(".", import.meta.url));

/** The most bytes of a page. */
const LARGEST = 250 * 1024;

const documentOf = (page: string) => new DOMParser().parseFromString(page, "text/html");

const unpacked = (base64: string) => strFromU8(gunzipSync(Buffer.from(base64, "base64")));

/** A run whose key, value and titles look like markup. */
const HOSTILE: Scenario = {
  name: "hostile",
  steps: [
    { do: "runUntil", until: { is: "leader" }, title: ODD },
    { do: "propose", command: { kind: "Put", key: ODD, value: `<b>\u2028'"` } },
    { do: "run", ticks: 5 },
  ],
};

Deno.test("the bundle of the page is that of its sources", async () => {
  const folder = join(HERE, "../../.jupyter");
  mkdirSync(folder, { recursive: true });
  const fresh = join(folder, "bundle-of-test.js");
  const words = commandOf("bundle").split(" ").slice(1);
  const { status, stderr } = await deno(...words.map((word) => word.endsWith("bundle.js") ? fresh : word));
  deepStrictEqual([status, stderr], [0, ""]);
  const [kept, made] = [join(HERE, "bundle.js"), fresh].map((file) => readFileSync(file, "utf8"));
  rmSync(fresh);
  ok(kept === made, "lib/player/bundle.js is not that of its sources: deno task bundle");
  doesNotMatch(kept, /\bimport\s*[{*"]/, "a browser has none of the machine's own modules");
  strictEqual((await deno("check", "--quiet", "lib/player/page/app.ts")).status, 0);
});

Deno.test("every page is smaller than 250 KB, and the same by each call", async () => {
  for (const scenario of PLAYABLE) {
    const [one, other] = [1, 2].map(() => player(play(scenario), { title: "t" }));
    ok(one.page().length < LARGEST, `${scenario.name}: ${one.page().length}`);
    deepStrictEqual([one.page(), await one.svg()], [other.page(), await other.svg()]);
  }
  ok(sandbox().page().length < LARGEST);
});

Deno.test("nothing in a title, a key or a value is taken for markup, and the page reaches for nothing", () => {
  const page = player(play(HOSTILE), { title: ODD }).page();
  const document = documentOf(page);
  deepStrictEqual([...document.querySelectorAll("script")].map((script) => script.getAttribute("type")), [
    "text/plain",
    "text/plain",
    "module",
  ]);
  strictEqual(document.querySelectorAll("img, link, iframe, [onclick], [style]").length, 0);
  strictEqual(document.querySelector("h1")?.textContent, ODD);
  const plan = JSON.parse(unpacked(document.querySelector("#plan")?.textContent ?? ""));
  strictEqual(plan.scenario.steps[1].command.key, ODD);
  const sources = readdirSync(join(HERE, "page")).map((file) => readFileSync(join(HERE, "page", file), "utf8"));
  const danger =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setHTML|\bfetch\(|https?:(?!\/\/www\.w3\.org\/2000\/svg)/;
  for (const source of sources) doesNotMatch(source, danger);
});

Deno.test("the page's policy allows its own script and style, by their hashes, what that unpacks, and nothing else", () => {
  const page = sandbox({ title: ODD }).page();
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  const hashes = [/<script type="module">([^]*?)<\/script>/, /<style>([^]*?)<\/style>/].map((part) =>
    createHash("sha256").update(part.exec(page)?.[1] ?? "").digest("base64")
  );
  strictEqual(
    policy,
    `default-src 'none'; script-src 'sha256-${hashes[0]}' blob:; style-src 'sha256-${hashes[1]}'; img-src data: blob:`,
  );
});

Deno.test("every control has a name, and what is said in the page is announced", () => {
  const document = documentOf(sandbox().page());
  for (const control of document.querySelectorAll("button, input, select, textarea, svg[role]")) {
    const name = control.getAttribute("aria-label") ??
      (control.textContent?.trim() || control.closest("label")?.textContent);
    ok(name?.trim(), control.outerHTML);
  }
  const live = [...document.querySelectorAll("[role=status], [role=alert], [aria-live=polite]")].map(({ id }) => id);
  deepStrictEqual(live, ["judgement", "alarm", "said", "ways-there", "news", "warning"]);
});

Deno.test("in a notebook the figure comes first, and the script holds title and page, whatever is in them", () => {
  const page = player(play(HOSTILE), { title: ODD }).page();
  const document = documentOf(`<body>${embed(ODD, "<figure>the strip</figure>", page)}</body>`);
  strictEqual(document.querySelector(`.${PLAYER_CLASS} > figure`)?.textContent, "the strip");
  const [script, ...more] = [...document.querySelectorAll("script")].map(({ textContent }) => textContent ?? "");
  deepStrictEqual(more, []);
  strictEqual(JSON.parse(/frame\.title = (.*);/.exec(script)?.[1] ?? ""), `Player: ${ODD}`);
  const packed = JSON.parse(/atob\((.*?)\)/.exec(script)?.[1] ?? "");
  strictEqual(unpacked(packed), page);
});

Deno.test("no two nodes touch each other, and all are within the stage, on a phone too", () => {
  for (const width of [340, 700]) {
    for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const { height, timer, places } = ringOf(Array.from({ length: count }, (_, i) => i + 1), width);
      const all = [...places.values()];
      const wrong = all.filter(({ x, y }, i) =>
        Math.min(x, width - x) < timer || Math.min(y, height - y) < timer ||
        all.slice(i + 1).some((b) => Math.hypot(x - b.x, y - b.y) < 2 * timer + 8)
      );
      deepStrictEqual(wrong, [], `${count} nodes at ${width} pixels`);
    }
  }
});

Deno.test("what cannot be put into a page is refused, and the error says why", () => {
  throws(() => sandbox({ nodes: 10 }), /options.nodes must be a whole number from 1 to 9/);
  throws(() => sandbox({ title: " " }), RangeError);
  throws(
    () => player(play(basic).fork(10, [{ do: "heal" }]), { title: "t" }),
    /^RangeError: Cannot put a fork into a page/,
  );
  const mutated = { ...basic, mutation: () => {} };
  throws(
    () => player(play(mutated), { title: "t" }),
    /^RangeError: Cannot put basic into a page: its rule is a program/,
  );
});
