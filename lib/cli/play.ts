/**
 * `play`: a page with a cluster to play with, written and opened.
 *
 * @module
 */
import { sandbox } from "../player/player.ts";
import { word } from "../trace/text.ts";
import * as z from "zod/mini";
import { writeNamedFile } from "./named_file.ts";
import { parseCommandLine, wholeNumber } from "./options.ts";
import { write } from "./terminal.ts";
import { attempt, UsageError } from "./usage_error.ts";

const HELP = `Usage: deno task play [OPTION ...] [FILE]

Writes a page with a cluster to play with, and opens it if there is a display.
FILE ends in .html (default: raft.html).

Options:
  --nodes N  how many nodes, 1 to 9 (default 5)
  --seed S   decides every election timeout (default 1)
  --help     this text

Exit status: 0; 1 if the system failed; 2 for a wrong command line or file.
`;

const SHAPE = { nodes: z._default(wholeNumber(1, 9), 5), seed: z._default(wholeNumber(0, 2 ** 31 - 1), 1) };

/** What opens a page, by the system. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  windows: ["cmd", "/c", "start", ""],
  linux: ["xdg-open"],
};

/** Run `play` with `args`; the exit status. */
export function play(args: readonly string[]): number {
  const { options: { nodes, seed }, words: [file = "raft.html", ...more] } = parseCommandLine(args, SHAPE, HELP);
  if (more.length > 0) throw new UsageError(`one page at a time, not ${[file, ...more].map(word).join(" and ")}`);
  if (!file.endsWith(".html")) throw new UsageError(`the page must end in .html, not ${word(file)}`);
  const page = sandbox({ nodes, seed, title: `A cluster of ${nodes} to break` }).page();
  attempt("write", file, () => writeNamedFile(file, page));
  write(Deno.stdout, `The page is in ${word(file)}: open it in a browser\n`);
  const [program, ...words] = OPENERS[Deno.build.os] ?? [];
  const hasDisplay = Deno.build.os !== "linux" || ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => Deno.env.has(name));
  if (program === undefined || !hasDisplay) return 0;
  try {
    new Deno.Command(program, { args: [...words, file], stdout: "null", stderr: "null" }).spawn().unref();
  } catch {
    // Nothing there opens pages; where it is was told.
  }
  return 0;
}
