/**
 * Commands, outcomes and messages in words.
 *
 * @module
 */
import type { Command } from "../../command.ts";
import type { TracedMessage } from "../../trace/rows.ts";
import type { EntryOutcome } from "../../state_machine.ts";
import { word } from "../terminal.ts";

/** A command. */
export function commandText(command: Command): string {
  const key = word(command.key);
  return command.kind === "Put" ? `Put ${key} = ${word(command.value)}` : `${command.kind} ${key}`;
}

/** What applying an entry did. */
export function outcomeText(outcome: EntryOutcome): string {
  switch (outcome.kind) {
    case "Put":
      return commandText(outcome);
    case "Delete":
      return `Delete ${word(outcome.key)}`;
    case "Get":
      return `Get ${word(outcome.key)}: ${outcome.value === null ? "nothing there" : word(outcome.value)}`;
    case "Empty":
      return "the empty entry that opens the term";
    case "Rejected":
      return "rejected, for it holds no command";
  }
}

/** A message, from its sender's side. */
export function messageText({ type, to, index, entries, commit, reject }: TracedMessage): string {
  const about = [
    index === null ? "" : `index ${index}`,
    entries === 0 ? "" : `+${entries} ${entries === 1 ? "entry" : "entries"}`,
    commit === null ? "" : `commit ${commit}`,
    reject ? "rejected" : "",
  ].filter((part) => part !== "");
  return `${type} to ${to}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
}
