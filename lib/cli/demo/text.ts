/**
 * What is said around the story of a scenario: heading, premise, verdict, what it shows.
 *
 * @module
 */
import { majority } from "../../raft/mod.ts";
import { type Scenario, type ScenarioOptions, stepsOf } from "../../scenario/scenario.ts";
import type { Step } from "../../scenario/step.ts";
import type { Trace } from "../../trace/trace.ts";
import { type Paint, sentence, word, wrap } from "../terminal.ts";

/** Where a scenario is played. */
export interface Place {
  /** The directory of the logs, if they are kept. */
  readonly storage?: string | undefined;
  /** Where the nodes live. */
  readonly runtime?: "tasks" | undefined;
  /** What each node goes on from, a sentence each. */
  readonly goesOn: readonly string[];
}

/** What a scenario does. */
type Deeds = ReadonlySet<Step["do"]>;

/** The heading of a run, and what is about to be broken. */
export function headingLines(scenario: Scenario, options: ScenarioOptions, place: Place, paint: Paint): string[] {
  const { name, summary, premise = [], setting = {} } = scenario;
  const { nodes, seed } = options;
  const title = sentence(summary === undefined ? name : `${name}: ${summary}`);
  const size = nodes === 1 ? "one node, its own majority" : `${nodes} nodes, a majority is ${majority(nodes)}`;
  const { latency = 1 } = setting;
  const deeds = new Set(stepsOf(scenario, options).map((step) => step.do));
  const takes = `a message takes ${latency === 1 ? "one tick" : `${latency} ticks`}`;
  return [
    ...wrap("", title, undefined, 2).map((line) => paint("strong", line)),
    `${size}; seed ${seed}`,
    ...wrap("", `${keptIn(scenario, place, deeds)}; ${takes}${exceptions(deeds)}`),
    ...(place.goesOn.length === 0 ? [] : ["it goes on where the run before it stopped:"]),
    ...place.goesOn.flatMap((line) => wrap("  ", sentence(line), undefined, 4)),
    "",
    ...premise.flatMap((line) => wrap("", sentence(line))),
    ...(premise.length === 0 ? [] : [""]),
  ];
}

/** Where logs and nodes are, and what a crash does to a log. */
function keptIn({ disks }: Scenario, { storage, runtime }: Place, deeds: Deeds): string {
  const where = runtime === undefined ? "" : "every node is a task; ";
  if (storage !== undefined) return `${where}the logs are kept in ${word(storage)}`;
  if (disks === "files") return `${where}what is not synced is lost in a crash`;
  if (!deeds.has("stop") && !deeds.has("crashAfter")) return `${where}the log is kept in memory`;
  return `${where}each node's log is kept in memory, where it survives a crash of the node`;
}

/** What else may become of messages. */
function exceptions(deeds: Deeds): string {
  const fates = new Set([...deeds].map(fateOf));
  if (fates.has("lost")) return fates.has("late") ? ", unless it is delayed or lost" : ", unless it is lost";
  return fates.has("late") ? ", unless it is delayed; none is lost" : ", and none is lost";
}

/** What a step can do to messages. */
function fateOf(deed: Step["do"]): "lost" | "late" | "carried" {
  switch (deed) {
    case "cut":
    case "partition":
    case "stop":
    case "crashAfter":
    case "dropMessages":
    case "dropNext":
      return "lost";
    case "delay":
    case "hold":
    case "holdMessages":
      return "late";
    default:
      return "carried";
  }
}

/** The line of JSON that opens each of several traces: which run it is of. */
export function runLine({ name }: Scenario, { nodes, seed, key, value }: ScenarioOptions): string {
  return `${JSON.stringify({ kind: "scenario", name, nodes, seed, key, value })}\n`;
}

/** Whether all was as expected; if not, what was not. */
export function verdictLines(trace: Trace, paint: Paint): string[] {
  const wrong = trace.of("expectation").filter(({ holds }) => !holds);
  if (wrong.length === 0) return [paint("good", "As expected.")];
  return wrong.flatMap(({ text, found }) =>
    wrap("", sentence(`Not as expected: ${text}; found: ${found}`), undefined, 2).map((line) => paint("bad", line))
  );
}

/** What the scenario shows. */
export function showsLines({ shows = [] }: Scenario): string[] {
  if (shows.length === 0) return [];
  return ["", "What this shows:", ...shows.flatMap((line) => wrap("  ", sentence(line), undefined, 4))];
}

/** What to try next: commands, and behind a gap what they are for. */
export function nextLines({ next = [] }: Scenario): string[] {
  if (next.length === 0) return [];
  return [
    "",
    "Try next:",
    ...next.flatMap((line) => {
      const [, command = "", gap = "", purpose = ""] = /^(.*?)( {2,})(.*)$/.exec(line) ?? [];
      return wrap(`  ${sentence(command)}${gap}`, sentence(gap === "" ? line : purpose));
    }),
  ];
}
