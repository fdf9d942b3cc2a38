/**
 * What `browser` can be told: nothing but `--help`.
 *
 * @module
 */
import { word } from "../../trace/text.ts";
import { UsageError } from "../usage_error.ts";

/** Where Debian's Chromium is. */
export const CHROMIUM = "/usr/bin/chromium";

/** What `browser --help` says. */
export const BROWSER_HELP = `Usage: deno task browser

Opens a player's page in Chromium, and plays it with keys and mouse. Then opens every notebook in JupyterLab, untrusted in
both themes and after Run All on both kernels, and looks whether every figure is displayed, every player is a film strip and
then can be played, and every output is the one that is kept. Where JupyterLab or
${CHROMIUM} is missing it says so and does nothing. Exit status: 0, or 1 if something is not as it should be.
`;

/**
 * Whether the command line asks for help.
 *
 * @throws {UsageError} if it asks for anything else.
 */
export function asksForHelp(args: readonly string[]): boolean {
  const other = args.find((arg) => arg !== "--help" && arg !== "-h");
  if (other !== undefined) throw new UsageError(`unknown argument ${word(other)}; browser takes --help only`);
  return args.length > 0;
}
