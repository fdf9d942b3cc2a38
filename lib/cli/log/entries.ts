/**
 * The entries of a frame, in words and as data.
 *
 * @module
 */
import { Codec, type Command, CommandError } from "../../command.ts";
import type { Entry } from "../../raft/mod.ts";
import { commandText } from "../../trace/words.ts";
import { word } from "../../trace/text.ts";

/** What an entry holds: nothing, as the one with which a leader begins its term; a command; or other bytes. */
export type EntryContent =
  | { readonly kind: "Empty" }
  | { readonly kind: "Command"; readonly command: Command }
  | { readonly kind: "Other"; readonly data: Uint8Array };

/** More entries of a frame are not listed one by one, unless every entry is asked for. */
const MOST_LISTED = 4;
/** More bytes that are no text are not shown. */
const MOST_BYTES = 12;

/** What these bytes hold. */
export function contentOf(data: Uint8Array): EntryContent {
  if (data.length === 0) return { kind: "Empty" };
  try {
    return { kind: "Command", command: Codec.decode(data) };
  } catch (error) {
    if (error instanceof CommandError) return { kind: "Other", data };
    throw error;
  }
}

/** The entries of a frame, a line each; or if they are many, and not all are asked for, one line for all of them. */
export function entryLines(entries: readonly Entry[], detail: "every entry" | "summaries"): string[] {
  if (detail === "every entry" || entries.length <= MOST_LISTED) {
    return entries.map(({ index, term, data }) => `entry ${index}, term ${term}: ${textOf(contentOf(data))}`);
  }
  const [first, last] = [entries[0], entries[entries.length - 1]];
  const terms = first.term === last.term ? `term ${first.term}` : `terms ${first.term} to ${last.term}`;
  return [`indices ${first.index} to ${last.index}, ${entries.length} entries, ${terms} (--verbose lists them)`];
}

function textOf(content: EntryContent): string {
  switch (content.kind) {
    case "Empty":
      return "the empty entry that opens the term";
    case "Command":
      return commandText(content.command);
    case "Other":
      return `${bytesText(content.data.length)}, no command: ${sampleOf(content.data)}`;
  }
}

/** So many bytes. */
export function bytesText(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}

/** Bytes as a text if they are one, or else the first of them in hexadecimal. */
function sampleOf(data: Uint8Array): string {
  try {
    return word(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch {
    const first = Array.from(data.subarray(0, MOST_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    return data.length > MOST_BYTES ? `${first} …` : first;
  }
}
