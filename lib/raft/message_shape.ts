/**
 * What a message is made of: its lists, objects, flags and bytes are there, so that no rule stumbles over it. Its numbers
 * are checked in `check_message.ts`.
 *
 * @module
 */
import { RaftError } from "./errors.ts";
import type { Message } from "./message.ts";
import type { Entry, EntryType, Snapshot } from "./types.ts";

/**
 * Check the parts of a message.
 *
 * @throws {RaftError} `MessageInvalid`, naming the part that is missing, or is something else.
 */
export function checkShape(message: Message): void {
  const part = wrongPart(message);
  if (part === null) return;
  const what = `Cannot step ${message?.type} from node ${message?.from}`;
  throw new RaftError("MessageInvalid", `${what}: ${part} is missing, or not what such a message has there`);
}

function wrongPart(message: Message): string | null {
  switch (message?.type) {
    case undefined:
      return "type";
    case "Append":
      return isListOf(message.entries, isEntry) ? null : "entries";
    case "AppendResponse":
      if (typeof message.success !== "boolean") return "success";
      return message.success || message.hint?.index !== undefined ? null : "hint";
    case "RequestVoteResponse":
      return typeof message.voteGranted === "boolean" ? null : "voteGranted";
    case "Snapshot":
      return isSnapshot(message.snapshot) ? null : "snapshot";
    case "Propose":
      return isListOf(message.proposals, isBytes) ? null : "proposals";
    default:
      return null;
  }
}

const ENTRY_TYPES: readonly EntryType[] = ["empty", "command", "configuration"];

function isEntry(entry: Entry): boolean {
  return ENTRY_TYPES.includes(entry?.type) && isBytes(entry.data);
}

function isSnapshot(snapshot: Snapshot): boolean {
  const confState = snapshot?.metadata?.confState;
  const lists = [confState?.voters, confState?.learners, confState?.votersOutgoing, confState?.learnersNext];
  return isBytes(snapshot?.data) && lists.every(Array.isArray);
}

/** Another realm's are bytes too. */
function isBytes(data: Uint8Array): boolean {
  return data?.[Symbol.toStringTag] === "Uint8Array";
}

/** Not by `every`, which passes over holes. */
function isListOf<T>(list: readonly T[], isOne: (item: T) => boolean): boolean {
  return Array.isArray(list) && list.findIndex((item) => !isOne(item)) < 0;
}
