/**
 * `demo`: play a scenario, and tell what happened.
 *
 * What is not asked for is not loaded.
 *
 * @module
 */
import { playOut } from "../../scenario/play_out.ts";
import type { Scenario, ScenarioOptions } from "../../scenario/scenario.ts";
import type { DiskOf } from "../../storage/disk.ts";
import { Trace } from "../../trace/trace.ts";
import { tell } from "../story.ts";
import { type Paint, paintFor, write } from "../terminal.ts";
import { isDiskError, UsageError } from "../usage_error.ts";
import type { OpenLogs } from "./directory.ts";
import { demoHelp, demoList, type DemoOptions, parseDemoOptions } from "./options.ts";
import { headingLines, nextLines, showsLines, verdictLines } from "./text.ts";

/** A scenario and its sequels, and how they are played. */
interface Task {
  readonly scenarios: readonly [Scenario, ...Scenario[]];
  readonly play: ScenarioOptions;
  readonly options: DemoOptions;
}

/** Run `demo` with `args`; the exit status. */
export async function demo(args: readonly string[]): Promise<number> {
  const options = parseDemoOptions(args);
  const { key, value, seed = 1 } = options;
  giveUp(options, options.scenario !== undefined);
  if (options.output === "help" || options.output === "list") {
    write(Deno.stdout, options.output === "help" ? demoHelp() : demoList());
    return 0;
  }
  const scenario = options.named ??
    await (await import("./scenario_file.ts")).readScenarioFile(options.scenario ?? "", options.nodes);
  giveUp(options, false);
  const play = { nodes: options.nodes ?? scenario.nodes ?? 3, seed, key, value };
  const task: Task = {
    scenarios: [scenario, ...(scenario.sequel === undefined ? [] : [scenario.sequel])],
    play,
    options,
  };
  for (const { name, refuse } of task.scenarios) {
    const no = refuse?.(play) ?? null;
    if (no !== null) throw new UsageError(`cannot play ${name}: ${no}`);
  }
  if (options.output === "survey") return await survey(task);
  return await onDisks(task);
}

/**
 * What is not needed is not kept: whoever asks for no file runs without the permission to touch any. Only logs that are kept
 * need to know whether the process that had them last still runs.
 */
function giveUp({ plot, player, storage }: DemoOptions, isScenarioRead: boolean): void {
  const isWritten = storage !== undefined || plot !== undefined || player !== undefined;
  if (storage === undefined) Deno.permissions.revokeSync({ name: "run" });
  if (!isWritten) Deno.permissions.revokeSync({ name: "write" });
  if (!isWritten && !isScenarioRead) Deno.permissions.revokeSync({ name: "read" });
}

/** Play and tell on the logs that are kept, if they are; the exit status. What goes wrong with a log is told in a line. */
async function onDisks(task: Task): Promise<number> {
  const { scenarios: [scenario], play, options: { storage } } = task;
  const logs = storage === undefined ? null : (await import("./directory.ts")).openLogs(storage, scenario, play);
  try {
    return await tellAll(task, logs);
  } catch (error) {
    const about = [error, error instanceof Error ? error.cause : null].find(isDiskError);
    if (about === undefined) throw error;
    write(Deno.stderr, `error: ${about.message}\n`);
    return 1;
  } finally {
    logs?.close();
  }
}

/** Play and tell, one after the other; the exit status. With a file to write, nothing is said before it is safely written. */
async function tellAll({ scenarios, play, options }: Task, logs: OpenLogs | null): Promise<number> {
  const isJson = options.output === "json";
  const isWritten = options.plot !== undefined || options.player !== undefined;
  const paint = paintFor(Deno.stdout);
  const kept: string[] = [];
  const say = (text: string) => isWritten ? void kept.push(text) : write(Deno.stdout, text);
  const traces: Trace[] = [];
  let first: string[] = [];
  for (const [i, scenario] of scenarios.entries()) {
    const heading = headingLines(scenario, play, options, logs?.goesOn ?? [], paint);
    if (!isJson) say(linesOf(i === 0 ? heading : ["", ...heading]));
    const trace = new Trace();
    traces.push(trace);
    await playOne(scenario, play, options, logs?.diskOf ?? null, trace);
    if (isJson) {
      const opening = `${JSON.stringify({ kind: "scenario", name: scenario.name, ...play })}\n`;
      say(`${scenarios.length > 1 ? opening : ""}${trace.toJsonLines()}`);
    } else {
      const story = storyLines(scenario, play, options, trace, paint);
      say(linesOf(i === 0 ? story : withoutBeginning(story, first)));
      if (i === 0) first = story;
    }
  }
  if (isWritten) {
    const { writeFiles } = await import("./files.ts");
    const written = await writeFiles(options, scenarios.map((scenario, i) => ({ scenario, trace: traces[i] })));
    if (!isJson) kept.push(linesOf(["", ...written]));
    write(Deno.stdout, kept.join(""));
  }
  if (!isJson) write(Deno.stdout, linesOf(nextLines(scenarios[0])));
  return traces.every(isAsExpected) ? 0 : 1;
}

/** Play `scenario` to its end, on `kept` disks if there are such. Ctrl-C ends every task. */
async function playOne(
  scenario: Scenario,
  play: ScenarioOptions,
  { runtime }: DemoOptions,
  kept: DiskOf | null,
  trace: Trace,
): Promise<void> {
  const wanted = scenario.disks === "files" ? (await import("../../scenario/disks.ts")).disksFor(scenario) : null;
  const diskOf = kept ?? wanted;
  if (runtime === undefined) return void playOut(scenario, play, trace.record, { diskOf });
  const { playIn } = await import("../../runtime/play_on.ts");
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    const disks = diskOf === null ? {} : { diskOf };
    await playIn(runtime, scenario, play, trace.record, { signal: controller.signal, ...disks });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    Deno.exit(130);
  } finally {
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}

function storyLines(
  scenario: Scenario,
  { key }: ScenarioOptions,
  { verbose, named }: DemoOptions,
  trace: Trace,
  paint: Paint,
): string[] {
  const judged = scenario.premise !== undefined || named === null;
  const story = tell(trace.rows, paint, { key, judged, verbose });
  if (!isAsExpected(trace)) return [...story, "", ...verdictLines(trace, paint)];
  return judged ? [...story, "", ...verdictLines(trace, paint), ...showsLines(scenario)] : story;
}

/** The lines of a sequel from the part on in which it is not the same story any more. */
function withoutBeginning(story: readonly string[], before: readonly string[]): string[] {
  const same = story.findIndex((line, i) => line !== before[i]);
  const part = story.slice(0, Math.max(same, 0)).lastIndexOf("");
  return part <= 0 ? [...story] : ["All goes as before, up to:", ...story.slice(part)];
}

function isAsExpected(trace: Trace): boolean {
  return trace.of("expectation").every(({ holds }) => holds);
}

async function survey({ scenarios, play, options: { named, scenario: file, seeds = 1 } }: Task): Promise<number> {
  const { commandFor, surveyed, surveyLines } = await import("./survey.ts");
  const paint = paintFor(Deno.stdout);
  const again = commandFor(named, file, play);
  const surveys = scenarios.map((scenario) => surveyed(scenario, play, seeds));
  const lines = scenarios.flatMap((scenario, i) => [
    ...(i > 0 ? [""] : []),
    ...surveyLines(scenario, surveys[i], again, paint),
  ]);
  write(Deno.stdout, linesOf(lines));
  return surveys.flat().every(({ asExpected }) => asExpected) ? 0 : 1;
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
