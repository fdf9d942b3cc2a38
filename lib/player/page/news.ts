/**
 * What happens in a tick, in the sentences of the terminal; what arrives in it; what is told next.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Ticks } from "../../raft/mod.ts";
import type { Scene } from "../../trace/fold.ts";
import { capital, count } from "../../trace/text.ts";
import { messageText } from "../../trace/transcript.ts";
import { quiet } from "../../trace/quiet.ts";
import type { Branch } from "../session.ts";
import { button, html, part, text } from "./dom.ts";

/** How far a tick is looked for in which something is told. */
export const FAR = 400;

/** The next tick after `tick`, or with `step` -1 the last before it, in which something is told; `null` if there is none. */
export function toldTick(branch: Branch, tick: Ticks, step: 1 | -1): Ticks | null {
  for (let at = tick + step; at >= 0 && at <= branch.now && Math.abs(at - tick) <= FAR; at += step) {
    if (branch.sentences(at).length > 0) return at;
  }
  return null;
}

/** Draw what is told of `scene`; `jump` goes to another tick. */
export function drawNews(branch: Branch, scene: Scene, jump: (tick: Ticks) => void): void {
  const { tick } = scene;
  const sentences = branch.sentences(tick).filter(({ about }) => about !== "part");
  const lines = sentences.map(({ text, more, style }) =>
    html("p", { class: style }, `${capital(text)}.`, more === undefined ? "" : ` (${more})`)
  );
  const nothing = html("p", { class: "faint" }, `${capital(quiet(scene))}.`);
  part("news").replaceChildren(...(lines.length > 0 ? lines : [nothing]));
  text("when", `, tick ${tick}`);
  drawArrivals(scene);
  const next = toldTick(branch, tick, 1);
  const said = next === null ? undefined : branch.sentences(next).find(({ about }) => about !== "part");
  part("upcoming").replaceChildren();
  if (next === null || said === undefined) return;
  part("upcoming").append(button(`Next, tick ${next}: ${said.text}`, () => jump(next), { class: "quiet" }));
}

/** Every message that ends in this tick, with its fields. */
function drawArrivals({ rows }: Scene): void {
  const ends = rows.flatMap((row) => row.kind === "message" && row.event !== "sent" ? [row] : []);
  const details = part("arrivals");
  details.hidden = ends.length === 0;
  text("arrivals-count", `${count(ends.length, "message")} of this tick, field by field`);
  const lines = ends.map((row) =>
    html("li", {}, `${row.from} → ${row.to} ${messageText(row)}${row.event === "dropped" ? " (lost)" : ""}`)
  );
  part("arrived").replaceChildren(...lines);
}
