/**
 * A player as a reader uses it in a browser: its page alone, and in a notebook.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import * as z from "zod/mini";
import { Cluster } from "../../cluster.ts";
import type { Browser, Frame, Page } from "../../jupyter/browser.ts";
import { ROOT } from "../../jupyter/files.ts";
import type { Problem } from "../../jupyter/problem.ts";
import { player } from "../../player/player.ts";
import { Trace } from "../../trace/trace.ts";
import { Findings, playByHand, playByItself } from "./play.ts";

const shownSchema = z.object({
  tick: z.string(),
  news: z.string(),
  nodes: z.array(z.array(z.string())),
  overflow: z.array(z.string()),
});

/** What a player displays, and what of it lies outside of the page. */
const SHOWN = `(() => {
  const words = (node) => [".badge", ".term", ".vote", ".commit", ".applied"].map((c) => node.querySelector(c).textContent);
  const width = document.documentElement.clientWidth;
  const isOutside = (e) => e.getBoundingClientRect().right > width + 1 || e.getBoundingClientRect().left < -1;
  const outside = [...document.body.querySelectorAll("*")].filter(isOutside).map((e) => e.id || e.outerHTML.slice(0, 80));
  return {
    tick: document.getElementById("tick").textContent,
    news: document.getElementById("news").textContent,
    nodes: [...document.querySelectorAll(".node")].map((node) => [node.dataset.node, ...words(node)]),
    overflow: [...outside, ...(document.documentElement.scrollWidth > width ? ["the page"] : [])],
  };
})()`;

/** Everything that is wrong with a player's page, alone and without a network. */
export async function playerProblems(browser: Browser): Promise<Problem[]> {
  mkdirSync(join(ROOT, ".jupyter"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".jupyter", "player-"));
  const page = await browser.newPage({ viewport: { width: 700, height: 900 }, offline: true });
  const findings = new Findings("its page alone");
  try {
    const file = join(folder, "player.html");
    const url = pathToFileURL(file).href;
    page.on("console", (message) => findings.add(`on the console: ${message.type()}: ${message.text()}`));
    page.on("pageerror", ({ message }) => findings.add(`an error: ${message}`));
    page.on("request", (request) => request.url() !== url && findings.add(`asks for ${request.url()}`));
    const trace = divided();
    writeFileSync(file, player(trace, { title: "A divided cluster" }).page());
    await page.goto(url);
    await playByHand(page, page, trace.lastTick(), findings);
    await playByItself(page, trace.lastTick(), findings);
    await displays(page, trace, findings);
  } catch (error) {
    findings.add(`${error instanceof Error ? error.message : error}`);
  } finally {
    await page.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return findings.problems;
}

/** Five nodes; the leader and another one are cut off, and joined again. */
function divided(): Trace {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 5, seed: 1, observer: trace.record });
  cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
  cluster.propose({ kind: "Put", key: "<b>", value: "1" });
  const alone = cluster.leader()?.id ?? 1;
  cluster.network.partition([alone], cluster.ids.filter((id) => id !== alone));
  cluster.run(20);
  cluster.network.heal();
  cluster.stop((alone % 5) + 1);
  cluster.run(8);
  return trace;
}

/** Three ticks as the trace tells them; nothing wider than the page, however narrow. */
async function displays(page: Page, trace: Trace, findings: Findings): Promise<void> {
  const last = trace.lastTick();
  for (const width of [700, 400]) {
    await page.setViewportSize({ width, height: 800 });
    for (const tick of [1, Math.floor(last * 0.6), last]) {
      await page.keyboard.press("Home");
      for (let i = 1; i < tick; i++) await page.keyboard.press("ArrowRight");
      await sleep(50);
      const shown = z.parse(shownSchema, await page.evaluate(SHOWN));
      const what = `tick ${tick}, ${width} pixels wide`;
      findings.same(`${what}: its tick`, shown.tick, `tick ${tick} of ${last}`);
      findings.same(`${what}: its nodes`, shown.nodes, expectedNodes(trace, tick));
      findings.same(`${what}: what happens`, shown.news.startsWith(`Tick ${tick}. `), true);
      findings.same(`${what}: what is outside of the page`, shown.overflow, []);
    }
  }
}

/** What the cards should say. */
function expectedNodes(trace: Trace, tick: number): string[][] {
  return trace.at(tick).map(({ node, running, role, term, vote, commit, applied }) => [
    `${node}`,
    running ? `${role.charAt(0).toUpperCase()}${term}` : "stopped",
    `term ${term}`,
    vote === null ? "no vote" : `vote: ${vote}`,
    `commit ${commit}`,
    `applied ${applied}`,
  ]);
}

/** What is wrong with a player in a notebook that has run. */
export async function notebookPlayerProblems(page: Page, frame: Frame, rule: string): Promise<Problem[]> {
  const findings = new Findings(`${rule}, a player`);
  try {
    const last = Number(await frame.evaluate(`JSON.parse(document.getElementById("data").text).ticks.at(-1)`));
    await playByHand(page, frame, last, findings);
    const isWhole = `document.documentElement.scrollHeight <= document.documentElement.clientHeight + 1`;
    findings.same("the whole of it is in its frame", await frame.evaluate(isWhole), true);
  } catch (error) {
    findings.add(`${error instanceof Error ? error.message : error}`);
  }
  return findings.problems;
}
