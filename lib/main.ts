/**
 * The command line: `deno task demo`, and the other tasks that deno.json begins with `lib/main.ts`.
 *
 * What a command does not need is not loaded.
 *
 * @module
 */
import { UsageError } from "./cli/usage_error.ts";
import { write } from "./cli/terminal.ts";

const COMMANDS = "demo, log, storm, replay, notebooks, lab, browser";

async function run(command: string, args: string[]): Promise<number> {
  switch (command) {
    case "demo":
      return await (await import("./cli/demo/demo.ts")).demo(args);
    case "replay":
      return (await import("./cli/replay.ts")).replay(args);
    case "browser":
      return await (await import("./jupyter/browser.ts")).browser(args);
    case "lab":
      return await (await import("./jupyter/lab.ts")).lab(args);
    case "log":
      return (await import("./cli/log/log.ts")).log(args);
    case "notebooks":
      return await (await import("./jupyter/notebooks.ts")).notebooks(args);
    case "storm":
      return (await import("./cli/storm.ts")).storm(args);
    default:
      throw new UsageError(`unknown command ${JSON.stringify(command)}; the commands are: ${COMMANDS}`);
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
