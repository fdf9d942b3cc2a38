/**
 * A scenario's chapters: their titles, what was expected in each and whether it was so, and what the whole shows.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Ticks } from "../../raft/mod.ts";
import type { Branch } from "../session.ts";
import { button, html, part, text } from "./dom.ts";

/** Draw the chapters of `branch`; `jump` goes to the beginning of one. What it shows comes at `end`. */
export function drawTour(branch: Branch, end: Ticks, jump: (tick: Ticks) => void): void {
  const { trace, plan: { scenario } } = branch;
  const chapters: HTMLElement[] = [];
  for (const row of trace.rows) {
    if (row.kind === "part") {
      const { tick, title } = row;
      chapters.push(html("li", {}, button(`Tick ${tick}: ${title}`, () => jump(tick), { "data-tick": tick })));
    } else if (row.kind === "expectation") {
      const { tick, holds, text, found } = row;
      const words = holds ? `✓ as expected: ${text}` : `✗ not as expected: ${text} (found: ${found})`;
      chapters.at(-1)?.append(html("p", { class: holds ? "good" : "bad", "data-tick": tick }, words));
    }
  }
  part("tour").hidden = chapters.length === 0;
  part("chapters").replaceChildren(...chapters);
  text("premise", (scenario.premise ?? []).join(" "));
  const shows = html("p", { "data-tick": end }, (scenario.shows ?? []).join(" "));
  part("shows").replaceChildren(shows);
}

/** Mark the chapter that `tick` is in, and show what is known by then; the chapter's title, if there is one. */
export function markChapter(tick: Ticks): string | null {
  const buttons = [...part("chapters").querySelectorAll("button")];
  const current = buttons.findLast((each) => Number(each.dataset["tick"]) <= tick);
  for (const each of part("tour").querySelectorAll("p[data-tick]")) {
    if (each instanceof HTMLElement) each.hidden = Number(each.dataset["tick"]) > tick;
  }
  for (const each of buttons) {
    if (each === current) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  }
  return current?.textContent?.replace(/^Tick \d+: /, "") ?? null;
}
