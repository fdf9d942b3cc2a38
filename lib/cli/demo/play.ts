/**
 * How `demo` plays a scenario: in the simulated cluster, or in tasks; on disks in memory, or in a directory.
 *
 * What is not asked for is not loaded.
 *
 * @module
 */
import type { DiskOf } from "../../storage/disk.ts";
import type { Observer } from "../../trace/rows.ts";
import { playOut } from "../../scenario/play_out.ts";
import type { Scenario, ScenarioOptions } from "../../scenario/scenario.ts";
import { UsageError } from "../usage_error.ts";
import type { DemoOptions } from "./options.ts";

/**
 * Refuse what cannot be played in tasks, if that is asked for.
 *
 * @throws {UsageError} saying why.
 */
export async function requirePlayable(scenarios: readonly Scenario[], { runtime }: DemoOptions): Promise<void> {
  if (runtime === undefined) return;
  const { refusalInTasks } = await import("../../scenario/play_in_tasks.ts");
  for (const scenario of scenarios) {
    const refusal = refusalInTasks(scenario, "real");
    if (refusal !== null) throw new UsageError(`${refusal.charAt(0).toLowerCase()}${refusal.slice(1)}`);
  }
}

/** Play `scenario` to its end, on `kept` disks if there are such. Ctrl-C ends every task. */
export async function playDemo(
  scenario: Scenario,
  play: ScenarioOptions,
  { runtime }: DemoOptions,
  kept: DiskOf | null,
  observer: Observer,
): Promise<void> {
  const diskOf = kept ??
    (scenario.disks === "files" ? (await import("../../storage/disk.ts")).losingDisks() : null);
  if (runtime === undefined) return void playOut(scenario, play, observer, { diskOf });
  const { playInTasks } = await import("../../scenario/play_in_tasks.ts");
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    await playInTasks(scenario, play, observer, { signal: controller.signal, diskOf });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    Deno.exit(130);
  } finally {
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}

/** Whether `error` is about a log on disk, which says all that can be said; one is loaded only where logs are kept. */
export function isDiskError(error: unknown): error is Error {
  return error instanceof Error && ["WalError", "LockedError"].includes(error.name);
}
