/**
 * The options of `notebooks`, checked.
 *
 * @module
 */
import * as z from "zod/mini";
import type { KernelName } from "../jupyter/kernel_specs.ts";
import { parseCommandLine, wholeNumber } from "./options.ts";

const kernel: z.ZodMiniType<KernelName> = z.enum(["deno", "tslab"], { error: "must be deno or tslab" });

const schema = z.object({
  kernel: z.optional(kernel),
  bound: z._default(wholeNumber(1, 3600), 60),
});

const FLAGS = { check: "no value", kernel: "value", bound: "value", help: "no value" } as const;

/** What `notebooks` was told. */
export interface NotebooksOptions {
  /** The notebooks that are meant; all if empty. */
  readonly names: readonly string[];
  /** The kernel that is asked for. */
  readonly kernel?: KernelName;
  /** The most that a cell may take, in seconds. */
  readonly bound: number;
  /** Compare with the outputs that are kept, and change nothing. */
  readonly check: boolean;
  readonly help: boolean;
}

/** What `notebooks --help` says. */
export const NOTEBOOKS_HELP = `Usage: deno task notebooks [OPTION ...] [NOTEBOOK ...]

Runs the notebooks, each from a fresh kernel, and keeps their outputs in them. Without a NOTEBOOK: all in notebooks/ and
notebooks/solutions/. Exit status: 0 if all is well, 1 if a notebook fails, 2 if the command line is wrong.

Options:
  --check        change nothing: run on both kernels, compare every output with what is kept, check the craft
  --kernel K     deno or tslab (default: tslab, with --check both; without Node, deno)
  --bound S      the most that a cell may take, in seconds (default 60)
  --help         this text
`;

/**
 * What the command line asks for.
 *
 * @throws {UsageError} naming what is wrong, and the valid choices.
 */
export function parseNotebooksOptions(args: readonly string[]): NotebooksOptions {
  const { options, given, words } = parseCommandLine(args, FLAGS, schema);
  return { ...options, names: words, check: given.has("check"), help: given.has("help") };
}
