/**
 * The exercises of notebook 02 in which the reader writes the steps of a scenario. Each is played.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { Ticks } from "../raft/mod.ts";
import { play, type Run } from "../scenario/run.ts";
import { ScenarioError } from "../scenario/scenario.ts";
import type { Step } from "../scenario/schema.ts";
import type { Trace } from "../trace/trace.ts";
import { shown } from "./cases.ts";

/**
 * Play steps that the reader wrote: the run, or why there is none.
 *
 * @param end From this tick on it does not matter what fails.
 */
export function tryToPlay(
  steps: readonly Step[],
  options: { readonly nodes?: number; readonly seed?: number } = {},
  end: Ticks = Infinity,
): Run | string {
  if (!Array.isArray(steps)) return `You said ${shown(steps)}; it takes a list of steps.`;
  try {
    const run = play({ name: "your-steps", steps }, options);
    const failed = run.expectations.find(({ holds, tick }) => !holds && tick < end);
    return failed === undefined ? run : `It went wrong at tick ${failed.tick}: ${failed.text}; found: ${failed.found}.`;
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
}

/**
 * Check a story of five nodes: two stop for good, one of which has led, and a Put asked for after that is applied.
 *
 * @example
 * ```ts
 * import { checkTwoOfFive, exercise } from "hello-raft";
 *
 * exercise("two of five", [{ do: "runUntil", until: { is: "leader" } }], checkTwoOfFive); // not yet, and why
 * ```
 */
export function checkTwoOfFive(attempt: readonly Step[]): string | null {
  const run = tryToPlay(attempt, { nodes: 5 });
  if (typeof run === "string") return run;
  const { cluster, trace } = run;
  const down = cluster.ids.filter((id) => !cluster.isRunning(id));
  if (down.length !== 2) return `In the end ${down.length} of the five are stopped; it should be two.`;
  const hasLed = trace.of("node").some(({ node, role }) => role === "leader" && down.includes(node));
  if (!hasLed) return "Neither of the two ever led; stop the leader as well.";
  const isStop = ({ node, fault }: { node: number; fault: string }) => fault === "stop" && down.includes(node);
  return putProblem(trace, trace.rows.findLastIndex((row) => row.kind === "nodeFault" && isStop(row)));
}

/** What is passed on has no index yet, so the Put is looked for in entries that stood in no log before row `moment`. */
function putProblem({ rows }: Trace, moment: number): string | null {
  const textOf = (command: Command | null) => command?.kind === "Put" ? `${command.key} = ${command.value}` : null;
  const [before, after] = [rows.slice(0, moment), rows.slice(moment)];
  const proposals = after.flatMap((row) => row.kind === "proposal" && textOf(row.command) !== null ? [row] : []);
  if (proposals.length === 0) return "After the second of them has stopped nobody is asked for a Put.";
  const taken = proposals.filter(({ result }) => result !== "dropped").map(({ command }) => textOf(command));
  if (taken.length === 0) return "The node that is asked for the Put knows no leader, and does not take it.";
  const placesIn = (part: typeof rows) =>
    part.flatMap((row) => row.kind === "ready" ? row.entries : [])
      .filter(({ command }) => taken.includes(textOf(command))).map(({ index, term }) => `${index} of term ${term}`);
  const places = placesIn(after).filter((place) => !placesIn(before).includes(place));
  if (places.length === 0) return "No log holds the Put: it is still on its way to a leader, or lost.";
  const isApplied = after.some((row) => row.kind === "apply" && places.includes(`${row.index} of term ${row.term}`));
  return isApplied ? null : "The Put is in a log, and nobody has applied it: it takes a majority, and a few ticks.";
}

/** What is done before node 2 is cut off, and after it is back. */
export interface Care {
  /** Before the cut. */
  readonly before: readonly Step[];
  /** After the links are mended. */
  readonly after: readonly Step[];
}

const [AWAY, BACK] = ["Node 2 is cut off", "Node 2 is back"];

/** Node 2 of three is cut off for 30 ticks, and comes back. */
const awayAndBack = ({ before, after }: Care): Step[] => [
  { do: "runUntil", until: { is: "leader", by: 1 } },
  { do: "runUntil", until: { is: "agreed" } },
  ...before,
  { do: "cut", from: 2, to: "all", title: AWAY },
  { do: "propose", to: 1 },
  { do: "run", ticks: 30 },
  { do: "heal", title: BACK },
  ...after,
  { do: "run", ticks: 30 },
];

/**
 * Check how node 2 comes back gently: node 1 leads term 1 all the time, nodes 1 and 3 go on working meanwhile, and in the
 * end all run, their clocks too, and node 2 has caught up.
 *
 * @example
 * ```ts
 * import { checkReturn, exercise } from "hello-raft";
 *
 * exercise("a gentle return", { before: [], after: [] }, checkReturn); // not yet, and why
 * ```
 */
export function checkReturn(attempt: Care): string | null {
  const { before, after } = Object(attempt);
  if (!Array.isArray(before) || !Array.isArray(after)) {
    return `You said ${shown(attempt)}; it takes two lists of steps: { before: [], after: [] }.`;
  }
  const run = tryToPlay(awayAndBack({ before, after }));
  if (typeof run === "string") return run;
  const { trace } = run;
  const highest = Math.max(...trace.of("node").map(({ term }) => term));
  if (highest > 1) return `Somebody campaigns: in the end there is a term ${highest}.`;
  return otherNodesProblem(trace) ?? endProblem(trace);
}

/** Nodes 1 and 3 are to go on as if nothing had happened. */
function otherNodesProblem(trace: Trace): string | null {
  const touched = trace.of("nodeFault").find(({ node }) => node !== 2);
  if (touched !== undefined) {
    const what = touched.fault.endsWith("Clock") ? "'s clock is paused" : " is stopped";
    return `Node ${touched.node}${what} as well: then the cluster does not work while node 2 is away. Leave nodes 1 and 3 alone.`;
  }
  const [from, to] = [AWAY, BACK].map((title) =>
    trace.rows.findIndex((row) => row.kind === "part" && row.title === title)
  );
  const isPut = trace.rows.slice(from, to).some((row) =>
    row.kind === "apply" && row.node === 1 && row.outcome.kind === "Put"
  );
  return isPut ? null : "The Put is not committed while node 2 is away: nodes 1 and 3 cannot do their work.";
}

/** A clock that is paused stays so until it is resumed; a restart does not resume it. */
function endProblem(trace: Trace): string | null {
  const [leading, ...others] = trace.at(trace.lastTick());
  for (const { node, running } of [leading, ...others]) {
    if (!running) return `Node ${node} is still stopped.`;
    const clock = trace.of("nodeFault").findLast((row) => row.node === node && row.fault.endsWith("Clock"));
    if (clock?.fault === "pauseClock") return `Node ${node}'s clock is still paused.`;
  }
  if (leading.role !== "leader") return "Node 1 does not lead any more.";
  return others[0].applied === leading.lastIndex ? null : "Node 2 has not caught up.";
}
