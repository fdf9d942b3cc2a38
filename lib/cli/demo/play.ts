/**
 * How `demo` plays a scenario: in the loop, or in a runtime; on disks in memory, or in a directory.
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
 * Refuse what the runtime that is asked for cannot play.
 *
 * @throws {UsageError} saying why.
 */
export async function requirePlayable(
  scenarios: readonly Scenario[],
  { runtime = "loop" }: DemoOptions,
): Promise<void> {
  if (runtime === "loop") return;
  const { refusalOf } = await import("../../runtime/refusal.ts");
  for (const scenario of scenarios) {
    const refusal = refusalOf(scenario, runtime, false);
    if (refusal !== null) throw new UsageError(`${refusal.charAt(0).toLowerCase()}${refusal.slice(1)}`);
  }
}

/** Play `scenario` to its end, on `kept` disks if there are such. Ctrl-C ends every task and worker. */
export async function playDemo(
  scenario: Scenario,
  play: ScenarioOptions,
  { runtime = "loop" }: DemoOptions,
  kept: DiskOf | null,
  observer: Observer,
): Promise<void> {
  const diskOf = kept ??
    (scenario.disks === "files" ? (await import("../../storage/disk.ts")).losingDisks() : null);
  if (runtime === "loop") return void playOut(scenario, play, observer, { diskOf });
  const { playIn } = await import("../../runtime/play_on.ts");
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    const disks = diskOf === null ? {} : { diskOf };
    await playIn(runtime, scenario, play, observer, { signal: controller.signal, ...disks });
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
