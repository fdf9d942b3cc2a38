/**
 * The player's buttons and keys, pressed as a reader presses them.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame, Page } from "../../jupyter/browser.ts";
import type { Problem } from "../../jupyter/problem.ts";

/** The most that a button may take to be found, in milliseconds. */
const BOUND = { timeout: 10_000 } as const;

/** What was found to be wrong. */
export class Findings {
  /** So far. */
  readonly problems: Problem[] = [];

  /** Everything is filed under `rule`. */
  constructor(readonly rule: string) {}

  /** Something is wrong. */
  add(detail: string): void {
    this.problems.push({ cell: null, rule: this.rule, detail });
  }

  /** `actual` should be `expected`. */
  same(what: string, actual: unknown, expected: unknown): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== should) this.add(`${what}: ${is}, and should be ${should}`);
  }
}

/** The tick a player displays. */
async function tickOf(player: Frame): Promise<number> {
  return Number(/^tick (\d+)/.exec(`${await player.evaluate('document.getElementById("tick").textContent')}`)?.[1]);
}

/** Whether it plays. */
async function plays(player: Frame): Promise<boolean> {
  return await player.evaluate('document.getElementById("play").textContent.trim() === "Pause"') === true;
}

/** Step, step back, to the start and to the end, with the mouse and then with keys; at the end it is at the first tick. */
export async function playByHand(page: Page, player: Frame, last: number, findings: Findings): Promise<void> {
  const first = Number(await player.evaluate(`JSON.parse(document.getElementById("data").text).ticks[0]`));
  findings.same("the tick at which it starts", await tickOf(player), first);
  const moves = [["step", "ArrowRight", first + 1], ["step", "ArrowRight", first + 2], [
    "back",
    "ArrowLeft",
    first + 1,
  ]];
  const ends = [["end", "End", last], ["step", "ArrowRight", last], ["back", "ArrowLeft", last - 1]];
  const starts = [["start", "Home", first], ["back", "ArrowLeft", first]];
  const all = [...moves, ...ends, ...starts];
  for (const [button, , tick] of all) {
    const isOver = await player.evaluate(`document.getElementById("${button}").ariaDisabled === "true"`);
    findings.same(`the button ${button} says that it does nothing`, isOver, tick === await tickOf(player));
    if (isOver !== true) await player.click(`#${button}`, BOUND);
    findings.same(`the tick after the button ${button}`, await tickOf(player), tick);
  }
  for (const [, key, tick] of all) {
    await page.keyboard.press(`${key}`);
    findings.same(`the tick after the key ${key}`, await tickOf(player), tick);
  }
  await order(page, player, findings);
}

/** Whoever presses Tab meets the controls in the order in which they stand, and sees where they are. */
async function order(page: Page, player: Frame, findings: Findings): Promise<void> {
  await player.evaluate(`document.getElementById("range").focus()`);
  const met: string[] = [];
  for (let i = 0; i < 7; i++) {
    met.push(`${await player.evaluate("document.activeElement.id")}`);
    const isSeen = await player.evaluate(`getComputedStyle(document.activeElement).outlineStyle !== "none"`);
    findings.same(`the focus of ${met.at(-1)} is seen`, isSeen, true);
    if (i < 6) await page.keyboard.press("Tab");
  }
  findings.same("the order of the controls", met, ["range", "start", "back", "play", "step", "end", "speed"]);
  await player.evaluate("document.activeElement.blur()");
}

/** Play, pause and play until the end, with the mouse and then with the space bar. */
export async function playByItself(page: Page, last: number, findings: Findings): Promise<void> {
  await page.selectOption("#speed", "16");
  const presses = [
    ["the button", () => page.click("#play", BOUND)],
    ["Space", () => page.keyboard.press(" ")],
  ] as const;
  for (const [how, press] of presses) {
    await page.evaluate("document.activeElement.blur()");
    await page.keyboard.press("Home");
    const start = await tickOf(page);
    await press();
    await sleep(500);
    findings.same(`${how}: it plays`, await plays(page), true);
    await press();
    const paused = await tickOf(page);
    findings.same(`${how}: it went on`, paused > start, true);
    await sleep(300);
    findings.same(`${how}: it stays where it is paused`, [await tickOf(page), await plays(page)], [paused, false]);
    await press();
    await sleep((last - paused) * 65 + 1000);
    findings.same(`${how}: it plays until the end, and stops`, [await tickOf(page), await plays(page)], [last, false]);
  }
}
