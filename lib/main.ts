/**
 * The command line: `deno task demo`, and the other tasks that deno.json begins with `lib/main.ts`.
 *
 * What a command does not need is not loaded.
 *
 * @module
 */
import { write } from "./cli/terminal.ts";
import { explained, UsageError } from "./cli/usage_error.ts";

type Command = (args: string[]) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import("./cli/demo/demo.ts")).demo,
  log: async () => (await import("./cli/log/log.ts")).log,
  fuzz: async () => (await import("./cli/fuzz.ts")).fuzz,
  replay: async () => (await import("./cli/replay.ts")).replay,
  notebooks: async () => (await import("./jupyter/notebooks.ts")).notebooks,
  lab: async () => (await import("./jupyter/lab.ts")).lab,
  browser: async () => (await import("./jupyter/browser.ts")).browser,
};

async function run(name: string, args: string[]): Promise<number> {
  if (Object.hasOwn(COMMANDS, name)) return await (await COMMANDS[name]())(args);
  throw new UsageError(
    `unknown command ${JSON.stringify(name)}; the commands are: ${Object.keys(COMMANDS).join(", ")}`,
  );
}

if (import.meta.main) {
  const [name = "", ...args] = Deno.args;
  try {
    Deno.exit(await run(name, args));
  } catch (error) {
    const told = explained(error);
    if (told === undefined) throw error;
    write(Deno.stderr, `error: ${told.message}\n`);
    Deno.exit(told instanceof UsageError ? 2 : 1);
  }
}
