/**
 * `demo`: play a scenario, and tell what happened.
 *
 * Floor 9.
 *
 * @module
 */
import { majority } from "../raft/mod.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { playOut } from "../scenario/play_out.ts";
import { Trace } from "../trace.ts";
import { DEMO_HELP, type DemoOptions, parseDemoOptions } from "./demo_options.ts";
import { tell } from "./story.ts";
import { type Paint, paintFor, table, word, write } from "./terminal.ts";

/** Run `demo` with `args`. */
export async function demo(args: readonly string[]): Promise<void> {
  const { scenario, options } = parseDemoOptions(args);
  if (options.plot === undefined) giveUpFiles();
  if (scenario === null || options.output === "help") return write(Deno.stdout, DEMO_HELP);
  const paint = paintFor(Deno.stdout);
  const trace = new Trace();
  const { nodes, seed, key, value } = options;
  const opening = options.output === "json" ? "" : heading(scenario, options, paint);
  // With `--plot`, nothing is said before the file is safely written.
  if (options.plot === undefined) write(Deno.stdout, opening);
  playOut(scenario, { nodes, seed, key, value }, trace.record);
  if (options.plot !== undefined) await plot(options.plot, scenario, trace);
  if (options.output === "json") return write(Deno.stdout, trace.toJsonLines());
  if (options.plot !== undefined) write(Deno.stdout, opening);
  write(Deno.stdout, report(scenario, options, trace, paint));
}

/** Only `--plot` needs files: whoever does not ask for it runs without the permission to touch any. */
function giveUpFiles(): void {
  for (const name of ["read", "write"] as const) Deno.permissions.revokeSync({ name });
}

/** Write the run's timeline to a file. Charts are loaded here and nowhere else. */
async function plot(file: string, { summary = "" }: Scenario, trace: Trace): Promise<void> {
  const { timeline } = await import("../charts/timeline.ts");
  const { plotFile } = await import("./plot_file.ts");
  await plotFile(file, timeline(trace, { title: `${summary.charAt(0).toUpperCase()}${summary.slice(1)}` }));
}

function heading({ name, summary }: Scenario, { nodes, seed }: DemoOptions, paint: Paint): string {
  const size = nodes === 1 ? "one node, its own majority" : `${nodes} nodes, a majority is ${majority(nodes)}`;
  return `${paint("strong", `${name}: ${summary}`)}
${size}; seed ${seed}
the log is kept in memory; a message takes one tick, and none is lost

`;
}

function report(scenario: Scenario, options: DemoOptions, trace: Trace, paint: Paint): string {
  return [
    ...tell(trace.rows, options.output === "story" ? "events" : "events and ready loop", paint),
    "",
    ...closingTable(trace, options.key, paint),
    "",
    ...(options.plot === undefined ? [] : [`The timeline is in ${word(options.plot)}`, ""]),
    "Try next:",
    ...(scenario.next ?? []).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** Every node at the end. */
function closingTable(trace: Trace, key: string, paint: Paint): string[] {
  const heading = ["node", "role", "term", "commit", "applied", word(key)];
  const rows = trace.at(trace.lastTick()).map(({ node, role, term, commit, applied }) => {
    const value = trace.value(node, key);
    return [`${node}`, role, `${term}`, `${commit}`, `${applied}`, value === null ? "-" : word(value)];
  });
  return table([heading, ...rows], paint);
}
