/**
 * What is done to messages on purpose, and not to a link or a node; in words.
 *
 * Floor 9.
 *
 * @module
 */
import type { InterferenceRow, MessageRow, TraceRow } from "../../event.ts";
import { between, bundles } from "./link_changes.ts";

/** A message that is lost, or that somebody took in hand. */
type Row = MessageRow | InterferenceRow;

/** `RequestVoteResponse` as readers of the paper call it. */
const NAMES: Partial<Record<Row["type"], readonly [string, string]>> = {
  RequestVote: ["request for a vote", "requests for votes"],
  RequestVoteResponse: ["vote", "votes"],
  Append: ["append", "appends"],
  AppendResponse: ["answer to an append", "answers to appends"],
  Heartbeat: ["heartbeat", "heartbeats"],
  HeartbeatResponse: ["answer to a heartbeat", "answers to heartbeats"],
  Snapshot: ["snapshot", "snapshots"],
  Propose: ["proposal", "proposals"],
};

/** What becomes of one message, and of several. */
const DEEDS = {
  lost: ["is lost", "are lost"],
  held: ["is held back", "are held back"],
  released: ["is let go, and arrives next", "are let go, and arrive next"],
  doubled: ["is sent a second time", "are sent a second time"],
} as const;

/** Whether it tells what is done on the way from one node to another. */
export function isOfNetwork(row: TraceRow): boolean {
  return row.kind === "link" || row.kind === "interference" || (row.kind === "message" && row.event === "dropped");
}

/** What was done to messages and not yet said. */
export class MessageDeeds {
  #rows: Row[] = [];

  /** Take in a message that is lost, or taken in hand. */
  hear(row: Row): void {
    this.#rows.push(row);
  }

  /** What was done since this was last asked: a sentence for each deed and type of message. */
  take(): string[] {
    const groups = Map.groupBy(this.#rows, (row) => `${deedOf(row)} ${row.type}`);
    this.#rows = [];
    return [...groups.values()].flatMap((rows) => {
      const [one, many] = NAMES[rows[0].type] ?? [rows[0].type, rows[0].type];
      const [is, are] = DEEDS[deedOf(rows[0])];
      return bundles(rows).map((bundle) => {
        const isOne = bundle.oneWay && bundle.groups.flat().length === 2;
        return `the ${isOne ? one : many} ${between(bundle)} ${isOne ? is : are}`;
      });
    });
  }
}

function deedOf(row: Row): keyof typeof DEEDS {
  return row.kind === "message" ? "lost" : row.what;
}
