/**
 * What `demo` says of itself.
 *
 * @module
 */
import { scenarios } from "../../scenario/scenarios.ts";
import { wrap } from "../terminal.ts";

/** The scenarios, a line each. */
function scenarioList(): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios.flatMap(({ name, summary = "" }) => wrap(`  ${name.padEnd(width)}  `, summary)).join("\n");
}

/** What `demo` says if it is told no scenario. */
export function demoList(): string {
  return `Scenarios:
${scenarioList()}

Play one:      deno task demo ${scenarios[0].name}
Its options:   deno task demo --help
`;
}

/** What `demo --help` says. */
export function demoHelp(): string {
  return `Usage: deno task demo SCENARIO [OPTION ...]
       deno task demo --scenario FILE [OPTION ...]

Scenarios:
${scenarioList()}

Options:
  --nodes N        how many nodes, 1 to 9 (default 3, or what the scenario asks
                   for)
  --seed S         decides every election timeout: the same seed, the same run
                   (default 1)
  --seeds N        play with the seeds 0 to N-1 (at most 100000), and tell how
                   many went as expected, how many elections they needed, and
                   how many ticks, from the first on, they were without a
                   leader that a majority follows over open links
  --key K          the key the client writes, not empty (default x)
  --value V        the value the client writes (default 1)
  --scenario FILE  play a scenario of your own, from a file that ends in .json
  --storage DIR    keep each node's log in a directory under DIR; a later run
                   goes on where this one stops
  --runtime tasks  every node in an asynchronous task, in real time
  --plot FILE      also draw the run, to a file that ends in .svg or .html; of
                   a scenario's two runs .svg shows the first, .html both
  --player FILE    also write a page to play the run (the first of two) forwards
                   and backwards, to a file that ends in .html
  --verbose        every turn of every node's ready loop, in its seven steps,
                   and every message that is lost
  --json           the trace as JSON lines, and nothing else; where a scenario
                   has two runs (figure-8), a line of kind "scenario"
                   opens each, with its name, nodes, seed, key and value
  --help           this text

Exit status: 0, 1 if something was not as expected, 2 if the command line or a
file is wrong.
`;
}
