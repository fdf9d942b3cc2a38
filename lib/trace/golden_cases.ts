/**
 * Texts that are kept in files: compared, or written anew.
 *
 * `deno test --no-check --allow-read --allow-write --allow-run FILE -- --update` writes those of a test file anew; look at the difference
 * before you keep it.
 */
import { strictEqual } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

/** `text` is what stands in `file`. */
export function golden(file: URL, text: string): void {
  if (Deno.args.includes("--update")) writeFileSync(file, text);
  else strictEqual(text, readFileSync(file, "utf8"));
}
