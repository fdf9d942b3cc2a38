/**
 * The command line: `deno task demo`, and the other tasks that deno.json begins with `lib/main.ts`.
 *
 * What a command does not need is not loaded.
 *
 * @module
 */
import { asStarted } from "./cli/started.ts";
import { write } from "./cli/terminal.ts";
import { explained, UsageError } from "./cli/usage_error.ts";
import { quoted } from "./trace/text.ts";

type Command = (args: string[]) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import("./cli/demo/demo.ts")).demo,
  play: async () => (await import("./cli/play.ts")).play,
  log: async () => (await import("./cli/log/log.ts")).log,
  fuzz: async () => (await import("./cli/fuzz.ts")).fuzz,
  replay: async () => (await import("./cli/replay.ts")).replay,
  notebooks: async () => (await import("./jupyter/notebooks.ts")).notebooks,
  lab: async () => (await import("./jupyter/lab.ts")).lab,
  browser: async () => (await import("./jupyter/browser.ts")).browser,
};

async function run(name: string, args: string[]): Promise<number> {
  if (Object.hasOwn(COMMANDS, name)) return await (await COMMANDS[name]())(args);
  throw new UsageError(`unknown command ${quoted(name)}; the commands are: ${Object.keys(COMMANDS).join(", ")}`);
}

/** Say why a command could not be carried out, if a user or the system is why; the exit status. */
function refuse(error: unknown): number {
  const told = explained(error);
  if (told === null) throw error;
  try {
    write(Deno.stderr, `error: ${asStarted(told.message)}\n`);
  } catch {
    // Nobody can be told.
  }
  return told.status;
}

if (import.meta.main) {
  const [name = "", ...args] = Deno.args;
  Deno.exit(await run(name, args).catch(refuse));
}
