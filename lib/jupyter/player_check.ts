/**
 * A player's page as a reader uses it in a browser, with buttons and keys.
 *
 * @module
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Cluster } from "../cluster.ts";
import { player } from "../player/player.ts";
import { Trace } from "../trace/trace.ts";
import type { Browser, Page } from "./lab_page.ts";
import { poll, WORKSHOP } from "./project.ts";

/** How long a button or the end of the run may take to be there, in milliseconds. */
const BOUND = 10_000;

/** The tick a player displays. */
const TICK = `Number(/^tick (\\d+)/.exec(document.getElementById("tick").textContent)?.[1])`;

/** Everything that is wrong with a player's page, alone and without a network. */
export async function playerProblems(browser: Browser): Promise<string[]> {
  const found: string[] = [];
  const file = join(WORKSHOP, "player.html");
  const url = pathToFileURL(file).href;
  const trace = new Trace();
  new Cluster({ nodes: 3, seed: 1, observer: trace.record }).run(8);
  mkdirSync(WORKSHOP, { recursive: true });
  writeFileSync(file, player(trace, { title: "A cluster starts" }).page());
  const page = await browser.newPage({ offline: true });
  page.on("console", (message) => found.push(`on the console: ${message.text()}`));
  page.on("pageerror", ({ message }) => found.push(`an error: ${message}`));
  page.on("request", (request) => request.url() !== url && found.push(`asks for ${request.url()}`));
  await page.goto(url);
  found.push(...await playByHand(page));
  await page.click("#play", { timeout: BOUND });
  const tick = await poll(() => page.evaluate(TICK), (tick) => tick === trace.lastTick(), BOUND);
  if (tick !== trace.lastTick()) found.push(`plays until tick ${tick} of ${trace.lastTick()}`);
  await page.close();
  rmSync(file);
  return found;
}

/** Step, to the end, step back and to the start, with the mouse and then with keys; what is wrong. */
async function playByHand(page: Page): Promise<string[]> {
  const found: string[] = [];
  const ticks = `JSON.parse(document.getElementById("data").text).frames.map(({ tick }) => tick)`;
  const [first, last] = [Number(await page.evaluate(`${ticks}[0]`)), Number(await page.evaluate(`${ticks}.at(-1)`))];
  const buttons = [["#step", first + 1], ["#end", last], ["#back", last - 1], ["#start", first]] as const;
  const keys = [["ArrowRight", first + 1], ["End", last], ["ArrowLeft", last - 1], ["Home", first]] as const;
  for (const [press, tick] of [...buttons, ...keys]) {
    await (press.startsWith("#") ? page.click(press, { timeout: BOUND }) : page.keyboard.press(press));
    const shown = await page.evaluate(TICK);
    if (shown !== tick) found.push(`after ${press} it is at tick ${shown}, and should be at ${tick}`);
  }
  return found;
}
