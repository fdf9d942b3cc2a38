/**
 * `demo`: play a scenario, and tell what happened.
 *
 * @module
 */
import type { Scenario, ScenarioOptions } from "../../scenario/scenario.ts";
import { Trace } from "../../trace/trace.ts";
import type { OpenLogs } from "./directory.ts";
import { demoHelp, demoList } from "./help.ts";
import { type DemoOptions, parseDemoOptions } from "./options.ts";
import { isDiskError, playDemo, requirePlayable } from "./play.ts";
import { headingLines, nextLines, runLine, showsLines, verdictLines } from "./text.ts";
import { tell } from "../story/story.ts";
import { COLUMNS, type Paint, paintFor, write } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";

/** A scenario, and how it is played. */
interface Task {
  readonly scenario: Scenario;
  readonly play: ScenarioOptions;
  readonly options: DemoOptions;
  /** Whether what is as expected is said, too. */
  readonly judged: boolean;
}

/** Run `demo` with `args`; the exit status. */
export async function demo(args: readonly string[]): Promise<number> {
  const { scenario: named, options } = parseDemoOptions(args);
  giveUp(options, "before anything is read");
  if (options.output === "help" || options.output === "list") {
    write(Deno.stdout, options.output === "help" ? demoHelp() : demoList());
    return 0;
  }
  const scenario = named ?? await fromFile(options);
  giveUp(options, "once a scenario is read");
  const { key, value, seed = 1 } = options;
  const play = { nodes: options.nodes ?? scenario.nodes ?? 3, seed, key, value };
  const scenarios = [scenario, ...(scenario.sequel === undefined ? [] : [scenario.sequel])];
  for (const { name, refuse } of scenarios) {
    const no = refuse?.(play) ?? null;
    if (no !== null) throw new UsageError(`cannot play ${name}: ${no}`);
  }
  await requirePlayable(scenarios, options);
  const tasks = scenarios.map((each) => ({
    scenario: each,
    play,
    options,
    judged: each.premise !== undefined || named === null,
  }));
  if (options.output === "survey") return await survey(tasks, named);
  return await onDisks(tasks);
}

/**
 * What is not needed is not kept: whoever asks for no file runs without the permission to touch any. Only logs that are kept
 * need to know whether the process that had them last still runs.
 */
function giveUp(
  { plot, player, storage, scenario }: DemoOptions,
  when: "before anything is read" | "once a scenario is read",
): void {
  const isKept = storage !== undefined;
  const isWritten = isKept || plot !== undefined || player !== undefined;
  const isRead = isWritten || (scenario !== undefined && when === "before anything is read");
  if (!isKept) Deno.permissions.revokeSync({ name: "run" });
  if (!isWritten) Deno.permissions.revokeSync({ name: "write" });
  if (!isRead) Deno.permissions.revokeSync({ name: "read" });
}

async function fromFile({ scenario = "", nodes }: DemoOptions): Promise<Scenario> {
  return await (await import("./scenario_file.ts")).readScenarioFile(scenario, nodes);
}

/** Play and tell on the logs that are kept, if they are; the exit status. What goes wrong with a log is told in a line. */
async function onDisks(tasks: readonly Task[]): Promise<number> {
  const [{ scenario, play, options: { storage } }] = tasks;
  const logs = storage === undefined ? null : (await import("./directory.ts")).openLogs(storage, scenario, play);
  try {
    return await tellAll(tasks, logs);
  } catch (error) {
    const about = [error, error instanceof Error ? error.cause : null].find(isDiskError);
    if (about === undefined) throw error;
    write(Deno.stderr, `error: ${about.message}\n`);
    return 1;
  } finally {
    logs?.close();
  }
}

/** Play and tell, one after the other; the exit status. */
async function tellAll(tasks: readonly Task[], logs: OpenLogs | null): Promise<number> {
  const [{ scenario, options }] = tasks;
  const isWritten = options.plot !== undefined || options.player !== undefined;
  const paint = paintFor(Deno.stdout);
  // With a file to write, nothing is said before it is safely written.
  const kept: string[] = [];
  const say = (text: string) => isWritten ? void kept.push(text) : write(Deno.stdout, text);
  const first: string[] = [];
  const traces: Trace[] = [];
  for (const [i, task] of tasks.entries()) {
    if (options.output !== "json") {
      const place = { ...options, goesOn: logs?.goesOn ?? [] };
      say(linesOf([...(i > 0 ? [""] : []), ...headingLines(task.scenario, task.play, place, paint)]));
    }
    const trace = new Trace();
    traces.push(trace);
    await playDemo(task.scenario, task.play, options, logs?.diskOf ?? null, trace.record);
    if (options.output === "json") {
      say(`${tasks.length > 1 ? runLine(task.scenario, task.play) : ""}${trace.toJsonLines()}`);
    } else {
      const story = storyLines(task, trace, paint);
      say(linesOf(i === 0 ? story : withoutBeginning(story, first)));
      if (i === 0) first.push(...story);
    }
  }
  if (isWritten) {
    const { writeFiles } = await import("./files.ts");
    const written = await writeFiles(options, tasks.map((task, i) => ({ scenario: task.scenario, trace: traces[i] })));
    if (options.output !== "json") kept.push(linesOf(["", ...written]));
    write(Deno.stdout, kept.join(""));
  }
  if (options.output !== "json") write(Deno.stdout, linesOf(nextLines(scenario)));
  return traces.every(isAsExpected) ? 0 : 1;
}

function storyLines({ scenario, play: { key }, options, judged }: Task, trace: Trace, paint: Paint): string[] {
  const detail = options.output === "story" ? "events" : "events and ready loop";
  const story = tell(trace.rows, detail, paint, { key, judged, columns: COLUMNS });
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

async function survey(tasks: readonly Task[], named: Scenario | null): Promise<number> {
  const { commandFor, surveyed, surveyLines } = await import("./survey.ts");
  const paint = paintFor(Deno.stdout);
  const [{ play, options: { seeds = 1, scenario: file } }] = tasks;
  const again = commandFor(named, file, play);
  const surveys = tasks.map(({ scenario }) => surveyed(scenario, play, seeds));
  const lines = tasks.flatMap(({ scenario }, i) => [
    ...(i > 0 ? [""] : []),
    ...surveyLines(scenario, surveys[i], again, paint),
  ]);
  write(Deno.stdout, linesOf(lines));
  return surveys.flat().every(({ asExpected }) => asExpected) ? 0 : 1;
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
