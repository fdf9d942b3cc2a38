/**
 * Messages that are lost on purpose, and not because a link is cut or a node stopped; in words.
 *
 * Floor 9.
 *
 * @module
 */
import type { MessageRow } from "../../event.ts";
import { between, bundles } from "./link_changes.ts";

/** `RequestVoteResponse` as readers of the paper call it. */
const NAMES: Partial<Record<MessageRow["type"], readonly [string, string]>> = {
  RequestVote: ["request for a vote", "requests for votes"],
  RequestVoteResponse: ["vote", "votes"],
  Append: ["append", "appends"],
  AppendResponse: ["answer to an append", "answers to appends"],
  Heartbeat: ["heartbeat", "heartbeats"],
  HeartbeatResponse: ["answer to a heartbeat", "answers to heartbeats"],
  Snapshot: ["snapshot", "snapshots"],
  Propose: ["proposal", "proposals"],
};

/** What `rows`, all of them lost at once, were: a sentence for messages of a type. */
export function lossTexts(rows: readonly MessageRow[]): string[] {
  return [...Map.groupBy(rows, ({ type }) => type)].flatMap(([type, lost]) => {
    const [one, many] = NAMES[type] ?? [type, type];
    return bundles(lost).map((bundle) => {
      const isOne = bundle.oneWay && bundle.groups.flat().length === 2;
      return `the ${isOne ? one : many} ${between(bundle)} ${isOne ? "is" : "are"} lost`;
    });
  });
}
