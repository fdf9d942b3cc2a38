/**
 * `demo`: play a scenario, and tell what happened.
 *
 * What is not asked for is not loaded.
 *
 * @module
 */
import { playOut } from "../../scenario/perform.ts";
import { type Scenario, withSequels } from "../../scenario/scenario.ts";
import type { ScenarioOptions } from "../../scenario/schema.ts";
import { Trace } from "../../trace/trace.ts";
import { visible } from "../../trace/text.ts";
import { tell } from "../story.ts";
import { type Paint, paintFor, writeLines } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";
import type { Played } from "./files.ts";
import { type DemoOptions, parseDemoOptions } from "./options.ts";
import { headingLines, nextLines, showsLines, verdictLines } from "./text.ts";

/** Run `demo` with `args`; the exit status. */
export async function demo(args: readonly string[]): Promise<number> {
  const options = parseDemoOptions(args);
  const { key, value, seed = 1, storage, runtime } = options;
  const scenario = options.named ??
    await (await import("./scenario_file.ts")).readScenarioFile(options.scenario ?? "", options.nodes);
  const play = { nodes: options.nodes ?? scenario.nodes ?? 3, seed, key, value };
  const scenarios = withSequels(scenario);
  for (const each of scenarios) {
    const no = each.refuse?.(play) ?? null;
    if (no !== null) throw new UsageError(`cannot play ${each.name}: ${no}`);
    if (runtime === undefined) continue;
    const refusal = (await import("../../scenario/play_in_tasks.ts")).refusalInTasks(each, "real");
    if (refusal !== null) throw new UsageError(refusal);
  }
  if (options.seeds !== undefined) return (await import("./survey.ts")).survey(scenarios, play, options.seeds);
  const found = storage === undefined ? null : (await import("./directory.ts")).inspectLogs(storage, scenario, play);
  const runs: Played[] = [];
  for (const each of scenarios) {
    runs.push({ scenario: each, options: play, trace: await playOne(each, play, options, found?.cluster) });
  }
  const isWritten = options.plot !== undefined || options.player !== undefined;
  const written = isWritten ? ["", ...await (await import("./files.ts")).writeFiles(options, runs)] : [];
  writeLines(Deno.stdout, options.json ? jsonOf(runs, play) : storyOf(runs, play, options, found?.goesOn ?? []));
  if (!options.json) writeLines(Deno.stdout, [...written, ...nextLines(scenario)]);
  return runs.every(isAsExpected) ? 0 : 1;
}

/** Play `scenario` to its end, on disks in memory, on those it wants, or on those that are kept. */
async function playOne(
  scenario: Scenario,
  play: ScenarioOptions,
  { runtime, storage }: DemoOptions,
  cluster: string | undefined,
): Promise<Trace> {
  const trace = new Trace();
  const diskOf = storage !== undefined
    ? (await import("../../storage/node_files.ts")).fileDisks(storage, cluster)
    : scenario.disks === "files"
    ? (await import("../../storage/disk.ts")).losingDisks()
    : null;
  if (runtime === undefined) playOut(scenario, play, trace.record, diskOf);
  else {
    const { playInTasks } = await import("../../scenario/play_in_tasks.ts");
    // Ctrl-C ends every task, and closes the logs.
    const interrupt = new AbortController();
    Deno.addSignalListener("SIGINT", () => interrupt.abort());
    try {
      await playInTasks(scenario, play, trace.record, { diskOf, signal: interrupt.signal });
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      Deno.exit(130);
    }
  }
  return trace;
}

function* jsonOf(runs: readonly Played[], play: ScenarioOptions): Generator<string> {
  for (const { scenario: { name }, trace } of runs) {
    if (runs.length > 1) yield visible(JSON.stringify({ kind: "scenario", name, ...play }));
    yield* trace.jsonLines();
  }
}

/** The story of every run, with what is said around it. A sequel is told from the part on in which it is another story. */
function* storyOf(runs: readonly Played[], play: ScenarioOptions, options: DemoOptions, goesOn: readonly string[]) {
  const paint = paintFor(Deno.stdout);
  for (const [i, run] of runs.entries()) {
    if (i > 0) yield "";
    yield* headingLines(run.scenario, play, options, goesOn, paint);
    const story = tellRun(run, options, paint);
    yield* i === 0 ? story : withoutBeginning([...story], [...tellRun(runs[0], options, paint)]);
  }
}

function* tellRun(run: Played, { named, key, verbose }: DemoOptions, paint: Paint): Generator<string> {
  const { scenario, trace } = run;
  const judged = scenario.premise !== undefined || named === null;
  yield* tell(trace.rows, paint, { key, judged, verbose });
  if (judged || !isAsExpected(run)) yield* ["", ...verdictLines(trace, paint)];
  if (judged && isAsExpected(run)) yield* showsLines(scenario);
}

function withoutBeginning(story: readonly string[], before: readonly string[]): string[] {
  const same = story.findIndex((line, i) => line !== before[i]);
  const part = story.slice(0, Math.max(same, 0)).lastIndexOf("");
  const isTold = story.indexOf("") < part;
  return !isTold ? [...story] : ["All goes as before, up to:", ...story.slice(part)];
}

function isAsExpected({ trace }: Played): boolean {
  return trace.of("expectation").every(({ holds }) => holds);
}
