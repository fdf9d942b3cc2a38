/** Scenarios told without a process: what `demo` prints between heading and verdict. */
import { completeScenarioOptions, type Scenario } from "../../scenario/scenario.ts";
import { playOut } from "../../scenario/perform.ts";
import type { Step } from "../../scenario/schema.ts";
import { Trace } from "../../trace/trace.ts";
import { type Detail, tell } from "./story.ts";
import { COLUMNS, plain } from "../terminal.ts";

/** The story of `steps`. */
export function storyOf(
  steps: readonly Step[],
  more: Partial<Scenario> & { seed?: number; detail?: Detail } = {},
): string[] {
  const { seed = 1, detail = "events", nodes = 3, ...scenario } = more;
  const trace = new Trace();
  const options = completeScenarioOptions({ name: "told", steps }, { nodes, seed });
  playOut({ name: "told", steps, ...scenario }, options, trace.record);
  return tell(trace.rows, detail, plain, { key: "x", judged: true, columns: COLUMNS });
}

/** The same from the heading `from` on: sentences without their ticks, up to the next empty line. */
export function toldAfter(from: string, story: readonly string[]): string[] {
  const rest = story.slice(story.indexOf(from) + 1);
  const end = rest.indexOf("");
  return rest.slice(0, end === -1 ? undefined : end).map((line) => line.replace(/^tick +\d+ {2}/, ""));
}
