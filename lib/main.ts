/**
 * The command line: `deno task demo`, `deno task replay`, `deno task storm`.
 *
 * Floor 9. What a command does not need is not loaded.
 *
 * @module
 */
import { UsageError } from "./cli/usage_error.ts";
import { write } from "./cli/terminal.ts";

async function run(command: string, args: string[]): Promise<number> {
  switch (command) {
    case "demo":
      (await import("./cli/demo.ts")).demo(args);
      return 0;
    case "replay":
      return (await import("./cli/replay.ts")).replay(args);
    case "storm":
      return (await import("./cli/storm.ts")).storm(args);
    default:
      throw new UsageError(`unknown command ${JSON.stringify(command)}; the commands are: demo, storm, replay`);
  }
}

if (import.meta.main) {
  const [command = "", ...args] = Deno.args;
  try {
    Deno.exit(await run(command, args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    write(Deno.stderr, `error: ${error.message}\n`);
    Deno.exit(2);
  }
}
