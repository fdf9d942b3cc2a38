/**
 * What is said around the story of a scenario: heading, premise, verdict, what it shows.
 *
 * @module
 */
import { completeOptions } from "../../cluster_options.ts";
import { majority } from "../../raft/mod.ts";
import { type Scenario, stepsOf } from "../../scenario/scenario.ts";
import type { ScenarioOptions, Step } from "../../scenario/schema.ts";
import { list, nodeList, visible, word } from "../../trace/text.ts";
import type { Trace } from "../../trace/trace.ts";
import { asStarted } from "../started.ts";
import { type Paint, wrap } from "../terminal.ts";
import type { DemoOptions } from "./options.ts";

/** The steps by which messages can be lost, and those by which they can be late. */
const LOSING: ReadonlySet<Step["do"]> = new Set(
  ["cut", "partition", "stop", "crashAfter", "dropMessages", "dropNext", "loss", "loseAnswer"],
);
const DELAYING: ReadonlySet<Step["do"]> = new Set(["delay", "hold", "holdMessages"]);

/** The heading of a run, and what is about to be broken. `goesOn`: what each node goes on from, a sentence each. */
export function headingLines(
  scenario: Scenario,
  options: ScenarioOptions,
  place: Pick<DemoOptions, "storage" | "runtime">,
  goesOn: readonly string[],
  paint: Paint,
): string[] {
  const { name, summary, premise = [], setting = {} } = scenario;
  const { nodes, seed } = options;
  const { latency, heartbeatTick, spares } = completeOptions({ ...setting, nodes });
  const title = visible(summary === undefined ? name : `${name}: ${summary}`);
  const size = sizeText(nodes - spares, spares);
  const steps = stepsOf(scenario, options).map((step) => step.do);
  const [lost, late] = [LOSING, DELAYING].map((some) => steps.some((step) => some.has(step)));
  const fates = list([...(late ? ["delayed"] : []), ...(lost ? ["lost"] : [])], "or");
  const fate = fates === "" ? ", and none is lost" : `, unless it is ${fates}`;
  const takes = `a message takes ${latency === 1 ? "one tick" : `${latency} ticks`}${fate}`;
  const often = heartbeatTick === 1 ? "tick" : `${heartbeatTick} ticks`;
  const isStopped = steps.includes("stop") || steps.includes("crashAfter");
  const rules = [
    ...(place.runtime === undefined ? [] : ["every node is a task"]),
    takes,
    ...(nodes === 1 ? [] : [`heartbeats are sent every ${often}`]),
    ...keptIn(scenario, place.storage, isStopped),
  ];
  return [
    ...wrap("", title, 2).map((line) => paint("strong", line)),
    `${size}; seed ${seed}`,
    ...wrap("", rules.join("; ")),
    ...(goesOn.length === 0 ? [] : ["it goes on where the run before it stopped:"]),
    ...goesOn.flatMap((line) => wrap("  ", visible(line), 4)),
    "",
    ...premise.flatMap((line) => wrap("", visible(line))),
    ...(premise.length === 0 ? [] : [""]),
  ];
}

/** How many nodes there are, and how many of them belong to the cluster at first. */
function sizeText(founders: number, spares: number): string {
  const size = founders === 1 ? "one node, its own majority" : `${founders} nodes, a majority is ${majority(founders)}`;
  if (spares === 0) return size;
  const others = nodeList(Array.from({ length: spares }, (_, i) => founders + i + 1));
  return `${size}; ${others} ${spares === 1 ? "is no member" : "are no members"} yet`;
}

/** Where the logs are kept, or what a crash does to them. */
function keptIn({ disks }: Scenario, storage: string | undefined, isStopped: boolean): string[] {
  if (storage !== undefined) return [`the logs are kept in ${word(storage)}`];
  if (disks === "files") return ["a crash loses what is not synced"];
  return isStopped ? ["a crash loses nothing on disk"] : [];
}

/** Whether all was as expected; if not, what was not. */
export function verdictLines(trace: Trace, paint: Paint): string[] {
  const wrong = trace.of("expectation").filter(({ holds }) => !holds);
  if (wrong.length === 0) return [paint("good", "As expected.")];
  return wrong.flatMap(({ text, found }) =>
    wrap("", visible(`Not as expected: ${text}; found: ${found}`), 2).map((line) => paint("bad", line))
  );
}

/** What the scenario shows. */
export function showsLines({ shows = [] }: Scenario): string[] {
  return titled("What this shows:", shows.flatMap((line) => wrap("  ", visible(line), 4)));
}

/** What to try next: commands, and behind a gap what they are for. */
export function nextLines({ next = [] }: Scenario): string[] {
  const lines = next.map(asStarted).flatMap((line) => {
    const [, command = "", purpose = line] = /^(.*? {2,})(.*)$/.exec(line) ?? [];
    return wrap(`  ${visible(command)}`, visible(purpose));
  });
  return titled("Try next:", lines);
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}
