/**
 * How `demo` plays a scenario: in the loop, or in a runtime; on disks in memory, or in a directory.
 *
 * Floor 9. What is not asked for is not loaded.
 *
 * @module
 */
import type { DiskOf } from "../../disk.ts";
import type { Observer } from "../../event.ts";
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

/** Play `scenario` to its end. Ctrl-C ends every task and worker. */
export async function playDemo(
  scenario: Scenario,
  play: ScenarioOptions,
  { storage, runtime = "loop" }: DemoOptions,
  observer: Observer,
): Promise<void> {
  const diskOf = await disksFor(scenario, storage);
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

async function disksFor({ disks }: Scenario, storage: string | undefined): Promise<DiskOf | null> {
  if (storage === undefined && disks !== "files") return null;
  const { fileDisks, losingDisks } = await import("../../file_disk.ts");
  return storage === undefined ? losingDisks() : fileDisks(storage);
}
